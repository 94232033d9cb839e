"""Training in as few lines as it will go."""
from dataclasses import dataclass, field

import torch
from torch import nn, optim
from torch.utils.data import DataLoader


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def _raise(error): raise error


@torch.no_grad()
def get_accuracy(model, data, batch_size=1024):
    (count := len(data)) or _raise(ValueError(f"no data: len(data) = {count}"))
    return [model.eval(), sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(data, batch_size))][1] / count


def train_step(model, images, labels, criterion, optimizer):
    optimizer.zero_grad(), (loss := criterion(model.train()(images), labels)).backward(), optimizer.step()
    return loss.item()


def train(model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1, momentum=0.9, data_shuffle=True, num_epochs=3):
    kind, more = {"sgd": (optim.SGD, {"momentum": momentum}), "adam": (optim.Adam, {})}.get(optimizer) or _raise(ValueError(f"{optimizer = }"))
    step, criterion = kind(model.parameters(), lr=learning_rate, weight_decay=weight_decay, **more), nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size, data_shuffle, drop_last=True)
    rows = [(train_step(model, x, y, criterion, step), get_accuracy(model, train_data), get_accuracy(model, val_data)) for _ in range(num_epochs) for x, y in loader]
    return History([*range(len(rows))], *map(list, zip(*rows))) if rows else History()
