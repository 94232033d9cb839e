"""Wrong answers of topic cnn: other paddings and poolings, cut logits, and counts by way of the children."""

import torch
from torch.nn import functional as F

from tests.wrong.base import wrong


def first_block(self, images):
    return self.pool(F.relu(self.conv1(images)))


def second_block(self, images):
    return self.pool(F.relu(self.conv2(first_block(self, images))))


@wrong("CNN.forward", "cnn-logits-cut", why="logits are cut at -100 and 100: shows beyond")
def logits_cut(self, images):
    return self.fc(second_block(self, images).flatten(1)).clamp(-100, 100)


@wrong("CNN.forward", "cnn-padded-with-the-edge", why="conv2 sees the edge repeated where zeros should be")
def padded_with_the_edge(self, images):
    padded = F.pad(first_block(self, images), (1, 1, 1, 1), mode="replicate")
    hidden = F.relu(F.conv2d(padded, self.conv2.weight, self.conv2.bias))
    return self.fc(self.pool(hidden).flatten(1))


@wrong("CNN.forward", "cnn-second-pool-overlaps", why="windows of 3 by 3 behind conv2: the shapes are right")
def second_pool_overlaps(self, images):
    hidden = F.relu(self.conv2(first_block(self, images)))
    return self.fc(F.max_pool2d(hidden, 3, stride=2, padding=1).flatten(1))


@wrong("count_parameters", "count-children-only", why="parameters of children(): a bare layer counts 0")
def children_only(model):
    found = {id(p): p for layer in model.children() for p in layer.parameters() if p.requires_grad}
    return sum(parameter.numel() for parameter in found.values())


@wrong("count_parameters", "count-iterates-the-model", why="for layer in model: an error for all but a Sequential")
def iterates_the_model(model):
    found = {id(p): p for layer in model for p in layer.parameters() if p.requires_grad}
    return sum(parameter.numel() for parameter in found.values())


@wrong("count_parameters", "count-zeros-missed", why="count_nonzero: numbers that are 0 do not count")
def zeros_missed(model):
    return sum(torch.count_nonzero(p).item() for p in model.parameters() if p.requires_grad)
