"""Lines to paste that give a model its weights."""

import pytest
import torch
from torch import nn

from grader.writing import arrays

SHAPES = {"layer.weight": (2, 3), "layer.bias": (2,)}


class Model(nn.Module):
    """Its layer has two names, as where a student lists the given ones in a Sequential as well."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)
        self.layers = nn.Sequential(self.layer, nn.ReLU())


@pytest.mark.parametrize(
    "given", [arrays.weights(SHAPES, 1), arrays.random_weights(SHAPES, 2)], ids=["written out", "drawn"]
)
def test_weights_can_be_pasted_into_a_model_whose_layers_have_two_names(given):
    model = Model()
    exec(given.source, {"model": model, "torch": torch})
    assert all(torch.equal(model.get_parameter(name), value) for name, value in given.state.items())
