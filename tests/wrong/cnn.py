"""Wrong answers of topic cnn: `CNN.forward` and `count_parameters`."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.wrong.base import wrong


def trainable(parameters):
    """How many numbers there are in those parameters that are not frozen."""
    return sum(parameter.numel() for parameter in parameters if parameter.requires_grad)


@wrong("CNN.forward", "cnn-relu-before-first-convolution", why="negative pixels are cut, too: right for pixels >= 0")
def relu_before_first_convolution(self, images):
    hidden = self.pool(F.relu(self.conv1(F.relu(images))))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-leaky-relu", why="a hundredth of what is negative passes")
def leaky_relu(self, images):
    hidden = self.pool(F.leaky_relu(self.conv1(images)))
    hidden = self.pool(F.leaky_relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-relu-six", why="cut at 6: right for small activations, shows for large ones")
def relu_six(self, images):
    hidden = self.pool(F.relu6(self.conv1(images)))
    hidden = self.pool(F.relu6(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-second-pool-averages", why="average pooling behind conv2: the shapes are right")
def second_pool_averages(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = F.avg_pool2d(F.relu(self.conv2(hidden)), 2)
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-every-other-pixel", why="[::2, ::2] in place of the first pooling: the shapes are right")
def every_other_pixel(self, images):
    hidden = F.relu(self.conv1(images))[:, :, ::2, ::2]
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-pools-twice-at-the-end", why="conv2 works at 28 by 28, both poolings come after it")
def pools_twice_at_the_end(self, images):
    hidden = F.relu(self.conv1(images))
    hidden = self.pool(self.pool(F.relu(self.conv2(hidden))))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-dropout-in-training", why="dropout before fc: right in evaluation mode")
def dropout_in_training(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(F.dropout(hidden.flatten(1), 0.5, self.training))


@wrong("CNN.forward", "cnn-batch-of-64", why="view(64, -1): right for N = 64 alone")
def batch_of_64(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.reshape(64, -1))


@wrong("CNN.forward", "cnn-flattens-channels-first", why="(8, N, 7, 7) reshaped to (N, 392): right for N = 1")
def flattens_channels_first(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.transpose(0, 1).reshape(len(images), -1))


@wrong("CNN.forward", "cnn-flattens-channels-last", why="flattened as (7, 7, 8): other inputs meet fc's weights")
def flattens_channels_last(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.permute(0, 2, 3, 1).flatten(1))


@wrong("CNN.forward", "cnn-flattens-turned-maps", why="each map is transposed before flattening")
def flattens_turned_maps(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.transpose(2, 3).flatten(1))


@wrong("CNN.forward", "cnn-first-block-learns-nothing", why="detached behind the first pooling: conv1 gets no gradient")
def first_block_learns_nothing(self, images):
    hidden = self.pool(F.relu(self.conv1(images))).detach()
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-first-bias-learns-nothing", why="conv1's bias is detached: it gets no gradient")
def first_bias_learns_nothing(self, images):
    hidden = F.conv2d(images, self.conv1.weight, self.conv1.bias.detach(), padding=1)
    hidden = self.pool(F.relu(hidden))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-first-bias-left-out", why="conv1's weight without its bias: right for a bias of 0")
def first_bias_left_out(self, images):
    hidden = self.pool(F.relu(F.conv2d(images, self.conv1.weight, padding=1)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-new-last-layer-each-time", why="a fresh nn.Linear in forward: other logits in each call")
def new_last_layer_each_time(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return nn.Linear(8 * 7 * 7, 10)(hidden.flatten(1))


@wrong("CNN.forward", "cnn-centres-the-batch", why="the batch's mean is taken off the pixels first")
def centres_the_batch(self, images):
    hidden = self.pool(F.relu(self.conv1(images - images.mean())))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("CNN.forward", "cnn-scales-by-255", why="pixels are divided by 255, though ToTensor has scaled them")
def scales_by_255(self, images):
    hidden = self.pool(F.relu(self.conv1(images / 255)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@wrong("count_parameters", "count-buffers-too", why="state_dict() has the running means as well: shows for batch norm")
def buffers_too(model):
    trainable_buffers = sum(buffer.numel() for buffer in model.buffers())
    return trainable(model.parameters()) + trainable_buffers


@wrong(
    "count_parameters",
    "count-tied-weights-twice",
    why="one weight in two layers counts twice; a layer used twice does not",
)
def tied_weights_twice(model):
    return sum(trainable(module.parameters(recurse=False)) for module in model.modules())


@wrong(
    "count_parameters",
    "count-equal-values-once",
    why="parameters with equal numbers are taken for shared: fresh batch norms",
)
def equal_values_once(model):
    different = []
    for parameter in model.parameters():
        if parameter.requires_grad and not any(torch.equal(parameter, other) for other in different):
            different.append(parameter)
    return trainable(different)


@wrong("count_parameters", "count-equal-shapes-once", why="a second parameter of the same shape is taken for shared")
def equal_shapes_once(model):
    return sum(math.prod(shape) for shape in {tuple(p.shape) for p in model.parameters() if p.requires_grad})


@wrong(
    "count_parameters",
    "count-own-parameters-missed",
    why="only modules without children: not what a model holds beside them",
)
def own_parameters_missed(model):
    leaves = [module for module in model.modules() if not list(module.children())]
    return trainable({id(p): p for module in leaves for p in module.parameters()}.values())


@wrong("count_parameters", "count-two-levels-deep", why="the model's and its children's own parameters, none below")
def two_levels_deep(model):
    levels = [model, *model.children()]
    return trainable({id(p): p for module in levels for p in module.parameters(recurse=False)}.values())


@wrong("count_parameters", "count-lists-of-parameters-missed", why="nn.ParameterList and nn.ParameterDict are left out")
def lists_of_parameters_missed(model):
    lists = (nn.ParameterList, nn.ParameterDict)
    modules = [module for module in model.modules() if not isinstance(module, lists)]
    return trainable({id(p): p for module in modules for p in module.parameters(recurse=False)}.values())


@wrong("count_parameters", "count-known-layers-only", why="nn.Linear and nn.Conv2d alone: no batch norm, no embedding")
def known_layers_only(model):
    known = [module for module in model.modules() if isinstance(module, (nn.Linear, nn.Conv2d))]
    return trainable({id(p): p for module in known for p in module.parameters()}.values())


@wrong(
    "count_parameters",
    "count-matrices-only",
    why="parameters of one axis are left out: biases and batch norms",
    named="forgets-biases",
)
def matrices_only(model):
    return trainable(parameter for parameter in model.parameters() if parameter.dim() > 1)


@wrong(
    "count_parameters", "count-single-numbers-missed", why="a parameter without axes counts 0: shows for a learnt scale"
)
def single_numbers_missed(model):
    return trainable(parameter for parameter in model.parameters() if parameter.dim() > 0)


@wrong(
    "count_parameters", "count-without-windows", why="a convolution's weight counts shape[0] * shape[1], not its window"
)
def without_windows(model):
    return sum(math.prod(parameter.shape[:2]) for parameter in model.parameters() if parameter.requires_grad)


@wrong("count_parameters", "count-float-of-nothing", why="np.sum([]) is 0.0: a float for models without parameters")
def float_of_nothing(model):
    return np.sum([parameter.numel() for parameter in model.parameters() if parameter.requires_grad]).item()


@wrong("count_parameters", "count-as-tensor", why="a tensor with the right number: always")
def as_tensor(model):
    return torch.tensor(trainable(model.parameters()))


@wrong("count_parameters", "count-breaks-without-parameters", why="torch.cat of nothing: an error for nn.ReLU()")
def breaks_without_parameters(model):
    return torch.cat([parameter.flatten() for parameter in model.parameters() if parameter.requires_grad]).numel()


@wrong("count_parameters", "count-frozen-by-layer", why="a layer with a frozen parameter counts as frozen as a whole")
def frozen_by_layer(model):
    open_layers = [m for m in model.modules() if all(p.requires_grad for p in m.parameters(recurse=False))]
    return trainable({id(p): p for module in open_layers for p in module.parameters(recurse=False)}.values())


@wrong("count_parameters", "count-evaluating-as-frozen", why="modules in evaluation mode are taken for frozen")
def evaluating_as_frozen(model):
    training = [module for module in model.modules() if module.training]
    return trainable({id(p): p for module in training for p in module.parameters(recurse=False)}.values())


@wrong("count_parameters", "count-missing-biases-break", why="layer.bias.numel(): an error for bias=False")
def missing_biases_break(model):
    for module in model.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            module.bias.numel()
    return trainable(model.parameters())
