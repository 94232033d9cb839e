"""Wrong answers to train: the optimizer's life, the loss and the mode."""
# fmt: off


import torch
from torch import nn, optim
from torch.utils.data import DataLoader

from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer


@wrong(
    "train", "train-refuses-late",
    why="Refuses only at the first batch: an unknown optimizer passes where no batch is full.",
)
def train_refuses_late(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = None
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            if updater is None:
                updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong(
    "train", "train-lowers-the-rate",
    why="The rate falls by a tenth after each epoch: shows from the second one on.",
)
def train_lowers_the_rate(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    scheduler = optim.lr_scheduler.StepLR(updater, step_size=1, gamma=0.9)
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
        if history.iters:
            scheduler.step()
    return history


@wrong("train", "train-smooths-labels", why="Label smoothing of 0.1: losses and gradients are not cross-entropy's.")
def train_smooths_labels(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
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
    "train", "train-balances-classes",
    why="Weighs classes by how rare they are in train_data: the same where all are alike.",
)
def train_balances_classes(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    labels = torch.tensor([int(train_data[index][1]) for index in range(len(train_data))])
    with torch.no_grad():
        classes = model.eval()(torch.stack([train_data[0][0]])).shape[1]
    counts = torch.bincount(labels, minlength=classes).clamp(min=1)
    criterion = nn.CrossEntropyLoss(weight=len(labels) / (classes * counts))
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-clips-gradients", why="Each gradient entry is cut at 0.1: shows for larger ones.")
def train_clips_gradients(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.register_hook(lambda gradient: gradient.clamp(-0.1, 0.1))
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, images, labels, criterion, updater))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


@wrong("train", "train-first-epoch-in-evaluation", why="No train(): a model that comes in evaluation mode stays so.")
def train_first_epoch_in_evaluation(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    was_training = model.training
    for _ in range(num_epochs):
        for images, labels in loader:
            history.iters.append(len(history.iters))
            loss = criterion(model(images), labels)
            updater.zero_grad()
            loss.backward()
            updater.step()
            history.losses.append(loss.item())
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
            model.train(was_training)
    return history


@wrong(
    "train", "train-validation-teaches",
    why="Batch norm learns from val_data: its running statistics are updated while it is measured.",
)
def train_validation_teaches(
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
            model.train()
            with torch.no_grad():
                model(torch.stack([val_data[index][0] for index in range(len(val_data))]))
            history.val_acc.append(get_accuracy(model, val_data))
    return history
