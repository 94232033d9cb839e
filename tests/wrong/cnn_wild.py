"""Wrong answers of topics classifiers and cnn as students really write them."""

from torch import nn

from tests.wrong.base import wrong


@wrong("count_parameters", "count-as-a-list", why="one number for each parameter", named="several-numbers-come-back")
def count_as_a_list(model):
    return [parameter.numel() for parameter in model.parameters() if parameter.requires_grad]


@wrong("count_parameters", "count-as-a-dict", why="a number for each name", named="several-numbers-come-back")
def count_as_a_dict(model):
    return {name: parameter.numel() for name, parameter in model.named_parameters()}
