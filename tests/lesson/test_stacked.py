"""Stacked gives the same training as single images, whatever the loader does."""

from __future__ import annotations

import pytest
import torch
from torch.utils.data import DataLoader

from grader.lesson.stacked import Stacked
from solutions.classifiers import LogisticRegression
from solutions.training import get_accuracy, train


@pytest.fixture
def examples():
    generator = torch.Generator().manual_seed(3)
    return [(torch.rand(1, 28, 28, generator=generator), index % 10) for index in range(101)]


def test_holds_the_same_examples(examples):
    stacked = Stacked(examples)
    assert len(stacked) == 101
    assert all(torch.equal(a, b) and x == y for (a, x), (b, y) in zip(stacked, examples, strict=True))
    assert isinstance(stacked[5][1], int)


@pytest.mark.parametrize("options", [{}, {"drop_last": True}, {"shuffle": True}, {"shuffle": True, "num_workers": 1}])
def test_gives_the_same_batches(examples, options):
    batches = []
    for data in (examples, Stacked(examples)):
        torch.manual_seed(1)
        batches.append(list(DataLoader(data, batch_size=16, **options)))
    for (images, labels), (others, other_labels) in zip(*batches, strict=True):
        assert torch.equal(images, others)
        assert torch.equal(labels, other_labels)
        assert labels.dtype == other_labels.dtype


def test_training_gives_the_same_weights_and_history(examples):
    results = []
    for data in (examples, Stacked(examples)):
        torch.manual_seed(0)
        model = LogisticRegression()
        history = train(model, data, data, batch_size=16, optimizer="adam", learning_rate=0.01)
        results.append((model.layer.weight, history))
    assert torch.equal(results[0][0], results[1][0])
    assert results[0][1] == results[1][1]


def test_who_changes_a_batch_does_not_change_the_data(examples):
    stacked = Stacked(examples)
    before = stacked.images.clone()
    for shuffle in (False, True):
        for images, labels in DataLoader(stacked, batch_size=16, shuffle=shuffle):
            images.zero_()
            labels.zero_()
    assert torch.equal(stacked.images, before)
    assert stacked.labels.tolist() == [label for _, label in examples]
    assert get_accuracy(torch.nn.Flatten(), stacked) == get_accuracy(torch.nn.Flatten(), examples)
