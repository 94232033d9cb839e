"""What wrong answers to train share where the optimizer is not their defect."""

from torch import nn, optim


def make_optimizer(
    model: nn.Module, name: str, learning_rate: float, momentum: float, weight_decay: float
) -> optim.Optimizer:
    """The optimizer that the contract asks for. Raises ValueError for an unknown name."""
    if name == "sgd":
        return optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    if name == "adam":
        return optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    raise ValueError(f"optimizer must be 'sgd' or 'adam', got optimizer={name!r}")
