"""Wrong answers of topic training as students really write them: each is named, however it is written."""
# fmt: off

import copy

import torch
from torch import nn
from torch.utils.data import DataLoader

from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer


@wrong("get_accuracy", "accuracy-drop-last", why="drop_last=True while measuring.", named="leaves-out-the-last-batch")
def accuracy_drop_last(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError("data has 0 images")
    model.eval()
    correct = seen = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size, drop_last=True):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            seen += len(labels)
    return correct / seen


@wrong(
    "get_accuracy",
    "accuracy-means-times-batch-size",
    why="Each batch's mean times batch_size: too much for a smaller last batch.",
    named="weighs-the-last-batch-in-full",
)
def accuracy_means_times_batch_size(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError("data has 0 images")
    model.eval()
    correct = 0.0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).float().mean().item() * batch_size
    return correct / len(data)


@wrong(
    "train_step", "step-forgets-backward", why="backward is never called.", named="no-gradient-reaches-the-weights"
)
def step_forgets_backward(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-loss-told-to-want-gradients",
    why="The loss has no graph, and requires_grad is set on it by hand.",
    named="no-gradient-reaches-the-weights",
)
def step_loss_told_to_want_gradients(model, images, labels, criterion, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = criterion(model(images).detach(), labels)
    loss.requires_grad = True
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-collects-two-batches",
    why="Collects the gradients of two batches for an update.",
    named="updates-every-second-time",
)
def step_collects_two_batches(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    loss.backward()
    model.turn = not getattr(model, "turn", False)
    if not model.turn:
        optimizer.step()
        optimizer.zero_grad()
    return loss.item()


@wrong(
    "train", "train-optimizer-of-a-copy",
    why="The optimizer is given the parameters of a copy: nothing is learnt.", named="updates-without-gradients",
)
def train_optimizer_of_a_copy(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(copy.deepcopy(model), optimizer, learning_rate, momentum, weight_decay)
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
    "train", "train-records-every-hundredth",
    why="An entry for every hundredth iteration alone.", named="only-the-first-entry",
)
def train_records_every_hundredth(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history, iteration = History(), 0
    for _ in range(num_epochs):
        for images, labels in loader:
            loss = train_step(model, images, labels, criterion, updater)
            if iteration % 100 == 0:
                history.iters.append(iteration)
                history.losses.append(loss)
                history.train_acc.append(get_accuracy(model, train_data))
                history.val_acc.append(get_accuracy(model, val_data))
            iteration += 1
    return history


@wrong(
    "train", "train-records-where-a-place-is-a-multiple",
    why="enumerate starts anew in each epoch, and an entry comes at places 0, 50, 100, ...", named="first-entry-of-each-epoch",
)
def train_records_where_a_place_is_a_multiple(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history, iteration = History(), 0
    for _ in range(num_epochs):
        for place, (images, labels) in enumerate(loader):
            loss = train_step(model, images, labels, criterion, updater)
            if place % 50 == 0:
                history.iters.append(iteration)
                history.losses.append(loss)
                history.train_acc.append(get_accuracy(model, train_data))
                history.val_acc.append(get_accuracy(model, val_data))
            iteration += 1
    return history
