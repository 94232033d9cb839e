"""Wrong answers to train: unknown optimizers."""
# fmt: off

from torch import nn, optim
from torch.utils.data import DataLoader

from tests.wrong.base import wrong


@wrong(
    "train", "train-optimizer-by-first-letter",
    why="Compares the beginning of the name: sgdm and adamw are taken too.",
)
def train_optimizer_by_first_letter(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    if optimizer.startswith("sgd"):
        updater = optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    elif optimizer.startswith("adam"):
        updater = optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    else:
        raise ValueError(f"optimizer must be 'sgd' or 'adam', got optimizer={optimizer!r}")
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
    "train", "train-optimizer-in-a-string",
    why="`in` between strings: the empty name and parts such as ad are taken too.",
)
def train_optimizer_in_a_string(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    if optimizer in "sgd":
        updater = optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    elif optimizer in "adam":
        updater = optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    else:
        raise ValueError(f"optimizer must be 'sgd' or 'adam', got optimizer={optimizer!r}")
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


@wrong("train", "train-refuses-without-the-value", why="The text for an unknown optimizer does not say which.")
def train_refuses_without_the_value(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    if optimizer == "sgd":
        updater = optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    elif optimizer == "adam":
        updater = optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    else:
        raise ValueError("unknown optimizer")
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


@wrong("train", "train-refuses-without-the-argument", why="The text has the unknown value, but names no argument.")
def train_refuses_without_the_argument(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    if optimizer == "sgd":
        updater = optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    elif optimizer == "adam":
        updater = optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    else:
        raise ValueError(f"{optimizer!r} is neither 'sgd' nor 'adam'")
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


@wrong("train", "train-optimizer-is-a-key", why="KeyError for an unknown optimizer.")
def train_optimizer_is_a_key(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    options = {
        "sgd": {"lr": learning_rate, "momentum": momentum, "weight_decay": weight_decay},
        "adam": {"lr": learning_rate, "weight_decay": weight_decay},
    }
    classes = {"sgd": optim.SGD, "adam": optim.Adam}
    updater = classes[optimizer](model.parameters(), **options[optimizer])
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
