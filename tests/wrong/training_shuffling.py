"""Wrong answers to train: the order of the examples."""
# fmt: off


import torch
from torch import nn
from torch.utils.data import DataLoader, RandomSampler, Subset

from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer


@wrong("train", "train-shuffles-the-other-way-round", why="data_shuffle is inverted.", named="always-shuffles")
def train_shuffles_the_other_way_round(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=not data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-shuffles-after-the-first-epoch", why="The first epoch is in order, later ones are shuffled.", allowed="the order of shuffling is open")
def train_shuffles_after_the_first_epoch(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    history = History()
    for epoch in range(num_epochs):
        shuffle = data_shuffle and epoch > 0
        loader = DataLoader(train_data, batch_size=batch_size, shuffle=shuffle, drop_last=True)
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-draws-with-replacement", why="Some examples come twice in an epoch and others not at all.")
def train_draws_with_replacement(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    sampler = RandomSampler(train_data, replacement=True) if data_shuffle else None
    loader = DataLoader(train_data, batch_size=batch_size, sampler=sampler, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-shuffles-batches", why="Batches change places; who is in a batch together never changes.")
def train_shuffles_batches(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    count = len(train_data) // batch_size
    batches = [range(index * batch_size, (index + 1) * batch_size) for index in range(count)]
    history = History()
    for _ in range(num_epochs):
        order = torch.randperm(count).tolist() if data_shuffle else range(count)
        for images, labels in DataLoader(train_data, batch_sampler=[list(batches[index]) for index in order]):
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-shuffles-within-batches", why="Examples change places inside their batch only.")
def train_shuffles_within_batches(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            if data_shuffle:
                order = torch.randperm(len(labels))
                images, labels = images[order], labels[order]
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong(
    "train", "train-leaves-the-tail-out",
    why="Cuts the dataset to full batches before shuffling: the last examples never train.",
    allowed="the order of shuffling is open, and which images are left over follows from it",
)
def train_leaves_the_tail_out(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    usable = Subset(train_data, range(len(train_data) // batch_size * batch_size))
    if len(usable) == 0:
        return History()
    loader = DataLoader(usable, batch_size=batch_size, shuffle=data_shuffle)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong(
    "train", "train-the-same-batch-again",
    why="next(iter(loader)) in the loop: without shuffling, always the first batch.", named="same-batch-again",
)
def train_the_same_batch_again(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for _ in range(len(loader)):
            images, labels = next(iter(loader))
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-takes-tensor-datasets", why="Uses train_data.tensors: a list or another Dataset raises.")
def train_takes_tensor_datasets(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    pictures, classes = train_data.tensors
    history = History()
    for _ in range(num_epochs):
        order = torch.randperm(len(classes)) if data_shuffle else torch.arange(len(classes))
        for chosen in order[: len(order) // batch_size * batch_size].split(batch_size):
            images, labels = pictures[chosen], classes[chosen]
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history
