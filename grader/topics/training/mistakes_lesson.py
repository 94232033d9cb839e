"""The lesson's loop in parts, for the known mistakes of `train`, each of which gets one part wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader

from grader.writing.mistake import mistake
from solutions.training import Data, History, get_accuracy, train_step

Batches = DataLoader[Any] | list[Any]


@dataclass
class Lesson:
    """The lesson's loop in parts. A mistake replaces the part that it gets wrong, and runs the rest."""

    model: nn.Module
    train_data: Any
    val_data: Any
    batch_size: int = 64
    weight_decay: float = 0.0
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    momentum: float = 0.9
    data_shuffle: bool = True
    num_epochs: int = 3
    history: History = field(default_factory=History)
    step = staticmethod(train_step)

    def run(self) -> History | None:
        self.updater = self.make_updater()
        loader = self.loader()
        for _ in range(self.num_epochs):
            for images, labels in self.batches(loader):
                self.record(self.update(images, labels), len(labels))
        return self.history

    def make_updater(self) -> optim.Optimizer:
        rate, decay = self.learning_rate, self.weight_decay
        if self.optimizer == "sgd":
            return optim.SGD(self.model.parameters(), lr=rate, momentum=self.momentum, weight_decay=decay)
        if self.optimizer == "adam":
            return optim.Adam(self.model.parameters(), lr=rate, weight_decay=decay)
        raise ValueError(f"optimizer must be 'sgd' or 'adam', got optimizer={self.optimizer!r}")

    def loader(self) -> Batches:
        return DataLoader(self.train_data, self.batch_size, shuffle=self.data_shuffle, drop_last=True)

    def batches(self, loader: Batches) -> Batches:
        return loader

    def update(self, images: Tensor, labels: Tensor) -> float:
        return self.step(self.model, images, labels, F.cross_entropy, self.updater)

    def accuracies(self) -> tuple[float, float]:
        return get_accuracy(self.model, self.train_data), get_accuracy(self.model, self.val_data)

    def record(self, loss: float, count: int) -> None:
        self.enter(loss, *self.accuracies())

    def enter(self, loss: float, train_acc: float, val_acc: float, iteration: int | None = None) -> None:
        lists, count = self.history, len(self.history.iters)
        lists.iters.append(count if iteration is None else iteration)
        lists.losses.append(loss)
        lists.train_acc.append(train_acc)
        lists.val_acc.append(val_acc)


def in_training(identifier: str, *, says: str, asks: str) -> Callable[[type[Lesson]], type[Lesson]]:
    """Records a lesson with a part replaced as a known mistake of `train`."""

    def record(lesson: type[Lesson]) -> type[Lesson]:
        def train(model: nn.Module, train_data: Data, val_data: Data, *args: Any, **options: Any) -> History | None:
            return lesson(model, train_data, val_data, *args, **options).run()

        mistake("train", identifier, says=says, asks=asks)(train)
        return lesson

    return record
