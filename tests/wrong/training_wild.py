"""Wrong answers of topic training as students really write them: each is named, however it is written."""
# fmt: off


import torch
from torch import nn
from torch.utils.data import DataLoader

from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer


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
