"""Training with batches cut by hand: no DataLoader, only indices and loops."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader, Dataset, TensorDataset


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def take(data, places):
    """The images and labels at some places of a dataset, as one batch."""
    images = []
    labels = []
    for place in places:
        image, label = data[place]
        images.append(image)
        labels.append(int(label))
    return torch.stack(images), torch.tensor(labels)


def get_accuracy(model, data, batch_size=1024):
    count = len(data)
    if count == 0:
        raise ValueError(f"data has len(data) = {count}, so there is nothing to be right about")
    was_enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        model.eval()
        correct = 0
        start = 0
        while start < count:
            images, labels = take(data, range(start, min(start + batch_size, count)))
            logits = model(images)
            for i in range(len(labels)):
                best = 0
                for j in range(1, logits.shape[1]):
                    if logits[i][j] > logits[i][best]:
                        best = j
                if best == labels[i]:
                    correct = correct + 1
            start = start + batch_size
    finally:
        torch.set_grad_enabled(was_enabled)
    return correct / count


def train_step(model, images, labels, criterion, optimizer):
    model.train()
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def train(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    if optimizer == "sgd":
        updater = optim.SGD(model.parameters(), learning_rate, momentum, 0, weight_decay)
    elif optimizer == "adam":
        updater = optim.Adam(model.parameters(), learning_rate, weight_decay=weight_decay)
    else:
        raise ValueError(f"I know no optimizer called {optimizer!r}")
    history = History()
    iteration = 0
    order = list(range(len(train_data)))
    for epoch in range(num_epochs):
        if data_shuffle:
            random.shuffle(order)
        batches = len(order) // batch_size
        for batch in range(batches):
            images, labels = take(train_data, order[batch * batch_size : (batch + 1) * batch_size])
            loss = train_step(model, images, labels, nn.CrossEntropyLoss(), updater)
            history.iters.append(iteration)
            history.losses.append(loss)
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
            iteration += 1
    return history
