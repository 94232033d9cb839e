"""Wrong answers of topic training: what models may be, options in combination, and the order of parameters."""
# fmt: off

import weakref

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset

from solutions.training import History, get_accuracy, train_step
from tests.wrong.base import wrong
from tests.wrong.training_parts import make_optimizer

TRAINED = weakref.WeakSet()


def refuse_nothing(data):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")


def accuracy(model, data, batch_size, predict):
    """The right accuracy, if `predict` is right for a batch of pictures."""
    refuse_nothing(data)
    model.eval()
    with torch.no_grad():
        loader = DataLoader(data, batch_size=batch_size)
        return sum((predict(images) == labels).sum().item() for images, labels in loader) / len(data)


def update(loss, optimizer):
    """The right second half of a step."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def first(data, count):
    return Subset(data, range(min(count, len(data))))


def lesson(
    model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs, *,
    seen=lambda images: images, ends=lambda epoch, history: False, scored=None,
):
    """The right training. The model sees `seen(images)`; `ends` is asked before each iteration; `scored` for train_acc."""
    loader = DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle, drop_last=True)
    history = History()
    for epoch in range(num_epochs):
        for images, labels in loader:
            if ends(epoch, history):
                return history
            history.iters.append(len(history.iters))
            history.losses.append(train_step(model, seen(images), labels, nn.CrossEntropyLoss(), updater))
            history.train_acc.append(get_accuracy(model, scored or train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history


# get_accuracy


@wrong("get_accuracy", "accuracy-flattens-pictures", why="Flattens before the model: a convolution refuses rows.")
def accuracy_flattens_pictures(model, data, batch_size=1024):
    return accuracy(model, data, batch_size, lambda images: model(images.view(len(images), -1)).argmax(dim=1))


@wrong("get_accuracy", "accuracy-needs-four-axes", why="Unpacks N, C, H, W: rows of numbers, as in the docstring, raise.")
def accuracy_needs_four_axes(model, data, batch_size=1024):
    def predict(images):
        n, c, h, w = images.shape
        return model(images.view(n, c, h, w)).argmax(dim=1)

    return accuracy(model, data, batch_size, predict)


@wrong("get_accuracy", "accuracy-freezes-for-good", why="requires_grad_(False) is never undone: the model learns no more.")
def accuracy_freezes_for_good(model, data, batch_size=1024):
    model.requires_grad_(False)
    return accuracy(model, data, batch_size, lambda images: model(images).argmax(dim=1))


@wrong(
    "get_accuracy", "accuracy-device-of-a-parameter", why="next(model.parameters()): raises for a model without any.",
    allowed="a common idiom, and the lesson's models have parameters",
)
def accuracy_device_of_a_parameter(model, data, batch_size=1024):
    device = next(model.parameters()).device
    return accuracy(model, data, batch_size, lambda images: model(images.to(device)).argmax(dim=1))


@wrong("get_accuracy", "accuracy-refuses-empty-lists-only", why="data == []: another empty dataset is no ValueError.")
def accuracy_refuses_empty_lists_only(model, data, batch_size=1024):
    if data == []:
        refuse_nothing(data)
    model.eval()
    with torch.no_grad():
        loader = DataLoader(data, batch_size=batch_size)
        return sum((model(images).argmax(dim=1) == labels).sum().item() for images, labels in loader) / len(data)


@wrong("get_accuracy", "accuracy-counts-in-bytes", why="uint8 overflows where more than 255 of a batch are correct.")
def accuracy_counts_in_bytes(model, data, batch_size=1024):
    refuse_nothing(data)
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += int((model(images).argmax(dim=1) == labels).numpy().sum(dtype=np.uint8))
    return correct / len(data)


@wrong("get_accuracy", "accuracy-half-precision", why="Logits become float16: shows where two are close together.")
def accuracy_half_precision(model, data, batch_size=1024):
    return accuracy(model, data, batch_size, lambda images: model(images).half().argmax(dim=1))


@wrong("get_accuracy", "accuracy-batch-size-by-name-only", why="batch_size is keyword-only: by position it is a TypeError.")
def accuracy_batch_size_by_name_only(model, data, *, batch_size=1024):
    return accuracy(model, data, batch_size, lambda images: model(images).argmax(dim=1))


# train_step


@wrong("train_step", "step-flattens-pictures", why="Flattens before the model: a convolution refuses rows.")
def step_flattens_pictures(model, images, labels, criterion, optimizer):
    model.train()
    return update(criterion(model(images.view(len(images), -1)), labels), optimizer)


@wrong("train_step", "step-dropout-off", why="Dropout stays in evaluation mode, all else is in training mode.")
def step_dropout_off(model, images, labels, criterion, optimizer):
    model.train()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    return update(criterion(model(images), labels), optimizer)


@wrong("train_step", "step-runs-the-model-twice", why="Two forward passes: batch norm's running averages move twice.")
def step_runs_the_model_twice(model, images, labels, criterion, optimizer):
    model.train()
    model(images)
    return update(criterion(model(images), labels), optimizer)


@wrong("train_step", "step-skips-one-picture", why="No update for a batch of one picture.")
def step_skips_one_picture(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    return update(loss, optimizer) if len(images) > 1 else loss.item()


@wrong("train_step", "step-train-once-for-each-model", why="train() in a model's first call only: shows after an eval().")
def step_train_once_for_each_model(model, images, labels, criterion, optimizer):
    if model not in TRAINED:
        TRAINED.add(model)
        model.train()
    return update(criterion(model(images), labels), optimizer)


# train


@wrong("train", "train-flattens-pictures", why="Flattens before the model: a convolution cannot be trained.")
def train_flattens_pictures(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    run = model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs
    return lesson(*run, seen=lambda images: images.flatten(1))


@wrong("train", "train-thaws-the-model", why="Sets requires_grad everywhere: frozen parameters are trained.", allowed="as for train_step")
def train_thaws_the_model(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    model.requires_grad_(True)
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-trains-linear-layers-only", why="The optimizer gets linear layers and batch norms: no convolution.")
def train_trains_linear_layers_only(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    known = nn.ModuleList(layer for layer in model.modules() if isinstance(layer, (nn.Linear, nn.BatchNorm1d)))
    updater = make_optimizer(known, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-removes-dropout", why="Sets p = 0 in each nn.Dropout: shows for models that have one.")
def train_removes_dropout(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    for layer in model.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-decay-only-with-momentum", why="SGD with momentum=0 forgets weight_decay.")
def train_decay_only_with_momentum(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    decay = 0.0 if optimizer == "sgd" and momentum == 0 else weight_decay
    updater = make_optimizer(model, optimizer, learning_rate, momentum, decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-momentum-only-without-decay", why="SGD with a weight_decay forgets momentum.")
def train_momentum_only_without_decay(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, 0.0 if weight_decay else momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-adam-has-a-default-rate", why="learning_rate is 0.001 for Adam where it is left out.")
def train_adam_has_a_default_rate(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=None,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    if learning_rate is None:
        learning_rate = 0.001 if optimizer == "adam" else 0.1
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-optimizer-before-decay", why="weight_decay comes behind learning_rate: shows in positional calls.")
def train_optimizer_before_decay(
    model, train_data, val_data, batch_size=64, optimizer="sgd", learning_rate=0.1, weight_decay=0.0,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-epochs-before-shuffle", why="The last two parameters are exchanged: shows in positional calls.")
def train_epochs_before_shuffle(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, num_epochs=3, data_shuffle=True,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-shuffles-for-sgd-only", why="Adam always sees the order of train_data.")
def train_shuffles_for_sgd_only(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    shuffle = data_shuffle and optimizer == "sgd"
    return lesson(model, train_data, val_data, batch_size, updater, shuffle, num_epochs)


@wrong("train", "train-batches-of-one-skipped", why="batch_size=1 trains nothing and leaves an empty History.")
def train_batches_of_one_skipped(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    run = model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs
    return lesson(*run, ends=lambda epoch, history: batch_size == 1)


@wrong("train", "train-validates-on-a-hundred", why="val_acc is measured on the first 100 examples: shows if there are more.")
def train_validates_on_a_hundred(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, first(val_data, 100), batch_size, updater, data_shuffle, num_epochs)


@wrong("train", "train-accuracy-of-a-thousand", why="train_acc is measured on the first 1000 examples: shows if there are more.")
def train_accuracy_of_a_thousand(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    run = model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs
    return lesson(*run, scored=first(train_data, 1000))


@wrong("train", "train-halves-the-rate-after-five", why="The rate is halved every five epochs: shows for more than five.")
def train_halves_the_rate_after_five(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    def set_rate(epoch, history):
        updater.param_groups[0]["lr"] = learning_rate * 0.5 ** (epoch // 5)

    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    return lesson(model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs, ends=set_rate)


@wrong("train", "train-stops-at-a-small-loss", why="Ends behind a batch whose loss is below 0.01.")
def train_stops_at_a_small_loss(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1,
    momentum=0.9, data_shuffle=True, num_epochs=3,
):
    updater = make_optimizer(model, optimizer, learning_rate, momentum, weight_decay)
    run = model, train_data, val_data, batch_size, updater, data_shuffle, num_epochs
    return lesson(*run, ends=lambda epoch, history: bool(history.losses) and history.losses[-1] < 0.01)
