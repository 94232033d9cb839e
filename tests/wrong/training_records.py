"""Wrong answers to train: accuracies in the history."""
# fmt: off

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset

from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer


@wrong(
    "train", "train-validates-on-a-batch",
    why="val_acc is measured on the first batch_size examples of val_data: shows if there are more.",
)
def train_validates_on_a_batch(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    part = Subset(val_data, range(min(batch_size, len(val_data))))
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, part))
    return history


@wrong("train", "train-accuracy-once-an-epoch", why="Measured at an epoch's end and repeated for all of its entries.")
def train_accuracy_once_an_epoch(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
        new = len(history.iters) - len(history.train_acc)
        if new:
            history.train_acc += [get_accuracy(model, train_data)] * new
            history.val_acc += [get_accuracy(model, val_data)] * new
    return history


@wrong(
    "train", "train-accuracy-every-fourth-time",
    why="Measured in every fourth iteration and repeated until the next.",
)
def train_accuracy_every_fourth_time(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            if history.iters[-1] % 4 == 0:
                measured = get_accuracy(model, train_data), get_accuracy(model, val_data)
            history.train_acc.append(measured[0])
            history.val_acc.append(measured[1])
    return history


@wrong(
    "train", "train-accuracy-in-training-mode",
    why="Its own accuracy, without eval(): shows with dropout or batch norm.",
)
def train_accuracy_in_training_mode(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            for data, found in ((train_data, history.train_acc), (val_data, history.val_acc)):
                with torch.no_grad():
                    hits = [model(x).argmax(dim=1) == y for x, y in DataLoader(data, batch_size=1024)]
                found.append(torch.cat(hits).float().mean().item())
    return history


@wrong("train", "train-best-accuracy-so-far", why="val_acc never falls: the best so far.")
def train_best_accuracy_so_far(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(max([get_accuracy(model, val_data), *history.val_acc]))
    return history
