"""Wrong answers to get_accuracy: modes, gradients and refusals."""

import torch
from torch import nn
from torch.utils.data import DataLoader

from tests.wrong.base import wrong


@wrong("get_accuracy", "accuracy-flag-on-top-only", why="model.training = False leaves the children in training mode.")
def accuracy_flag_on_top_only(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.training = False
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-children-only",
    why="The model's own flag stays: shows where its forward reads self.training.",
)
def accuracy_children_only(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    for child in model.children():
        child.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-back-to-training-too-early",
    why="train() inside the loop: from the second batch on it is training mode.",
)
def accuracy_back_to_training_too_early(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            model.train()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-dropout-only",
    why="Only dropout is put in evaluation mode: batch norm still uses the batch.",
)
def accuracy_dropout_only(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-freezes-the-model",
    why="requires_grad off and on for no_grad: frozen parameters come back trainable.",
)
def accuracy_freezes_the_model(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    model.requires_grad_(False)
    correct = 0
    for images, labels in DataLoader(data, batch_size=batch_size):
        correct += (model(images).argmax(dim=1) == labels).sum().item()
    model.requires_grad_(True)
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-gradients-off-after-an-error",
    why="No finally: gradients stay off where the model raises.",
    allowed="the contract speaks of calls that return or refuse, not of broken models",
)
def accuracy_gradients_off_after_an_error(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    correct = 0
    for images, labels in DataLoader(data, batch_size=batch_size):
        correct += (model(images).argmax(dim=1) == labels).sum().item()
    torch.set_grad_enabled(before)
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-gradients-off-after-a-refusal",
    why="Switches first, refuses then: gradients stay off for empty data.",
)
def accuracy_gradients_off_after_a_refusal(model, data, batch_size=1024):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    try:
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    finally:
        torch.set_grad_enabled(before)
    return correct / len(data)


@wrong("get_accuracy", "accuracy-refuses-without-a-name", why="The ValueError for an empty dataset names no argument.")
def accuracy_refuses_without_a_name(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError("cannot compute the accuracy of nothing")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong("get_accuracy", "accuracy-asserts", why="An AssertionError for an empty dataset.")
def accuracy_asserts(model, data, batch_size=1024):
    assert len(data) > 0, f"data must hold at least one example, got len(data)={len(data)}"
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong("get_accuracy", "accuracy-refuses-one-example", why="A dataset of one example is refused.")
def accuracy_refuses_one_example(model, data, batch_size=1024):
    if len(data) <= 1:
        raise ValueError(f"data must hold examples, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-refuses-large-batches",
    why="A batch_size larger than the dataset is refused, if it is not the default.",
)
def accuracy_refuses_large_batches(model, data, batch_size=1024):
    if len(data) == 0 or (batch_size > len(data) and batch_size != 1024):
        raise ValueError(f"data must hold one batch of batch_size={batch_size}, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)
