"""AlexNet: a checkpoint of the right form in the hub cache, a broken one, and the random network."""

from __future__ import annotations

import hashlib

import pytest
import torch
from torchvision.models import AlexNet_Weights, alexnet

from grader.lesson import weights
from tests.lesson.server import serving


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A file of the form of torchvision's: the state of an AlexNet, most of it zeros."""
    file = tmp_path_factory.mktemp("checkpoint") / "alexnet.pth"
    with torch.device("meta"):
        shapes = {name: parameter.shape for name, parameter in alexnet().state_dict().items()}
    state = {name: torch.zeros(shape) for name, shape in shapes.items()}
    state["features.0.weight"].normal_(generator=torch.Generator().manual_seed(7))
    state["classifier.6.bias"].fill_(1.5)
    torch.save(state, file)
    return file


def test_loads_the_weights_of_the_hub_cache(saved):
    weights.checkpoint().parent.mkdir(parents=True)
    weights.checkpoint().symlink_to(saved)
    loaded = weights.load_alexnet()
    assert loaded.trained
    assert loaded.label == ""
    assert not loaded.network.training
    expected = torch.load(saved, mmap=True)
    for name, parameter in loaded.network.state_dict().items():
        assert torch.equal(parameter, expected[name])


def test_downloads_them_and_refuses_a_wrong_checksum(saved, monkeypatch):
    content = saved.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:8]
    with serving({f"alexnet-{digest}.pth": content, "alexnet-00000000.pth": content[:1000]}) as (address, asked):
        _point_to(monkeypatch, address + "alexnet-00000000.pth")
        refused = weights.load_alexnet()
        assert refused.label == "untrained weights"
        assert "wrong checksum" in refused.note
        assert list(weights.checkpoint().parent.iterdir()) == []

        _point_to(monkeypatch, address + f"alexnet-{digest}.pth")
        assert weights.load_alexnet().trained
        assert len(asked) == 2
        assert [path.name for path in weights.checkpoint().parent.iterdir()] == [f"alexnet-{digest}.pth"]


def _point_to(monkeypatch, url: str) -> None:
    preset = AlexNet_Weights.IMAGENET1K_V1.value
    monkeypatch.setattr(AlexNet_Weights.IMAGENET1K_V1, "_value_", type(preset)(url, preset.transforms, preset.meta))


def test_a_damaged_file_is_named():
    weights.checkpoint().parent.mkdir(parents=True)
    weights.checkpoint().write_bytes(b"PK\x03\x04 half a file")
    loaded = weights.load_alexnet()
    assert not loaded.trained
    assert str(weights.checkpoint()) in loaded.note


def test_without_a_network_nothing_pretends(capsys):
    before = torch.get_rng_state()
    loaded = weights.load_alexnet()
    assert loaded.label == "untrained weights"
    assert "the network cannot be reached" in loaded.note
    assert torch.equal(torch.get_rng_state(), before)
    assert capsys.readouterr().out == ""


def test_the_random_network_is_fixed_and_alive():
    network, again = weights.random_alexnet(), weights.random_alexnet()
    assert torch.equal(network.features[3].weight, again.features[3].weight)
    assert torch.equal(network.classifier[6].weight, again.classifier[6].weight)
    with torch.device("meta"):
        shapes = [parameter.shape for parameter in alexnet().parameters()]
    assert [parameter.shape for parameter in network.parameters()] == shapes
    with torch.no_grad():
        features = network.features(torch.randn(1, 3, 95, 95))
    assert 0.1 < features.std() < 10


def test_normalise_is_torchvisions():
    images = torch.rand(2, 3, 8, 8)
    preset = AlexNet_Weights.IMAGENET1K_V1.transforms()
    assert (preset.mean, preset.std) == (weights.MEAN, weights.STD)
    centred = weights.normalise(images)
    assert torch.allclose(centred[:, 1], (images[:, 1] - 0.456) / 0.224)
