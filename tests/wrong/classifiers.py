"""Wrong answers in topic classifiers."""

import math

import torch
from torch.nn import functional as F

from tests.wrong.base import wrong

# flatten_images


@wrong("flatten_images", "flatten-loses-a-lone-pixel", why="Pictures of one number (D = 1) come back as (N,).")
def flatten_loses_a_lone_pixel(images):
    return images.reshape(images.shape[0], -1).squeeze(1)


@wrong("flatten_images", "flatten-first-axis-fastest", why="Column-major: shows where two axes are larger than 1.")
def flatten_first_axis_fastest(images):
    axes = range(images.ndim - 1, 0, -1)
    return images.permute(0, *axes).reshape(images.shape[0], -1)


@wrong("flatten_images", "flatten-moves-channels-last", why="Channels run fastest: shows in 4-D with C > 1.")
def flatten_moves_channels_last(images):
    if images.ndim == 4:
        images = images.movedim(1, -1)
    return images.reshape(images.shape[0], -1)


@wrong(
    "flatten_images",
    "flatten-views-a-clone",
    why="clone keeps the strides of a permuted tensor, so view still refuses it; a slice with gaps works.",
    named="views-instead-of-reshaping",
)
def flatten_views_a_clone(images):
    return images.clone().view(images.shape[0], -1)


@wrong(
    "flatten_images", "flatten-reads-memory", why="Reads the numbers as they lie in memory: wrong if non-contiguous."
)
def flatten_reads_memory(images):
    size = math.prod(images.shape[1:])
    return torch.as_strided(images, (images.shape[0], size), (size, 1))


@wrong("flatten_images", "flatten-size-from-stride", why="Takes D from the stride: wrong for a slice with gaps.")
def flatten_size_from_stride(images):
    return images.reshape(-1, images.stride(0))


@wrong("flatten_images", "flatten-needs-four-axes", why="Unpacks four sizes: raises for (N, H, W) and (N, D).")
def flatten_needs_four_axes(images):
    count, channels, height, width = images.shape
    return images.reshape(count, channels * height * width)


@wrong("flatten_images", "flatten-last-three-axes", why="Counts axes from the end: wrong unless there are four.")
def flatten_last_three_axes(images):
    return images.flatten(start_dim=-3)


@wrong("flatten_images", "flatten-last-two-axes", why="Keeps the channel axis: right for (N, H, W), wrong in 4-D.")
def flatten_last_two_axes(images):
    return images.flatten(start_dim=-2) if images.ndim > 2 else images.reshape(images.shape[0], -1)


@wrong("flatten_images", "flatten-takes-squares", why="Uses the width twice: wrong where H and W differ.")
def flatten_takes_squares(images):
    if images.ndim < 3:
        return images.reshape(images.shape[0], -1)
    width = images.shape[-1]
    return images.reshape(-1, math.prod(images.shape[1:-2]) * width * width)


@wrong("flatten_images", "flatten-rounds-to-float32", why="Casts: float64 numbers lose digits, large ints as well.")
def flatten_rounds_to_float32(images):
    return images.reshape(images.shape[0], -1).float()


@wrong(
    "flatten_images",
    "flatten-remembers-the-first-size",
    why="D is that of the first call: a second size fails.",
    named="assumes-784-pixels",
)
def flatten_remembers_the_first_size(images):
    size = globals().setdefault("_first_size", math.prod(images.shape[1:]))
    return images.reshape(-1, size)


@wrong(
    "flatten_images",
    "flatten-remembers-the-first-batch",
    why="N is that of the first call: another N is wrong.",
    named="assumes-64-pictures",
)
def flatten_remembers_the_first_batch(images):
    count = globals().setdefault("_first_count", images.shape[0])
    return images.reshape(count, -1)


# LogisticRegression.forward


@wrong("LogisticRegression.forward", "logreg-largest-is-zero", why="Subtracts each row's largest logit, on all inputs.")
def logreg_largest_is_zero(self, images):
    logits = self.layer(flatten_images(images))
    return logits - logits.amax(dim=1, keepdim=True)


