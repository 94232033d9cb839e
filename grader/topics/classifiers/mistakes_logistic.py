"""Known mistakes in topic classifiers: `LogisticRegression.forward`."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from grader.writing.mistake import mistake
from solutions.classifiers import LogisticRegression, flatten_images


@mistake(
    "LogisticRegression.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="`nn.CrossEntropyLoss` contains a softmax. What happens to the scores if it is applied twice?",
)
def softmax_on_the_logits(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(flatten_images(images)).softmax(1)
    return logits


@mistake(
    "LogisticRegression.forward",
    "log-softmax-on-the-logits",
    says="These are logarithms of probabilities, from a log-softmax, and no logits any more.",
    asks="A log-softmax goes with `nn.NLLLoss`. What does `nn.CrossEntropyLoss` do with the numbers that it is given?",
)
def log_softmax_on_the_logits(self: LogisticRegression, images: Tensor) -> Tensor:
    return F.log_softmax(self.layer(flatten_images(images)), dim=1)


@mistake(
    "LogisticRegression.forward",
    "sigmoid-on-the-logits",
    says="A sigmoid squeezes each logit between 0 and 1.",
    asks="A sigmoid answers one yes-or-no question. How many classes are there here, and which loss comes after this?",
)
def sigmoid_on_the_logits(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(flatten_images(images)).sigmoid()
    return logits


@mistake(
    "LogisticRegression.forward",
    "relu-on-the-logits",
    says="A ReLU turns every negative logit into 0.",
    asks="May a score be negative? If two logits are -1 and -5, which class is likelier, and can your answer still say so?",
)
def relu_on_the_logits(self: LogisticRegression, images: Tensor) -> Tensor:
    return F.relu(self.layer(flatten_images(images)))


@mistake(
    "LogisticRegression.forward",
    "softmax-over-the-batch",
    says="A softmax runs over the batch: for each class, the numbers of all pictures add up to 1.",
    asks="Should one picture's answer depend on which others are in its batch? And does a logit need a softmax here?",
)
def softmax_over_the_batch(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(flatten_images(images)).softmax(0)
    return logits


@mistake(
    "LogisticRegression.forward",
    "pictures-not-flattened",
    says="The pictures go into the layer as grids, not as rows of pixels.",
    asks="A linear layer looks at the last axis alone. How many numbers does it find there, and how many does it expect?",
)
def pictures_not_flattened(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(images)
    return logits


@mistake(
    "LogisticRegression.forward",
    "assumes-784-pixels",
    says="The pictures are cut into rows of 784 pixels, whatever `num_pixels` says.",
    asks="For pictures of 2 x 3, how long should a row be? Look for 784 or 28 * 28 here, and in `flatten_images` if you call it.",
)
def assumes_784_pixels_before_the_layer(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(images.reshape(-1, 28 * 28))
    return logits


@mistake(
    "LogisticRegression.forward",
    "resizes-in-place",
    says="The logits are right, but the caller's pictures are rows now: `resize_` changes the tensor that was passed in.",
    asks="A method whose name ends in `_` works in place. What will whoever wants to draw these pictures afterwards find?",
)
def resizes_in_place(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(images.resize_(len(images), self.layer.in_features))
    return logits


@mistake(
    "LogisticRegression.forward",
    "squeezes-the-logits",
    says="An axis of size 1 is dropped from your logits: those of a single picture come without a batch axis.",
    asks="The answer for one picture has the shape (1, num_classes). Which call drops every axis of size 1?",
)
def squeezes_the_logits(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(flatten_images(images)).squeeze()
    return logits


@mistake(
    "LogisticRegression.forward",
    "squeezes-the-pictures",
    says="Every axis of size 1 is dropped from the pictures; in a batch of one, that is the batch axis too.",
    asks="Squeeze a tensor of shape (1, 1, 28, 28): what is left, and which of its axes counts the pictures?",
)
def squeezes_the_pictures(self: LogisticRegression, images: Tensor) -> Tensor:
    logits: Tensor = self.layer(images.squeeze().flatten(1))
    return logits
