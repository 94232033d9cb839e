"""Training by way of autograd.grad, closures, generators and a decorator; no DataLoader in `train`."""

import functools
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def without_gradients(function):
    """A decorator: the function runs with gradients off, and the switch is found as it was."""

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        try:
            return function(*args, **kwargs)
        finally:
            torch.set_grad_enabled(before)

    return wrapped


def collate(pairs):
    images, labels = zip(*pairs)
    return torch.stack(images), torch.as_tensor(labels)


@without_gradients
def get_accuracy(model: nn.Module, data: Dataset | Sequence, batch_size: int = 1024) -> float:
    if len(data) == 0:
        raise ValueError(f"data: {len(data)} examples are too few")
    seen = []

    def listen(module, inputs, logits):
        seen.append(logits.argsort(dim=1, descending=True, stable=True)[:, 0])

    model.eval()
    handle = model.register_forward_hook(listen)
    try:
        wanted = []
        for images, labels in DataLoader(data, batch_size=batch_size, collate_fn=collate):
            model(images)
            wanted.append(labels)
    finally:
        handle.remove()
    return torch.eq(torch.cat(seen), torch.cat(wanted)).double().mean().item()


def train_step(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: nn.Module, optimizer: optim.Optimizer
) -> float:
    def closure():
        optimizer.zero_grad(set_to_none=False)
        model.train()
        loss = criterion(model(images), labels)
        held = [p for group in optimizer.param_groups for p in group["params"] if p.requires_grad]
        for parameter, gradient in zip(held, torch.autograd.grad(loss, held, allow_unused=True)):
            parameter.grad = None if gradient is None else gradient.clone()
        return loss

    loss = optimizer.step(closure).detach().item()
    model.eval()  # nobody trains without meaning to
    return loss


def batches_of(count, batch_size, shuffled):
    order = sorted(range(count), key=lambda place: random.random()) if shuffled else range(count)
    full = iter(order)
    while len(batch := list(itertools.islice(full, batch_size))) == batch_size:
        yield batch


def train(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1, momentum=0.9,
    data_shuffle=True, num_epochs=3,
) -> History:
    try:
        make = {
            "sgd": functools.partial(optim.SGD, momentum=momentum, foreach=False),
            "adam": functools.partial(optim.Adam, foreach=False),
        }[optimizer]
    except KeyError:
        raise ValueError(f'there is no optimizer "{optimizer}"') from None
    update = make([{"params": list(model.parameters())}], lr=learning_rate, weight_decay=weight_decay)
    history = History()
    for _ in range(num_epochs):
        for places in batches_of(len(train_data), batch_size, data_shuffle):
            subset = Subset(train_data, places)
            images, labels = collate([subset[i] for i in range(len(subset))])
            history.iters += [len(history.iters)]
            history.losses += [train_step(model, images, labels, nn.CrossEntropyLoss(reduction="mean"), update)]
            history.train_acc += [get_accuracy(model, train_data)]
            history.val_acc += [get_accuracy(model, val_data)]
    return history