@wrong("LogisticRegression.forward", "logreg-without-bias", why="The bias is dropped: shows where it is not zero.")
def logreg_without_bias(self, images):
    return flatten_images(images) @ self.layer.weight.T


@wrong("LogisticRegression.forward", "logreg-bias-on-the-first", why="Bias added to the first picture only: N > 1.")
def logreg_bias_on_the_first(self, images):
    logits = flatten_images(images) @ self.layer.weight.T
    return torch.cat([logits[:1] + self.layer.bias, logits[1:]])


@wrong("LogisticRegression.forward", "logreg-frozen-weight", why="Uses weight.data: the weight gets no gradient.")
def logreg_frozen_weight(self, images):
    return F.linear(flatten_images(images), self.layer.weight.data, self.layer.bias)


@wrong("LogisticRegression.forward", "logreg-rows-of-ten", why="Ten classes assumed: wrong for another num_classes.")
def logreg_rows_of_ten(self, images):
    return self.layer(flatten_images(images)).reshape(-1, 10)


@wrong("LogisticRegression.forward", "logreg-square-pictures", why="A square assumed: wrong where H and W differ.")
def logreg_square_pictures(self, images):
    side = int(self.layer.in_features**0.5)
    return self.layer(images.reshape(-1, side * side))


@wrong(
    "LogisticRegression.forward", "logreg-squeezes-axis-0", why="(1, H, W) loses its batch axis; (1, 1, H, W) works."
)
def logreg_squeezes_axis_0(self, images):
    return self.layer(images.squeeze(0).flatten(1))


@wrong("LogisticRegression.forward", "logreg-needs-a-channel-axis", why="Flattens from axis 2: (N, H, W) raises.")
def logreg_needs_a_channel_axis(self, images):
    return self.layer(images.flatten(2).squeeze(1))


@wrong(
    "LogisticRegression.forward", "logreg-3d-is-one-picture", why="Takes (N, H, W) for a picture of N channels: N > 1."
)
def logreg_3d_is_one_picture(self, images):
    if images.ndim == 3:
        images = images.unsqueeze(0)
    return self.layer(flatten_images(images))


@wrong("LogisticRegression.forward", "logreg-transposed-pixels", why="Pixels column by column: shows with H, W > 1.")
def logreg_transposed_pixels(self, images):
    return self.layer(flatten_images(images.transpose(-2, -1)))


@wrong("LogisticRegression.forward", "logreg-guesses-bytes", why="Divides by 255 as soon as any pixel is above 1.")
def logreg_guesses_bytes(self, images):
    if images.max() > 1:
        images = images / 255
    return self.layer(flatten_images(images))


@wrong("LogisticRegression.forward", "logreg-half-precision", why="float16 on the way: three digits are left.")
def logreg_half_precision(self, images):
    return self.layer(flatten_images(images)).half().float()


@wrong(
    "LogisticRegression.forward", "logreg-64-at-most", why="Answers for the first 64 pictures only: shows for N > 64."
)
def logreg_64_at_most(self, images):
    return self.layer(flatten_images(images[:64]))


# MLP.forward


@wrong("MLP.forward", "mlp-softmax-in-evaluation", why="Logits while training, probabilities in evaluation mode.")
def mlp_softmax_in_evaluation(self, images):
    logits = self.layer2(F.relu(self.layer1(flatten_images(images))))
    return logits if self.training else logits.softmax(dim=1)


@wrong("MLP.forward", "mlp-dropout", why="Hidden units drop out at random, in training mode only.")
def mlp_dropout(self, images):
    hidden = F.relu(self.layer1(flatten_images(images)))
    return self.layer2(F.dropout(hidden, p=0.2, training=self.training))


@wrong("MLP.forward", "mlp-leaky-relu", why="Leaky: negative hidden units leave a hundredth.")
def mlp_leaky_relu(self, images):
    return self.layer2(F.leaky_relu(self.layer1(flatten_images(images))))


