"""A dataset that is collated once, so that reading it batch by batch costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.utils.data import Dataset, default_collate
from torch.utils.data._utils.collate import default_collate_fn_map


class Stacked(Dataset[Any]):
    """The same (image, label) pairs as another dataset, kept as two tensors.

    A DataLoader asks an ordinary dataset for one example after the other, and stacks them: 2,500 small tensors for
    every accuracy of the lesson. This dataset stacks them once, when it is made, and hands a DataLoader whole
    batches. The batches are the same, number by number, and shuffling draws the same random numbers, so training
    gives the same weights.
    """

    def __init__(self, examples: Dataset[Any] | Sequence[Any]) -> None:
        """Collates all examples: images of one size, labels that are class numbers."""
        count = len(examples)  # type: ignore[arg-type]  # a Dataset's type promises none, the lesson's have one
        self.images, self.labels = default_collate([examples[index] for index in range(count)])

    @classmethod
    def of(cls, images: Tensor, labels: Tensor) -> Stacked:
        """The dataset of images (N, ...) and labels (N,) that are tensors already."""
        stacked = cls.__new__(cls)
        stacked.images, stacked.labels = images, labels
        return stacked

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.images[index], int(self.labels[index])

    def __getitems__(self, indices: list[int]) -> list[_Batch]:
        """What a DataLoader calls for a batch, where a dataset has it: here the whole batch is one thing.

        Always copies, as stacking does: who changes a batch does not change the dataset.
        """
        first, count = indices[0], len(indices)
        if indices == list(range(first, first + count)):  # not shuffled: one block of memory
            block = slice(first, first + count)
            return [_Batch(self.images[block].clone(), self.labels[block].clone())]
        return [_Batch(self.images[indices], self.labels[indices])]


@dataclass(frozen=True)
class _Batch:
    """Images and labels that are collated already."""

    images: Tensor
    labels: Tensor


def _as_it_is(batch: list[_Batch], *, collate_fn_map: Any = None) -> list[Tensor]:
    return [batch[0].images, batch[0].labels]


# How to teach `default_collate` a new type: PyTorch's documentation of torch.utils.data.default_collate.
default_collate_fn_map[_Batch] = _as_it_is
