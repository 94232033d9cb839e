"""Training in tensors: a whole dataset is stacked once, and batches are its splits."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset


@dataclass
class History:
    """What `train` has recorded: four lists with one entry per iteration."""

    iters: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    train_acc: list[float] = field(default_factory=list)
    val_acc: list[float] = field(default_factory=list)


def _stacked(data) -> tuple[Tensor, Tensor]:
    pairs = [data[place] for place in range(len(data))]
    images = torch.stack([image for image, _ in pairs])
    return images, torch.as_tensor([int(label) for _, label in pairs])


@torch.no_grad()
def get_accuracy(model: nn.Module, data: Dataset | Sequence, batch_size: int = 1024) -> float:
    if not len(data):
        raise ValueError(f"an accuracy needs examples, but data is empty ({len(data)} of them)")
    images, labels = _stacked(data)
    logits = torch.cat([model.eval()(batch) for batch in images.split(batch_size)])
    hits = torch.zeros_like(logits).scatter_(1, logits.topk(1, dim=1).indices, 1.0)
    wanted = F.one_hot(labels, logits.size(1)).to(logits.dtype)
    return torch.einsum("nk,nk->", hits.double(), wanted.double()).item() / len(data)


def train_step(model, images, labels, criterion, optimizer) -> float:
    with torch.enable_grad():
        loss = criterion(model.train()(images), labels)
    model.zero_grad()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach().tolist()


def train(
    model, train_data, val_data, batch_size=64, weight_decay=0.0, optimizer="sgd", learning_rate=0.1, momentum=0.9,
    data_shuffle=True, num_epochs=3,
) -> History:
    makers = {
        "sgd": lambda: optim.SGD(model.parameters(), learning_rate, momentum=momentum, weight_decay=weight_decay),
        "adam": lambda: optim.Adam(model.parameters(), learning_rate, weight_decay=weight_decay),
    }
    if optimizer not in makers:
        raise ValueError(f"optimizer={optimizer} is not one of {sorted(makers)}")
    update = makers[optimizer]()
    images, labels = _stacked(train_data)
    count = len(images)
    history = History()
    for _ in range(num_epochs):
        order = torch.randperm(count) if data_shuffle else torch.arange(count)
        for chosen in order[: count - count % batch_size].reshape(-1, batch_size):
            history.losses.append(train_step(model, images[chosen], labels[chosen], F.cross_entropy, update))
            history.train_acc.append(get_accuracy(model, train_data))
            history.val_acc.append(get_accuracy(model, val_data))
    history.iters = list(range(len(history.losses)))
    return history
