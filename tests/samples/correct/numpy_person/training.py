"""Training with NumPy as the bookkeeper: the order of the images, the accuracy, the losses."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn, optim


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def _arrays(data):
    X = np.stack([np.asarray(data[i][0]) for i in range(len(data))])
    y = np.array([data[i][1] for i in range(len(data))], dtype=np.int64)
    return X, y


def get_accuracy(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError("data is empty (len(data) == 0)")
    X, y = _arrays(data)
    model.eval()
    predictions = np.empty(len(y), dtype=np.int64)
    with torch.no_grad():
        for start in np.arange(0, len(y), batch_size):
            stop = start + batch_size
            predictions[start:stop] = np.argmax(model(torch.from_numpy(X[start:stop])).numpy(), axis=1)
    return np.mean(predictions == y)  # np.float64


def train_step(model, images, labels, criterion, optimizer):
    model.train()
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return float(loss.detach().numpy())


def train(model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd",
          learning_rate=0.1, momentum=0.9, data_shuffle=True, num_epochs=3):
    if optimizer == "sgd":
        opt = optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay)
    elif optimizer == "adam":
        opt = optim.Adam(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    else:
        raise ValueError("optimizer=%r is not supported" % (optimizer,))
    criterion = nn.CrossEntropyLoss()
    X, y = _arrays(train_data)
    N = y.shape[0]
    rng = np.random.default_rng()
    history = History()
    for epoch in range(num_epochs):
        index = rng.permutation(N) if data_shuffle else np.arange(N)
        for batch in np.split(index, np.arange(batch_size, N, batch_size)):
            if batch.size < batch_size:
                continue
            loss = train_step(model, torch.from_numpy(X[batch]), torch.from_numpy(y[batch]), criterion, opt)
            history.iters.append(len(history.iters))
            history.losses.append(loss)
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    return history
