"""A cache of its own for the tests, with digits drawn once, and no way to the network but the loopback."""

from __future__ import annotations

import shutil
import socket

import pytest

from grader.lesson import data


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A cache folder with the kit's own digits."""
    folder = tmp_path_factory.mktemp("drawn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVKIT_DATA", str(folder))
        data.load_digits(download=False)
    return folder


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Data and weights go to folders of this test."""
    monkeypatch.setenv("CONVKIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    """Every other host is as unknown as without a network."""
    look_up = socket.getaddrinfo

    def refuse(host, *args, **kwargs):
        if host not in ("127.0.0.1", "localhost", None):
            raise socket.gaierror(-2, "Name or service not known")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def with_digits(drawn, own_folders):
    """The test's cache holds drawn digits already."""
    shutil.copytree(drawn, own_folders / "data")
