"""Training by someone who checks everything twice and prints a lot."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset, TensorDataset

NUMBER_OF_WORKERS = 0
KNOWN_OPTIMIZERS = ["sgd", "adam"]
PRINT_EVERY = 5


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def get_accuracy(model, data, batch_size=1024):
    number_of_examples = len(data)
    if number_of_examples == 0:
        raise ValueError("data must not be empty, but len(data) is " + str(number_of_examples))
    assert isinstance(batch_size, int)
    assert batch_size > 0
    gradients_were_enabled = torch.is_grad_enabled()
    loader = DataLoader(data, batch_size=batch_size, shuffle=False, num_workers=NUMBER_OF_WORKERS, drop_last=False)
    number_correct = 0
    number_seen = 0
    try:
        torch.set_grad_enabled(False)
        model.eval()
        for batch_of_images, batch_of_labels in loader:
            assert not model.training
            assert not torch.is_grad_enabled()
            batch_of_logits = model(batch_of_images.clone()).detach().clone()
            assert batch_of_logits.shape[0] == batch_of_labels.shape[0]
            for logits, label in zip(batch_of_logits, batch_of_labels):
                predicted_class = int(torch.argmax(logits, dim=0).item())
                true_class = int(label.item())
                number_seen = number_seen + 1
                if predicted_class == true_class:
                    number_correct = number_correct + 1
            del batch_of_images, batch_of_labels, batch_of_logits
    finally:
        torch.set_grad_enabled(gradients_were_enabled)
        model.train()
    assert number_seen == number_of_examples
    accuracy = float(number_correct) / float(number_seen)
    assert 0.0 <= accuracy <= 1.0
    return accuracy


def train_step(model, images, labels, criterion, optimizer):
    assert len(images) == len(labels), "as many labels as images"
    model.train()
    assert model.training
    images = images.clone().detach()
    labels = labels.clone().detach().long()
    optimizer.zero_grad()
    logits = model(images)
    loss = criterion(logits, labels)
    assert loss.dim() == 0, "the loss is one number"
    loss_as_a_number = float(loss.detach().clone().item())
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()  # to be on the safe side
    del logits, loss
    return loss_as_a_number


def train(
    model,
    train_data,
    val_data,
    batch_size=64,
    weight_decay=0.0,
    optimizer="sgd",
    learning_rate=0.1,
    momentum=0.9,
    data_shuffle=True,
    num_epochs=3,
):
    if not isinstance(optimizer, str):
        raise ValueError("optimizer must be a string, got optimizer = " + repr(optimizer))
    if optimizer not in KNOWN_OPTIMIZERS:
        raise ValueError("optimizer must be in " + str(KNOWN_OPTIMIZERS) + ", got optimizer = " + optimizer)
    assert batch_size >= 1
    assert num_epochs >= 0
    the_optimizer = None
    if optimizer == "sgd":
        the_optimizer = optim.SGD(
            model.parameters(), lr=float(learning_rate), momentum=float(momentum), weight_decay=float(weight_decay)
        )
    if optimizer == "adam":
        the_optimizer = optim.Adam(model.parameters(), lr=float(learning_rate), weight_decay=float(weight_decay))
    assert the_optimizer is not None
    the_criterion = nn.CrossEntropyLoss()
    train_loader = DataLoader(
        train_data, batch_size=batch_size, shuffle=bool(data_shuffle), num_workers=NUMBER_OF_WORKERS, drop_last=False
    )
    iteration_number = 0
    all_iterations = []
    all_losses = []
    all_train_accuracies = []
    all_val_accuracies = []
    for epoch_number in range(0, num_epochs):
        for batch_number, batch in enumerate(train_loader):
            images = batch[0]
            labels = batch[1]
            if images.shape[0] != batch_size:
                print("epoch", epoch_number, "batch", batch_number, "has only", images.shape[0], "images: skipped")
                continue
            loss = train_step(model, images, labels, the_criterion, the_optimizer)
            train_accuracy = get_accuracy(model, train_data)
            val_accuracy = get_accuracy(model, val_data)
            all_iterations.append(int(iteration_number))
            all_losses.append(float(loss))
            all_train_accuracies.append(float(train_accuracy))
            all_val_accuracies.append(float(val_accuracy))
            if iteration_number % PRINT_EVERY == 0:
                print("iteration", iteration_number, "loss", loss, "train", train_accuracy, "val", val_accuracy)
            iteration_number = iteration_number + 1
    history = History()
    history.iters = all_iterations
    history.losses = all_losses
    history.train_acc = all_train_accuracies
    history.val_acc = all_val_accuracies
    assert len(history.iters) == len(history.losses) == len(history.train_acc) == len(history.val_acc)
    return history
