"""The training loop of the lecture."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset, TensorDataset


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def get_accuracy(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError("data is empty: len(data) is 0")
    loader = torch.utils.data.DataLoader(data, batch_size=batch_size)
    model.eval()  # annotate model for evaluation
    correct = 0
    total = 0
    with torch.no_grad():
        for imgs, labels in loader:
            output = model(imgs)  # We don't need to run torch.softmax
            pred = output.max(1, keepdim=True)[1]  # get the index of the max log-probability
            correct += pred.eq(labels.view_as(pred)).sum().item()
            total += imgs.shape[0]
    return correct / total


def train_step(model, images, labels, criterion, optimizer):
    model.train()  # annotate model for training
    out = model(images)  # forward pass
    loss = criterion(out, labels)  # compute the total loss
    loss.backward()  # backward pass (compute parameter updates)
    optimizer.step()  # make the updates for each parameter
    optimizer.zero_grad()  # a clean up step for PyTorch
    return float(loss)


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
    # training data
    train_loader = torch.utils.data.DataLoader(train_data, batch_size=batch_size, shuffle=data_shuffle)
    # loss function
    criterion = nn.CrossEntropyLoss()
    # optimizer
    if optimizer not in ("sgd", "adam"):
        raise ValueError("optimizer must be sgd or adam, not " + str(optimizer))
    if optimizer == "sgd":
        optimizer = optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    else:
        optimizer = optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    # track learning curve
    iters, losses, train_acc, val_acc = [], [], [], []
    # training
    n = 0  # the number of iterations (for plotting)
    for epoch in range(num_epochs):
        for imgs, labels in iter(train_loader):
            if imgs.size()[0] < batch_size:
                continue

            model.train()  # annotate model for training
            out = model(imgs)
            loss = criterion(out, labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()

            # save the current training information
            iters.append(n)
            losses.append(float(loss))  # the criterion has averaged already
            train_acc.append(get_accuracy(model, train_data))  # compute training accuracy
            val_acc.append(get_accuracy(model, val_data))  # compute validation accuracy
            n += 1
    return History(iters, losses, train_acc, val_acc)
