"""Known mistakes in topic cnn: `count_parameters`."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from grader.writing.mistake import mistake


@mistake(
    "count_parameters",
    "counts-tensors",
    says="You count the parameters themselves, a weight as 1 and a bias as 1, and not the numbers in them.",
    asks="How many numbers are there in a weight of shape (3, 2)?",
)
def counts_tensors(model: nn.Module) -> int:
    return sum(1 for parameter in model.parameters() if parameter.requires_grad)


@mistake(
    "count_parameters",
    "counts-frozen-ones",
    says="Frozen parameters are counted too.",
    asks="Training cannot change a frozen parameter. Which attribute tells you that it is frozen?",
)
def counts_frozen_ones(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@mistake(
    "count_parameters",
    "counts-shared-ones-twice",
    says="A parameter that two layers share is counted once for each of them.",
    asks="If two layers share a weight of 9 numbers, how many numbers can training change? Who gives each parameter once?",
)
def counts_shared_ones_twice(model: nn.Module) -> int:
    places = model.named_parameters(remove_duplicate=False)
    return sum(parameter.numel() for _, parameter in places if parameter.requires_grad)


@mistake(
    "count_parameters",
    "counts-every-level-again",
    says="Each number is counted several times: for its layer, and again for everything that contains this layer.",
    asks="`modules()` goes into every part, and `parameters()` does so as well. Do you need both?",
)
def counts_every_level_again(model: nn.Module) -> int:
    found = [parameter for module in model.modules() for parameter in module.parameters()]
    return sum(parameter.numel() for parameter in found if parameter.requires_grad)


@mistake(
    "count_parameters",
    "counts-the-state-dict",
    says="You count all that is in `state_dict()`: buffers, frozen parameters and shared ones each time, too.",
    asks="A batch norm's running mean must be saved, but does an optimizer change it? Which method lists what can be trained?",
)
def counts_the_state_dict(model: nn.Module) -> int:
    return sum(value.numel() for value in model.state_dict().values())


@mistake(
    "count_parameters",
    "forgets-biases",
    says="The biases are left out.",
    asks="How many numbers does `nn.Linear(2, 3)` learn? Its weight has 6 of them.",
)
def forgets_biases(model: nn.Module) -> int:
    weights = [parameter for name, parameter in model.named_parameters() if not name.endswith("bias")]
    return sum(parameter.numel() for parameter in weights if parameter.requires_grad)


@mistake(
    "count_parameters",
    "first-level-only",
    says="Layers inside of other layers are not counted.",
    asks="`children()` lists what stands directly in a model. What about an `nn.Sequential` in an `nn.Sequential`?",
)
def first_level_only(model: nn.Module) -> int:
    own = [parameter for child in model.children() for parameter in child.parameters(recurse=False)]
    return sum(parameter.numel() for parameter in own if parameter.requires_grad)


@mistake(
    "count_parameters",
    "a-float-from-numpy",
    says="`np.prod` of a parameter without axes, a single number, is 1.0, and then the whole count is a float.",
    asks="A count is an int. Which method of a tensor says how many numbers are in it?",
)
def a_float_from_numpy(model: nn.Module) -> float:
    return sum(np.prod(parameter.shape) for parameter in model.parameters() if parameter.requires_grad)  # type: ignore[misc]


@mistake(
    "count_parameters",
    "several-numbers-come-back",
    says="A tuple, list or dict of numbers comes back, and the exercise asks for one number: how many training can change.",
    asks="Whoever calls your function wants to write `count_parameters(model) + 1`. Which of your numbers is it?",
)
def several_numbers_come_back(model: nn.Module) -> tuple[int, int]:
    parameters = list(model.parameters())
    trainable = (parameter for parameter in parameters if parameter.requires_grad)
    return sum(map(torch.numel, parameters)), sum(map(torch.numel, trainable))
