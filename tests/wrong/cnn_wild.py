"""Wrong answers of topics classifiers and cnn as students really write them."""

from torch import nn
from torch.nn import functional as F

from tests.wrong.base import wrong


@wrong(
    "MLP.forward", "mlp-dropout-made-in-forward", why="a new nn.Dropout is in training mode", named="dropout-always-on"
)
def mlp_dropout_made_in_forward(self, images):
    hidden = F.relu(self.layer1(images.reshape(len(images), -1)))
    return self.layer2(nn.Dropout(0.5)(hidden))


@wrong("CNN.forward", "cnn-dropout-before-flattening", why="F.dropout is on by default", named="dropout-always-on")
def cnn_dropout_before_flattening(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = F.dropout(self.pool(F.relu(self.conv2(hidden))))
    return self.fc(hidden.flatten(1))


@wrong("count_parameters", "count-as-a-list", why="one number for each parameter", named="several-numbers-come-back")
def count_as_a_list(model):
    return [parameter.numel() for parameter in model.parameters() if parameter.requires_grad]


@wrong("count_parameters", "count-as-a-dict", why="a number for each name", named="several-numbers-come-back")
def count_as_a_dict(model):
    return {name: parameter.numel() for name, parameter in model.named_parameters()}
