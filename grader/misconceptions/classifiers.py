"""Known mistakes in topic classifiers."""

from __future__ import annotations

from torch import nn
from torch.nn import functional as F

from grader.misconceptions.base import mistake
from solutions.classifiers import flatten_images

# flatten_images


@mistake(
    "flatten_images",
    "moves-channels-last",
    says="The channels are moved to the end before flattening, so the numbers of a row come in another order.",
    asks="Which axis runs fastest in your row? The last axis of the pictures as they came should.",
)
def moves_channels_last(images):
    return images.permute(0, 2, 3, 1).reshape(images.shape[0], -1)


@mistake(
    "flatten_images",
    "all-in-one-row",
    says="All pictures of the batch end up in one long row.",
    asks="After this, where does one picture end and the next one begin? Which axis has to survive?",
)
def all_in_one_row(images):
    return images.flatten()


@mistake(
    "flatten_images",
    "assumes-784-pixels",
    says="Each row gets 784 numbers, whatever the size of the pictures.",
    asks="784 is 28 * 28. Which number do you know from the input for sure, so that the other one can be worked out?",
)
def assumes_784_pixels(images):
    return images.reshape(-1, 28 * 28)


@mistake(
    "flatten_images",
    "assumes-64-pictures",
    says="There are always 64 rows, whatever the number of pictures in the batch.",
    asks="The last batch of a dataset is often smaller. Where can you read how many pictures there are?",
)
def assumes_64_pictures(images):
    return images.reshape(64, -1)


@mistake(
    "flatten_images",
    "squeezes-first",
    says="`squeeze()` drops every axis of size 1. In a batch of one picture, that is the batch axis too.",
    asks="Squeeze a tensor of shape (1, 3, 2, 2): which of the three axes left counts the pictures?",
)
def squeezes_first(images):
    return images.squeeze().flatten(1)


@mistake(
    "flatten_images",
    "views-instead-of-reshaping",
    says="`view` refuses a tensor whose numbers do not lie in memory in order, such as a transposed one.",
    asks="`view` never copies. Which method copies, but only where it must?",
)
def views_instead_of_reshaping(images):
    return images.view(images.shape[0], -1)


@mistake(
    "flatten_images",
    "starts-at-axis-two",
    says="Flattening starts one axis too late: the axis after the batch is still there.",
    asks="Axes are counted from 0, and axis 0 is the batch. Which is the first one that should disappear?",
)
def starts_at_axis_two(images):
    return images.flatten(2)


# LogisticRegression.forward


@mistake(
    "LogisticRegression.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="`nn.CrossEntropyLoss` contains a softmax. What happens to the scores if it is applied twice?",
)
def softmax_on_the_logits(self, images):
    return self.layer(flatten_images(images)).softmax(1)


@mistake(
    "LogisticRegression.forward",
    "log-softmax-on-the-logits",
    says="These are logarithms of probabilities, from a log-softmax, and no logits any more.",
    asks="A log-softmax goes with `nn.NLLLoss`. What does `nn.CrossEntropyLoss` do with the numbers that it is given?",
)
def log_softmax_on_the_logits(self, images):
    return F.log_softmax(self.layer(flatten_images(images)), dim=1)


@mistake(
    "LogisticRegression.forward",
    "sigmoid-on-the-logits",
    says="A sigmoid squeezes each logit between 0 and 1.",
    asks="A sigmoid answers one yes-or-no question. How many classes are there here, and which loss comes after this?",
)
def sigmoid_on_the_logits(self, images):
    return self.layer(flatten_images(images)).sigmoid()


@mistake(
    "LogisticRegression.forward",
    "relu-on-the-logits",
    says="A ReLU turns every negative logit into 0.",
    asks="May a score be negative? If two logits are -1 and -5, which class is likelier, and can your answer still say so?",
)
def relu_on_the_logits(self, images):
    return F.relu(self.layer(flatten_images(images)))


@mistake(
    "LogisticRegression.forward",
    "softmax-over-the-batch",
    says="A softmax runs over the batch: for each class, the numbers of all pictures add up to 1.",
    asks="Should one picture's answer depend on which others are in its batch? And does a logit need a softmax here?",
)
def softmax_over_the_batch(self, images):
    return self.layer(flatten_images(images)).softmax(0)


