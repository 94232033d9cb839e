"""Wrong answers to train_step: the loss and the update."""

import torch
from torch import nn
from torch.nn import functional as F

from tests.wrong.base import wrong


@wrong("train_step", "step-log-softmax-first", why="Cross-entropy and margins do not mind; NLLLoss and others do.")
def step_log_softmax_first(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(F.log_softmax(model(images), dim=1), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong("train_step", "step-one-hot", why="Labels become one-hot: cross-entropy takes that, NLL and margins refuse.")
def step_one_hot(model, images, labels, criterion, optimizer):
    model.train()
    logits = model(images)
    loss = criterion(logits, F.one_hot(labels, logits.shape[1]).float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-loss-of-evaluation",
    why="Returns the loss measured in evaluation mode: shows with dropout or batch norm.",
)
def step_loss_of_evaluation(model, images, labels, criterion, optimizer):
    model.eval()
    with torch.no_grad():
        returned = criterion(model(images), labels).item()
    model.train()
    optimizer.zero_grad()
    criterion(model(images), labels).backward()
    optimizer.step()
    return returned


@wrong("train_step", "step-returns-two-digits", why="Rounded to two digits.")
def step_returns_two_digits(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return round(loss.item(), 2)


@wrong("train_step", "step-returns-a-running-mean", why="The first call is right; later ones return a smoothed loss.")
def step_returns_a_running_mean(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.smoothed = 0.9 * getattr(optimizer, "smoothed", loss.item()) + 0.1 * loss.item()
    return optimizer.smoothed


@wrong("train_step", "step-clips-gradients", why="Gradients longer than 1 are cut: shows for large ones only.")
def step_clips_gradients(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


@wrong("train_step", "step-by-hand", why="Subtracts lr * grad itself: right for plain SGD, not with momentum or Adam.")
def step_by_hand(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter -= group["lr"] * parameter.grad
    return loss.item()


@wrong(
    "train_step",
    "step-averages-twice",
    why="The gradient is divided by the batch size again: Adam hardly shows it, SGD does.",
)
def step_averages_twice(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    (loss / len(images)).backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-penalises-weights",
    why="Adds an L2 penalty of its own to the gradient; the loss returned is right.",
)
def step_penalises_weights(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    penalty = sum(parameter.square().sum() for parameter in model.parameters())
    optimizer.zero_grad()
    (loss + 1e-2 * penalty).backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step", "step-lowers-the-rate", why="The learning rate falls with each call: shows from the second one on."
)
def step_lowers_the_rate(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.95
    return loss.item()


@wrong("train_step", "step-one-by-one", why="Mean of single losses: wrong with class weights, and batch norm refuses.")
def step_one_by_one(model, images, labels, criterion, optimizer):
    model.train()
    losses = [criterion(model(images[i : i + 1]), labels[i : i + 1]) for i in range(len(images))]
    loss = sum(losses) / len(losses)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong("train_step", "step-in-halves", why="Two updates, each on half of the batch: right for a batch of one.")
def step_in_halves(model, images, labels, criterion, optimizer):
    model.train()
    total = 0.0
    half = -(-len(images) // 2)
    for some, classes in zip(images.split(half), labels.split(half), strict=True):
        loss = criterion(model(some), classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(some)
    return total / len(images)


@wrong("train_step", "step-skips-what-is-known", why="No update where every prediction is right already.")
def step_skips_what_is_known(model, images, labels, criterion, optimizer):
    model.train()
    logits = model(images)
    loss = criterion(logits, labels)
    if (logits.argmax(dim=1) == labels).all():
        return loss.item()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
