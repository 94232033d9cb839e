"""Wrong answers to train: when it ends, and with which weights."""
# fmt: off

import copy

import torch
from torch import nn
from torch.utils.data import DataLoader

from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer


@wrong("train", "train-starts-afresh", why="Resets all parameters first: a model with given weights forgets them.")
def train_starts_afresh(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong(
    "train", "train-returns-to-the-best",
    why="Restores the weights of the best val_acc: shows where the last is not the best.",
)
def train_returns_to_the_best(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    best, kept = -1.0, None
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
            if history.val_acc[-1] > best:
                best, kept = history.val_acc[-1], copy.deepcopy(model.state_dict())
    if kept is not None:
        model.load_state_dict(kept)
    return history


@wrong("train", "train-averages-weights", why="Ends with the mean of the epochs' weights: shows with two epochs.")
def train_averages_weights(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    epochs = []
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
        epochs.append([parameter.detach().clone() for parameter in model.parameters()])
    with torch.no_grad():
        for place, parameter in enumerate(model.parameters()):
            if epochs:
                parameter.copy_(torch.stack([weights[place] for weights in epochs]).mean(dim=0))
    return history


@wrong("train", "train-stops-when-perfect", why="Ends as soon as val_acc is 1.0.")
def train_stops_when_perfect(
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
            history.val_acc.append(get_accuracy(model, val_data))
            if history.val_acc[-1] == 1.0:
                return history
    return history


@wrong("train", "train-stops-when-worse", why="Ends an epoch after which the mean loss has grown: early stopping.")
def train_stops_when_worse(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    before = float("inf")
    for _ in range(num_epochs):
        start = len(history.losses)
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
        losses = history.losses[start:]
        if losses and sum(losses) / len(losses) > before:
            break
        before = sum(losses) / len(losses) if losses else before
    return history