@mistake(
    "LogisticRegression.forward",
    "pictures-not-flattened",
    says="The pictures go into the layer as grids, not as rows of pixels.",
    asks="A linear layer looks at the last axis alone. How many numbers does it find there, and how many does it expect?",
)
def pictures_not_flattened(self, images):
    return self.layer(images)


@mistake(
    "LogisticRegression.forward",
    "assumes-784-pixels",
    says="The pictures are cut into rows of 784 pixels, whatever `num_pixels` says.",
    asks="For pictures of 2 x 3, how long should a row be? Look for 784 or 28 * 28 here, and in `flatten_images` if you call it.",
)
def assumes_784_pixels_before_the_layer(self, images):
    return self.layer(images.reshape(-1, 28 * 28))


@mistake(
    "LogisticRegression.forward",
    "resizes-in-place",
    says="The logits are right, but the caller's pictures are rows now: `resize_` changes the tensor that was passed in.",
    asks="A method whose name ends in `_` works in place. What will whoever wants to draw these pictures afterwards find?",
)
def resizes_in_place(self, images):
    return self.layer(images.resize_(len(images), self.layer.in_features))


# MLP.forward


@mistake(
    "MLP.forward",
    "no-relu",
    says="Nothing stands between the two layers, so together they are one linear map.",
    asks="2 * (3 * x) is 6 * x. What do two linear layers compose to, and what would stop them from doing so?",
)
def no_relu(self, images):
    return self.layer2(self.layer1(flatten_images(images)))


@mistake(
    "MLP.forward",
    "relu-after-both-layers",
    says="There is a second ReLU, on the logits: every negative logit becomes 0.",
    asks="Hidden units are cut off at 0. May a score be negative?",
)
def relu_after_both_layers(self, images):
    return F.relu(self.layer2(F.relu(self.layer1(flatten_images(images)))))


@mistake(
    "MLP.forward",
    "relu-after-the-wrong-layer",
    says="The ReLU comes after the second layer, and not between the two.",
    asks="Which numbers are the hidden units, and which are the scores? Which of them may be negative?",
)
def relu_after_the_wrong_layer(self, images):
    return F.relu(self.layer2(self.layer1(flatten_images(images))))


@mistake(
    "MLP.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="Which part of `nn.CrossEntropyLoss` does this a second time? What should come after `self.layer2`?",
)
def softmax_on_the_mlps_logits(self, images):
    return self.layer2(F.relu(self.layer1(flatten_images(images)))).softmax(1)


@mistake(
    "MLP.forward",
    "sigmoid-as-activation",
    says="The hidden units go through a sigmoid.",
    asks="What becomes of a hidden unit of 5, and of one of -5, in a sigmoid? And in the activation that is asked for?",
)
def sigmoid_as_activation(self, images):
    return self.layer2(self.layer1(flatten_images(images)).sigmoid())


@mistake(
    "MLP.forward",
    "pictures-not-flattened",
    says="The pictures go into the first layer as grids, not as rows of pixels.",
    asks="Print `images.shape`. Which axes should become one before `self.layer1` sees them?",
)
def pictures_not_flattened_for_the_mlp(self, images):
    return self.layer2(F.relu(self.layer1(images)))


@mistake(
    "MLP.forward",
    "assumes-784-pixels",
    says="The pictures are cut into rows of 784 pixels, whatever `num_pixels` says.",
    asks="How many rows should three pictures of 2 x 3 give? Look for 784 or 28 * 28 here, and in `flatten_images` if you call it.",
)
def assumes_784_pixels_before_layer1(self, images):
    return self.layer2(F.relu(self.layer1(images.reshape(-1, 28 * 28))))


@mistake(
    "MLP.forward",
    "new-layers-each-call",
    says="Each call makes new layers with new random weights; `self.layer1` and `self.layer2` are never used.",
    asks="Give your model the same picture twice: are the logits the same? Which layers does training change?",
)
def new_layers_each_call(self, images):
    layer1 = nn.Linear(self.layer1.in_features, self.num_hidden)
    layer2 = nn.Linear(self.num_hidden, self.layer2.out_features)
    return layer2(F.relu(layer1(flatten_images(images))))
