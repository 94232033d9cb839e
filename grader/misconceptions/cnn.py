"""Known mistakes in topic cnn."""

from __future__ import annotations

import numpy as np
from torch.nn import functional as F

from grader.misconceptions.base import mistake

# CNN.forward


@mistake(
    "CNN.forward",
    "first-relu-missing",
    says="There is no ReLU between `self.conv1` and the first pooling.",
    asks="Read the list of steps once more: what comes right after conv1? How many ReLUs are there in all?",
)
def first_relu_missing(self, images):
    hidden = self.pool(self.conv1(images))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1))


@mistake(
    "CNN.forward",
    "second-relu-missing",
    says="There is no ReLU after `self.conv2`.",
    asks="Read the list of steps once more: what comes right after conv2? How many ReLUs are there in all?",
)
def second_relu_missing(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(self.conv2(hidden))
    return self.fc(hidden.flatten(1))


@mistake(
    "CNN.forward",
    "no-relu",
    says="The convolutions and poolings are there, but neither of the two ReLUs.",
    asks="What would two convolutions in a row be without anything between them? What does a ReLU do to a value of -3?",
)
def no_relu(self, images):
    hidden = self.pool(self.conv1(images))
    hidden = self.pool(self.conv2(hidden))
    return self.fc(hidden.flatten(1))


@mistake(
    "CNN.forward",
    "relu-on-the-logits",
    says="There is a third ReLU, on the logits: every negative one becomes 0.",
    asks="A logit is a score. May it be negative?",
)
def relu_on_the_logits(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return F.relu(self.fc(hidden.flatten(1)))


@mistake(
    "CNN.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="Which part of `nn.CrossEntropyLoss` does this a second time? What should come after `self.fc`?",
)
def softmax_on_the_logits(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten(1)).softmax(1)


@mistake(
    "CNN.forward",
    "averages-instead-of-maxima",
    says="Each 2 x 2 window gives its average here, not its largest number.",
    asks="What is the average of 0, 0, 0 and 8, and what does max pooling give? The model has a layer for this: `self.pool`.",
)
def averages_instead_of_maxima(self, images):
    hidden = F.avg_pool2d(F.relu(self.conv1(images)), 2)
    hidden = F.avg_pool2d(F.relu(self.conv2(hidden)), 2)
    return self.fc(hidden.flatten(1))


@mistake(
    "CNN.forward",
    "pools-only-once",
    says="One pooling is missing, so 8 * 14 * 14 = 1568 numbers of each image arrive at `self.fc`, not 8 * 7 * 7.",
    asks="Print the shape after each step. Where does 28 become 14, and where should 14 become 7?",
)
def pools_only_once(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = F.relu(self.conv2(hidden))
    return self.fc(hidden.flatten(1))


@mistake(
    "CNN.forward",
    "four-rows-an-image",
    says="The second pooling is missing, and `view(-1, 8 * 7 * 7)` cuts what is there into four rows for each image.",
    asks="How many rows of logits do you get for one image? Which size should be given, and which be worked out with -1?",
)
def four_rows_an_image(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = F.relu(self.conv2(hidden))
    return self.fc(hidden.view(-1, 8 * 7 * 7))


@mistake(
    "CNN.forward",
    "maps-not-flattened",
    says="The maps go into `self.fc` as grids, not as one row for each image.",
    asks="A linear layer looks at the last axis alone. Which shape comes out of the second pooling, and which should go in?",
)
def maps_not_flattened(self, images):
    maps = self.pool(F.relu(self.conv1(images)))
    return self.fc(self.pool(F.relu(self.conv2(maps))))


@mistake(
    "CNN.forward",
    "flattens-the-batch-too",
    says="All images of the batch are flattened into one row.",
    asks="After flattening, each image should have a row of 8 * 7 * 7 numbers. Which axis must stay?",
)
def flattens_the_batch_too(self, images):
    hidden = self.pool(F.relu(self.conv1(images)))
    hidden = self.pool(F.relu(self.conv2(hidden)))
    return self.fc(hidden.flatten())


# count_parameters


@mistake(
    "count_parameters",
    "counts-tensors",
    says="You count the parameters themselves, a weight as 1 and a bias as 1, and not the numbers in them.",
    asks="How many numbers are there in a weight of shape (3, 2)?",
)
def counts_tensors(model):
    return sum(1 for parameter in model.parameters() if parameter.requires_grad)


@mistake(
    "count_parameters",
    "counts-frozen-ones",
    says="Frozen parameters are counted too.",
    asks="Training cannot change a frozen parameter. Which attribute tells you that it is frozen?",
)
def counts_frozen_ones(model):
    return sum(parameter.numel() for parameter in model.parameters())


@mistake(
    "count_parameters",
    "counts-shared-ones-twice",
    says="A parameter that two layers share is counted once for each of them.",
    asks="If two layers share a weight of 9 numbers, how many numbers can training change? Who gives each parameter once?",
)
def counts_shared_ones_twice(model):
    places = model.named_parameters(remove_duplicate=False)
    return sum(parameter.numel() for _, parameter in places if parameter.requires_grad)


@mistake(
    "count_parameters",
    "counts-every-level-again",
    says="Each number is counted several times: for its layer, and again for everything that contains this layer.",
    asks="`modules()` goes into every part, and `parameters()` does so as well. Do you need both?",
)
def counts_every_level_again(model):
    found = [parameter for module in model.modules() for parameter in module.parameters()]
    return sum(parameter.numel() for parameter in found if parameter.requires_grad)


@mistake(
    "count_parameters",
    "counts-the-state-dict",
    says="You count all that is in `state_dict()`: buffers, frozen parameters and shared ones each time, too.",
    asks="A batch norm's running mean must be saved, but does an optimizer change it? Which method lists what can be trained?",
)
def counts_the_state_dict(model):
    return sum(value.numel() for value in model.state_dict().values())


@mistake(
    "count_parameters",
    "forgets-biases",
    says="The biases are left out.",
    asks="How many numbers does `nn.Linear(2, 3)` learn? Its weight has 6 of them.",
)
def forgets_biases(model):
    weights = [parameter for name, parameter in model.named_parameters() if not name.endswith("bias")]
    return sum(parameter.numel() for parameter in weights if parameter.requires_grad)


@mistake(
    "count_parameters",
    "first-level-only",
    says="Layers inside of other layers are not counted.",
    asks="`children()` lists what stands directly in a model. What about an `nn.Sequential` in an `nn.Sequential`?",
)
def first_level_only(model):
    own = [parameter for child in model.children() for parameter in child.parameters(recurse=False)]
    return sum(parameter.numel() for parameter in own if parameter.requires_grad)


@mistake(
    "count_parameters",
    "a-float-from-numpy",
    says="`np.prod` of a parameter without axes, a single number, is 1.0, and then the whole count is a float.",
    asks="A count is an int. Which method of a tensor says how many numbers are in it?",
)
def a_float_from_numpy(model):
    return sum(np.prod(parameter.shape) for parameter in model.parameters() if parameter.requires_grad)
