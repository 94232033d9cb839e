"""Training with enums, context managers and a small Trainer class."""

from __future__ import annotations

import contextlib
import itertools
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import TypeAlias

import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader, Dataset, RandomSampler, SequentialSampler

logger = logging.getLogger("training")
Data: TypeAlias = Dataset | Sequence


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


class EmptyDatasetError(ValueError):
    """There is nothing in the dataset."""


class UnknownOptimizerError(ValueError):
    """Nobody here knows this optimizer."""


class Kind(StrEnum):
    SGD = auto()
    ADAM = auto()

    @classmethod
    def _missing_(cls, value: object) -> None:
        raise UnknownOptimizerError(f"optimizer must be one of {', '.join(map(repr, cls))}; optimizer={value!r} is not")


@contextlib.contextmanager
def mode(model: nn.Module, *, training: bool) -> Iterator[nn.Module]:
    """The model in a mode, and back in the one it came in."""
    before = model.training
    model.train(training)
    try:
        yield model
    finally:
        model.train(before)


@dataclass(slots=True)
class Tally:
    correct: int = 0
    total: int = 0

    def add(self, predictions: Tensor, labels: Tensor) -> None:
        self.correct += int(torch.count_nonzero(predictions == labels))
        self.total += labels.numel()

    @property
    def fraction(self) -> float:
        return self.correct / self.total


def get_accuracy(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    """The fraction of `data` that the model classifies correctly."""
    if isinstance(data, Sized) and len(data) == 0:
        raise EmptyDatasetError(f"data is empty: {len(data)=}")
    tally = Tally()
    with mode(model, training=False), torch.inference_mode():
        for images, labels in DataLoader(data, batch_size=batch_size):
            tally.add(model(images).softmax(dim=-1).argmax(dim=-1), labels)
    return tally.fraction


def train_step(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    criterion: Callable[[Tensor, Tensor], Tensor],
    optimizer: optim.Optimizer,
) -> float:
    """One update on one batch; returns its mean loss."""
    with mode(model, training=True):
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
    if not torch.isfinite(loss):
        warnings.warn("the loss is no longer finite; try a smaller learning rate", RuntimeWarning, stacklevel=2)
    return loss.item()


@dataclass(kw_only=True)
class Trainer:
    """Holds what stays the same during a training run."""

    model: nn.Module
    loader: DataLoader
    update: optim.Optimizer
    criterion: nn.Module = field(default_factory=nn.CrossEntropyLoss)
    counter: Iterator[int] = field(default_factory=itertools.count)

    def epoch(self) -> Iterator[tuple[int, float]]:
        for images, labels in self.loader:
            yield next(self.counter), train_step(self.model, images, labels, self.criterion, self.update)


def make_optimizer(kind: Kind, model: nn.Module, *, lr: float, momentum: float, weight_decay: float) -> optim.Optimizer:
    match kind:
        case Kind.SGD:
            return optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
        case Kind.ADAM:
            return optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)


def train(
    model: nn.Module,
    train_data: Data,
    val_data: Data,
    batch_size: int = 64,
    weight_decay: float = 0.0,
    optimizer: str = "sgd",
    learning_rate: float = 0.1,
    momentum: float = 0.9,
    data_shuffle: bool = True,
    num_epochs: int = 3,
) -> History:
    """The lesson's loop."""
    update = make_optimizer(Kind(optimizer), model, lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    sampler = RandomSampler(train_data) if data_shuffle else SequentialSampler(train_data)
    loader = DataLoader(train_data, batch_size=batch_size, sampler=sampler, drop_last=True)
    trainer = Trainer(model=model, loader=loader, update=update)
    history = History()
    for epoch in range(num_epochs):
        for iteration, loss in trainer.epoch():
            history.iters.append(iteration)
            history.losses.append(loss)
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
        logger.info("epoch %d of %d is done", epoch + 1, num_epochs)
        print(f"epoch {epoch + 1}/{num_epochs}: {len(history.iters)} iterations so far")
    return history


if __name__ == "__main__":
    points = torch.randn(200, 2)
    pairs = list(zip(points, (points[:, 0] > 0).long()))
    print(train(nn.Linear(2, 2), pairs[:150], pairs[150:], batch_size=30).val_acc[-1])
