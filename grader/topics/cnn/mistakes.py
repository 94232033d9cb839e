"""Known mistakes in topic cnn: `CNN.forward`. `count_parameters` has a file of its own."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from grader.writing.mistake import mistake
from solutions.cnn import CNN


@mistake(
    "CNN.forward",
    "first-relu-missing",
    says="There is no ReLU between `self.conv1` and the first pooling.",
    asks="Read the list of steps once more: what comes right after conv1? How many ReLUs are there in all?",
)
def first_relu_missing(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(self.conv1(images))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    logits: Tensor = self.fc(hidden.flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "second-relu-missing",
    says="There is no ReLU after `self.conv2`.",
    asks="Read the list of steps once more: what comes right after conv2? How many ReLUs are there in all?",
)
def second_relu_missing(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(self.conv2(hidden))
    logits: Tensor = self.fc(hidden.flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "no-relu",
    says="The convolutions and poolings are there, but neither of the two ReLUs.",
    asks="What would two convolutions in a row be without anything between them? What does a ReLU do to a value of -3?",
)
def no_relu(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(self.conv1(images))
    hidden = self.pool(self.conv2(hidden))
    logits: Tensor = self.fc(hidden.flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "relu-on-the-logits",
    says="There is a third ReLU, on the logits: every negative one becomes 0.",
    asks="A logit is a score. May it be negative?",
)
def relu_on_the_logits(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return F.relu(self.fc(hidden.flatten(1)))


@mistake(
    "CNN.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="Which part of `nn.CrossEntropyLoss` does this a second time? What should come after `self.fc`?",
)
def softmax_on_the_logits(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    logits: Tensor = self.fc(hidden.flatten(1)).softmax(1)
    return logits


@mistake(
    "CNN.forward",
    "averages-instead-of-maxima",
    says="Each 2 x 2 window gives its average here, not its largest number.",
    asks="What is the average of 0, 0, 0 and 8, and what does max pooling give? The model has a layer for this: `self.pool`.",
)
def averages_instead_of_maxima(self: CNN, images: Tensor) -> Tensor:
    hidden = F.avg_pool2d(F.relu(self.conv1(images)), 2)
    hidden = F.avg_pool2d(F.relu(self.conv2(hidden)), 2)
    logits: Tensor = self.fc(hidden.flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "pools-only-once",
    says="One pooling is missing, so 8 * 14 * 14 = 1568 numbers of each image arrive at `self.fc`, not 8 * 7 * 7.",
    asks="Print the shape after each step. Where does 28 become 14, and where should 14 become 7?",
)
def pools_only_once(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = F.relu(self.conv2(hidden))
    logits: Tensor = self.fc(hidden.flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "four-rows-an-image",
    says="The second pooling is missing, and `view(-1, 8 * 7 * 7)` cuts what is there into four rows for each image.",
    asks="How many rows of logits do you get for one image? Which size should be given, and which be worked out with -1?",
)
def four_rows_an_image(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = F.relu(self.conv2(hidden))
    logits: Tensor = self.fc(hidden.view(-1, 8 * 7 * 7))
    return logits


@mistake(
    "CNN.forward",
    "maps-not-flattened",
    says="The maps go into `self.fc` as grids, not as one row for each image.",
    asks="A linear layer looks at the last axis alone. Which shape comes out of the second pooling, and which should go in?",
)
def maps_not_flattened(self: CNN, images: Tensor) -> Tensor:
    maps = self.pool(F.relu(self.conv1(images)))
    logits: Tensor = self.fc(self.pool(F.relu(self.conv2(maps))))
    return logits


@mistake(
    "CNN.forward",
    "flattens-the-batch-too",
    says="All images of the batch are flattened into one row.",
    asks="After flattening, each image should have a row of 8 * 7 * 7 numbers. Which axis must stay?",
)
def flattens_the_batch_too(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    logits: Tensor = self.fc(hidden.flatten())
    return logits


def _row(self: CNN, images: Tensor) -> Tensor:
    """All that comes before `self.fc`, right."""
    hidden = self.pool(F.relu(self.conv1(images)))
    row: Tensor = self.pool(F.relu(self.conv2(hidden))).flatten(1)
    return row


@mistake(
    "CNN.forward",
    "log-softmax-on-the-logits",
    says="These are logarithms of probabilities, from a log-softmax, and no logits any more.",
    asks="A log-softmax goes with `nn.NLLLoss`. What does `nn.CrossEntropyLoss` do with the numbers that it is given?",
)
def log_softmax_on_the_logits(self: CNN, images: Tensor) -> Tensor:
    return F.log_softmax(self.fc(_row(self, images)), dim=1)


@mistake(
    "CNN.forward",
    "sigmoid-on-the-logits",
    says="A sigmoid squeezes each logit between 0 and 1.",
    asks="A sigmoid answers one yes-or-no question. What should come after `self.fc` when there are ten classes?",
)
def sigmoid_on_the_logits(self: CNN, images: Tensor) -> Tensor:
    logits: Tensor = self.fc(_row(self, images)).sigmoid()
    return logits


@mistake(
    "CNN.forward",
    "sigmoid-as-activation",
    says="The maps go through a sigmoid where a ReLU is asked for.",
    asks="Read the list of steps once more: what comes right after each convolution? What does it make of -5, and of 5?",
)
def sigmoid_as_activation(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(self.conv1(images).sigmoid())
    logits: Tensor = self.fc(self.pool(self.conv2(hidden).sigmoid()).flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "tanh-as-activation",
    says="The maps go through a tanh where a ReLU is asked for.",
    asks="Read the list of steps once more: what comes right after each convolution? What does it make of -5, and of 5?",
)
def tanh_as_activation(self: CNN, images: Tensor) -> Tensor:
    hidden = self.pool(self.conv1(images).tanh())
    logits: Tensor = self.fc(self.pool(self.conv2(hidden).tanh()).flatten(1))
    return logits


@mistake(
    "CNN.forward",
    "dropout-always-on",
    says="Half of the numbers before `self.fc` are dropped at random, in evaluation mode too.",
    asks="A dropout made or called in `forward` does not know `self.training`: it is always on. Does the exercise ask for one?",
)
def dropout_always_on(self: CNN, images: Tensor) -> Tensor:
    logits: Tensor = self.fc(F.dropout(_row(self, images)))
    return logits


@mistake(
    "CNN.forward",
    "squeezes-the-logits",
    says="The logits of a single image come without a batch axis: an axis of size 1 has been dropped.",
    asks="The answer for one image has the shape (1, 10). Which call drops every axis of size 1?",
)
def squeezes_the_logits(self: CNN, images: Tensor) -> Tensor:
    logits: Tensor = self.fc(_row(self, images)).squeeze()
    return logits


@mistake(
    "CNN.forward",
    "tanh-on-the-logits",
    says="A tanh squeezes each logit between -1 and 1.",
    asks="May a score be 5? What should come after `self.fc`?",
)
def tanh_on_the_logits(self: CNN, images: Tensor) -> Tensor:
    logits: Tensor = self.fc(_row(self, images)).tanh()
    return logits
