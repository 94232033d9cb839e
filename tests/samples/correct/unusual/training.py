"""Training by way of an iterable dataset, a generator that is sent losses, and an accuracy that divides and conquers."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader, Dataset, IterableDataset, default_collate


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


class Accuracy:
    """Halves a dataset until a half fits a batch."""

    __name__ = "get_accuracy"

    def __call__(self, model: nn.Module, data: Dataset | Sequence, batch_size: int = 1024) -> float:
        if not (count := len(data)):
            raise ValueError("data", count)
        model.train(mode=False)
        with torch.autograd.set_grad_enabled(False):
            confusion = self.confusion(model, data, 0, count, batch_size)
        return (confusion.trace() / confusion.sum()).item()

    def confusion(self, model, data, start, stop, batch_size) -> Tensor:
        """How often each class was taken for each class."""
        if stop - start > batch_size:
            middle = (start + stop) // 2
            left = self.confusion(model, data, start, middle, batch_size)
            return left + self.confusion(model, data, middle, stop, batch_size)
        images, labels = default_collate([data[place] for place in range(start, stop)])
        logits = model(images)
        classes = logits.shape[-1]
        pairs = labels * classes + logits.max(-1).indices
        return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes).double()


get_accuracy = Accuracy()


def train_step(*args, **kwargs) -> float:
    given = inspect.signature(_step).bind(*args, **kwargs)
    return _step(*given.args, **given.kwargs)


def _step(model, images, labels, criterion, optimizer):
    model.train()
    held = {p for group in optimizer.param_groups for p in group["params"] if p.requires_grad}
    for parameter in held:
        if parameter.grad is not None:
            parameter.grad = torch.zeros_like(parameter)
    loss = criterion(model(images), labels)
    loss.backward(inputs=list(held))
    optimizer.step()
    return loss.item()


class Shuffled(IterableDataset):
    """Goes through a dataset in a new order each time, or in its own."""

    def __init__(self, data, shuffled):
        super().__init__()
        self.data, self.shuffled = data, shuffled

    def __iter__(self):
        count = len(self.data)
        order = torch.rand(count).argsort() if self.shuffled else torch.arange(count)
        for place in order.tolist():
            yield self.data[place]


def recorder(model, train_data, val_data):
    """A generator that is sent losses and yields the history so far."""
    rows = []
    while True:
        columns = map(list, zip(*rows)) if rows else ([] for _ in fields(History))
        loss = yield History(**{part.name: column for part, column in zip(fields(History), columns)})
        rows.append((len(rows), loss, get_accuracy(model, train_data), get_accuracy(data=val_data, model=model)))


def train(
    model,
    train_data,
    val_data,
    batch_size=64,
    weight_decay=0.0,
    optimizer="sgd",
    learning_rate=0.1,
    momentum=0.9,
    data_shuffle=True,
    num_epochs=3,
):
    known = {"sgd": {"momentum": momentum}, "adam": {}}
    if optimizer not in known:
        raise ValueError("optimizer", optimizer)
    (make,) = (kind for name, kind in vars(optim).items() if name.lower() == optimizer and isinstance(kind, type))
    updater = make(model.parameters(), lr=learning_rate, weight_decay=weight_decay, **known[optimizer])
    loader = DataLoader(Shuffled(train_data, data_shuffle), batch_size=batch_size)
    record = recorder(model, train_data, val_data)
    history = next(record)
    for _ in range(num_epochs):
        for images, labels in loader:
            if len(labels) == batch_size:
                history = record.send(train_step(model, images, labels, optimizer=updater, criterion=nn.CrossEntropyLoss()))
    return history
