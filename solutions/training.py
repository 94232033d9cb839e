"""Topic training: measure a classifier, improve it by one step, repeat.

The second topic of the lesson. It takes any model that turns a batch of pictures into logits,
such as those of the topic `classifiers`, and any dataset of (image, label) pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader, TensorDataset

Criterion = Callable[[Tensor, Tensor], Tensor]  # such as nn.CrossEntropyLoss()
Data = Any  # a torch dataset, or a list, of (image, label) pairs; it has a length


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def get_accuracy(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    """Measure the fraction of a dataset that a model classifies correctly.

    The model predicts the class with the largest logit. Every example counts once, those of a
    last, smaller batch included.

    Two switches matter here, and they are different ones. Evaluation mode (`model.eval()`)
    changes what layers such as dropout and batch norm compute. `torch.no_grad()` records no
    graph for gradients. The model runs with both. Afterwards the global gradient switch
    (`torch.is_grad_enabled()`) is as you found it, on or off, which `with torch.no_grad():` sees
    to.

    Args:
        model: turns images (N, ...) into logits (N, num_classes), for any number of classes.
        data: a torch dataset, or a list, of (image, label) pairs; a label is a class number, as
            an int or a tensor without axes.
        batch_size: the number of examples the model sees at once; it does not change the result.

    Returns:
        A float in [0, 1].

    Raises:
        ValueError: the dataset is empty. The text names `data` and its length.

    >>> data = [(torch.tensor([3.0, 1.0]), 0), (torch.tensor([2.0, 5.0]), 1), (torch.tensor([9.0, 0.0]), 1)]
    >>> round(get_accuracy(nn.Identity(), data, batch_size=2), 4)
    0.6667
    """
    ### BEGIN SOLUTION
    if len(data) == 0:
        raise ValueError("data must hold at least one example, got len(data)=0")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            predictions = model(images).argmax(dim=1)
            correct += (predictions == labels).sum().item()
    return correct / len(data)
    ### END SOLUTION


def train_step(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    criterion: Criterion,
    optimizer: optim.Optimizer,
) -> float:
    """Improve a model by one update on one batch.

    Forward pass, loss, gradients, update, with the model in training mode (`model.train()`).
    The update uses this batch's gradient alone. PyTorch adds each new gradient to what `.grad`
    holds, so the gradients must be zeroed once per step: before `backward` or after
    `optimizer.step()`, both are right.

    Args:
        model: turns images into logits (N, num_classes).
        images: one batch, shape (N, ...).
        labels: the class numbers, shape (N,), dtype int64.
        criterion: turns logits and labels into the mean loss of the batch, a tensor without axes.
        optimizer: holds the model's parameters.

    Returns:
        The mean loss of the batch before the update, as a Python float.

    >>> model = nn.Linear(1, 2, bias=False)
    >>> _ = nn.init.zeros_(model.weight)
    >>> optimizer = optim.SGD(model.parameters(), lr=1.0)
    >>> images, labels = torch.tensor([[2.0]]), torch.tensor([0])
    >>> round(train_step(model, images, labels, nn.CrossEntropyLoss(), optimizer), 4)  # log 2
    0.6931
    >>> model.weight.tolist()
    [[1.0], [-1.0]]
    >>> round(train_step(model, images, labels, nn.CrossEntropyLoss(), optimizer), 4)
    0.0181
    """
    ### BEGIN SOLUTION
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
    ### END SOLUTION


def train(
    model: nn.Module,
    train_data: Data,
    val_data: Data,
    batch_size: int = 64,
    weight_decay: float = 0.0,
    optimizer: str = "sgd",
    learning_rate: float = 0.1,
    momentum: float = 0.9,
    data_shuffle: bool = True,
    num_epochs: int = 3,
) -> History:
    """Train a classifier with cross-entropy, and record every iteration.

    An epoch is one pass over `train_data` in batches. A batch smaller than `batch_size` (the
    last one of an epoch may be) is skipped: no update, no entry. Each other batch is one
    iteration: an update in training mode, then one entry in each list of the `History`:

    - `iters`: 0, 1, 2, ..., counting on across epochs;
    - `losses`: the mean loss of this batch, from the forward pass before the update. The lecture
      notebook divides it by the batch size once more; do not, the criterion has averaged already;
    - `train_acc`, `val_acc`: the accuracy on all of `train_data` and on all of `val_data`, after
      the update.

    One optimizer serves the whole run, because it remembers (momentum, Adam's averages).

    Args:
        model: turns images into logits (N, num_classes); it is trained in place.
        train_data, val_data: datasets as `get_accuracy` takes them.
        batch_size: examples per update.
        weight_decay: given to the optimizer, either one.
        optimizer: "sgd" for `optim.SGD` with `momentum`, "adam" for `optim.Adam`.
        learning_rate: given to the optimizer, either one.
        momentum: of SGD; Adam does without.
        data_shuffle: True puts the training examples in a new random order in each epoch, False
            keeps the order of `train_data`.
        num_epochs: passes over `train_data`.

    Returns:
        A `History`.

    Raises:
        ValueError: `optimizer` is neither "sgd" nor "adam". The text names it and its value.

    Five examples in batches of two are two iterations an epoch:

    >>> images, labels = torch.tensor([[1.0], [2.0], [-1.0], [-2.0], [3.0]]), torch.tensor([0, 0, 1, 1, 0])
    >>> data = TensorDataset(images, labels)
    >>> model = nn.Linear(1, 2, bias=False)
    >>> _ = nn.init.zeros_(model.weight)
    >>> history = train(model, data, data, batch_size=2, data_shuffle=False, num_epochs=2)
    >>> history.iters
    [0, 1, 2, 3]
    >>> [round(loss, 4) for loss in history.losses]
    [0.6931, 0.5877, 0.4338, 0.2919]
    >>> history.val_acc
    [1.0, 1.0, 1.0, 1.0]
    """
    ### BEGIN SOLUTION
    if optimizer == "sgd":
        updater: optim.Optimizer = optim.SGD(
            model.parameters(), lr=learning_rate, momentum=momentum, weight_decay=weight_decay
        )
    elif optimizer == "adam":
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
    ### END SOLUTION
