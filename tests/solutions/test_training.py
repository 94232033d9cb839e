"""The reference of topic training: switches, uneven batches, and a loop written out by hand."""

import pytest
import torch
from torch import nn, optim
from torch.utils.data import TensorDataset

from solutions.training import get_accuracy, train, train_step


class Recorder(nn.Linear):
    """A layer that notes, at each call, its mode and whether gradients are recorded."""

    def forward(self, images):
        self.seen = (self.training, torch.is_grad_enabled())
        return super().forward(images)


def examples(count: int, classes: int = 3) -> TensorDataset:
    generator = torch.Generator().manual_seed(count)
    images = torch.randn(count, 2, generator=generator)
    return TensorDataset(images, torch.randint(classes, (count,), generator=generator))


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize("batch_size", [1, 4, 5, 100])
def test_get_accuracy_counts_every_example_once(batch_size, as_list):
    data, model = examples(13), nn.Linear(2, 3)
    right = (model(data.tensors[0]).argmax(1) == data.tensors[1]).double().mean().item()
    pairs = [(image, label.item()) for image, label in data] if as_list else data
    assert get_accuracy(model, pairs, batch_size) == pytest.approx(right)


@pytest.mark.parametrize("enabled", [False, True])
def test_get_accuracy_evaluates_without_gradients_and_restores_the_switch(enabled):
    model = Recorder(2, 3).train()
    with torch.set_grad_enabled(enabled):
        get_accuracy(model, examples(3))
        assert torch.is_grad_enabled() is enabled
    assert model.seen == (False, False)


def test_get_accuracy_refuses_an_empty_dataset():
    with pytest.raises(ValueError, match=r"data.*0"):
        get_accuracy(nn.Linear(2, 3), [])


def test_train_step_trains_in_training_mode_on_its_own_batch_alone():
    images, labels = examples(6).tensors
    model, twin = Recorder(2, 3).eval(), nn.Linear(2, 3)
    twin.load_state_dict(model.state_dict())
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    for half in (slice(3), slice(3, 6)):
        loss = criterion(twin(images[half]), labels[half])
        gradients = torch.autograd.grad(loss, list(twin.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(twin.parameters(), gradients, strict=True):
                parameter -= 0.5 * gradient
        got = train_step(model, images[half], labels[half], criterion, optimizer)
        assert type(got) is float and got == pytest.approx(loss.item())
        assert model.seen == (True, True)
    assert torch.allclose(model.weight, twin.weight)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_train_agrees_with_the_loop_written_out(name):
    data, val_data = examples(7), examples(5)
    model, twin = nn.Linear(2, 3), nn.Linear(2, 3)
    twin.load_state_dict(model.state_dict())
    history = train(model, data, val_data, 3, 0.01, name, 0.2, 0.8, data_shuffle=False, num_epochs=2)
    if name == "sgd":
        optimizer = optim.SGD(twin.parameters(), lr=0.2, momentum=0.8, weight_decay=0.01)
    else:
        optimizer = optim.Adam(twin.parameters(), lr=0.2, weight_decay=0.01)
    losses, train_acc, val_acc = [], [], []
    for start in (0, 3, 0, 3):
        images, labels = data[start : start + 3]
        losses.append(train_step(twin, images, labels, nn.CrossEntropyLoss(), optimizer))
        train_acc.append(get_accuracy(twin, data))
        val_acc.append(get_accuracy(twin, val_data))
    assert history.iters == [0, 1, 2, 3]
    assert history.losses == pytest.approx(losses)
    assert (history.train_acc, history.val_acc) == (train_acc, val_acc)


def test_train_shuffles_when_asked():
    images, labels = torch.eye(40), torch.zeros(40, dtype=torch.long)
    seen = []
    model = nn.Linear(40, 2)
    model.register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]) if layer.training else None)
    train(model, TensorDataset(images, labels), TensorDataset(images, labels), batch_size=40, num_epochs=2)
    assert not torch.equal(seen[0], seen[1])
    assert torch.equal(seen[0].sum(0), torch.ones(40))


def test_train_refuses_an_unknown_optimizer():
    with pytest.raises(ValueError, match="optimizer='rmsprop'"):
        train(nn.Linear(2, 3), examples(4), examples(4), optimizer="rmsprop")
