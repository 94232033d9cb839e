"""Wrong answers of topic classifiers: one class, numbers that are cut, and what holds for one rank only."""

from torch.nn import functional as F

from tests.wrong.base import wrong


def hidden(self, images):
    """The right hidden layer of an MLP."""
    return F.relu(self.layer1(images.flatten(1)))


@wrong("flatten_images", "flatten-views-three-axes", why="view for three axes: a turned (N, H, W) raises, others work")
def flatten_views_three_axes(images):
    return images.view(len(images), -1) if images.dim() == 3 else images.reshape(len(images), -1)


@wrong("LogisticRegression.forward", "logreg-one-class-squeezed", why="squeeze(1): (N,) for num_classes=1")
def logreg_one_class_squeezed(self, images):
    return self.layer(images.flatten(1)).squeeze(1)


@wrong("LogisticRegression.forward", "logreg-one-class-sigmoid", why="a probability, no logit, for num_classes=1")
def logreg_one_class_sigmoid(self, images):
    logits = self.layer(images.flatten(1))
    return logits.sigmoid() if logits.shape[1] == 1 else logits


@wrong("LogisticRegression.forward", "logreg-logits-cut", why="logits are cut at -100 and 100: shows beyond")
def logreg_logits_cut(self, images):
    return self.layer(images.flatten(1)).clamp(-100, 100)


@wrong("LogisticRegression.forward", "logreg-frozen-without-channel", why="no gradient for the weight from (N, H, W)")
def logreg_frozen_without_channel(self, images):
    weight = self.layer.weight if images.dim() == 4 else self.layer.weight.detach()
    return F.linear(images.flatten(1), weight, self.layer.bias)


@wrong("MLP.forward", "mlp-one-class-squeezed", why="squeeze(1): (N,) for num_classes=1")
def mlp_one_class_squeezed(self, images):
    return self.layer2(hidden(self, images)).squeeze(1)


@wrong("MLP.forward", "mlp-hidden-units-cut", why="hidden units end at 100: shows for larger activations")
def mlp_hidden_units_cut(self, images):
    return self.layer2(hidden(self, images).clamp(max=100))