@wrong("MLP.forward", "mlp-relu6", why="Hidden units end at 6: shows only for large activations.")
def mlp_relu6(self, images):
    return self.layer2(F.relu6(self.layer1(flatten_images(images))))


@wrong("MLP.forward", "mlp-straight-through", why="Values of ReLU, gradients of the identity: dead units learn.")
def mlp_straight_through(self, images):
    before = self.layer1(flatten_images(images))
    hidden = before + (F.relu(before) - before).detach()
    return self.layer2(hidden)


@wrong("MLP.forward", "mlp-detached-hidden", why="The hidden layer is detached: layer1 gets no gradient.")
def mlp_detached_hidden(self, images):
    hidden = F.relu(self.layer1(flatten_images(images))).detach()
    return self.layer2(hidden)


@wrong("MLP.forward", "mlp-detached-bias", why="layer1.bias alone gets no gradient; the logits are right.")
def mlp_detached_bias(self, images):
    hidden = F.relu(F.linear(flatten_images(images), self.layer1.weight, self.layer1.bias.detach()))
    return self.layer2(hidden)


@wrong("MLP.forward", "mlp-relu-on-pixels-too", why="A second ReLU, on the input: shows on negative pixels.")
def mlp_relu_on_pixels_too(self, images):
    return self.layer2(F.relu(self.layer1(F.relu(flatten_images(images)))))


@wrong("MLP.forward", "mlp-bias-after-relu", why="layer1's bias is added after the ReLU: shows for non-zero biases.")
def mlp_bias_after_relu(self, images):
    hidden = F.relu(flatten_images(images) @ self.layer1.weight.T) + self.layer1.bias
    return self.layer2(hidden)


@wrong("MLP.forward", "mlp-no-bias-in-layer2", why="layer2's bias is dropped: shows where it is not zero.")
def mlp_no_bias_in_layer2(self, images):
    return F.relu(self.layer1(flatten_images(images))) @ self.layer2.weight.T


@wrong("MLP.forward", "mlp-shortcut", why="Adds the hidden layer to the logits where num_hidden equals num_classes.")
def mlp_shortcut(self, images):
    hidden = F.relu(self.layer1(flatten_images(images)))
    logits = self.layer2(hidden)
    return logits + hidden if hidden.shape == logits.shape else logits


@wrong("MLP.forward", "mlp-one-row-lost", why="For N = 1 the logits are (num_classes,).")
def mlp_one_row_lost(self, images):
    return self.layer2(F.relu(self.layer1(flatten_images(images)))).squeeze(0)


@wrong("MLP.forward", "mlp-squeezes-pictures", why="squeeze takes every axis of 1: shows for N, H or W of 1.")
def mlp_squeezes_pictures(self, images):
    count, height, width = images.squeeze().shape
    return self.layer2(F.relu(self.layer1(images.reshape(count, height * width))))


@wrong(
    "MLP.forward", "mlp-answers-from-a-cache", why="Keyed by shape: a second batch of that shape gets the old logits."
)
def mlp_answers_from_a_cache(self, images):
    cache = self.__dict__.setdefault("cache", {})
    if images.shape not in cache:
        cache[images.shape] = self.layer2(F.relu(self.layer1(flatten_images(images))))
    return cache[images.shape]


@wrong("MLP.forward", "mlp-clips-its-weights", why="Clips layer1's weights to [-1, 1]: shows for larger ones.")
def mlp_clips_its_weights(self, images):
    self.layer1.weight.data.clamp_(-1, 1)
    return self.layer2(F.relu(self.layer1(flatten_images(images))))


@wrong("MLP.forward", "mlp-128-hidden-units", why="Uses the first 128 hidden units: shows for a larger num_hidden.")
def mlp_128_hidden_units(self, images):
    hidden = F.relu(self.layer1(flatten_images(images)))
    return F.linear(hidden[:, :128], self.layer2.weight[:, :128], self.layer2.bias)
