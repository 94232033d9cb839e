"""AlexNet: torchvision's trained weights, or, where they cannot be had, a fixed random network that says so."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.lesson.problems import patience, reason

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

UNTRAINED = "untrained weights"
# Of ImageNet's pixels, by channel. Source: torchvision, AlexNet_Weights.IMAGENET1K_V1.transforms().
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
_SEED = 2012  # the year of AlexNet


@dataclass(frozen=True)
class AlexNet:
    """A network to look into, and what a picture made with it has to say."""

    network: nn.Module
    trained: bool
    note: str

    @property
    def label(self) -> str:
        """ "untrained weights" where they are; every picture made with the network shows it. Else empty."""
        return "" if self.trained else UNTRAINED


def load_alexnet(*, download: bool = True) -> AlexNet:
    """Loads AlexNet in evaluation mode, with the weights trained on ImageNet where they can be had.

    They are downloaded once (233 MB, with a progress bar) into PyTorch's hub folder, which other projects share.
    Without them the network is a random one, the same each time; `trained` is then False and `note` says why.
    """
    import torch
    from torchvision.models import AlexNet_Weights, alexnet

    path = checkpoint()
    if path.exists() or download:
        try:
            # torchvision draws random weights before it asks for others, and torch.hub prints where it downloads to.
            with patience(), contextlib.redirect_stdout(sys.stderr), torch.random.fork_rng(devices=[]):
                network = alexnet(weights=AlexNet_Weights.IMAGENET1K_V1, progress=True)
            return AlexNet(network.eval(), True, "AlexNet with the weights trained on ImageNet.")
        except Exception as error:  # whatever a library raises on its way
            why = f"the file {path} is damaged: delete it" if path.exists() else reason(error)
    else:
        why = "they are not downloaded yet"
    note = f"AlexNet with {UNTRAINED}: a random network, the same each time. The trained weights are not there: {why}."
    return AlexNet(random_alexnet(), False, note)


def random_alexnet(seed: int = _SEED) -> nn.Module:
    """AlexNet with random weights that keep the size of what flows through, in evaluation mode.

    Drawn from a generator of its own, so the random numbers of the lesson do not notice. The rule for their size is
    that of K. He et al., "Delving Deep into Rectifiers" (2015).
    """
    import torch
    from torchvision.models import alexnet

    generator = torch.Generator().manual_seed(seed)
    with torch.device("meta"):  # no initial weights: they would take their time, and the global random numbers
        network: nn.Module = alexnet()
    network.to_empty(device="cpu")
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 1:
                parameter.zero_()
            else:
                fan_in = parameter[0].numel()
                parameter.normal_(0.0, (2 / fan_in) ** 0.5, generator=generator)
    return network.eval()


def normalise(images: Tensor) -> Tensor:
    """Pictures in [0, 1], shape (N, 3, H, W), on the scale that AlexNet was trained with: mean 0, spread 1."""
    from torchvision.transforms.functional import normalize

    scaled: Tensor = normalize(images, MEAN, STD)
    return scaled


def checkpoint() -> Path:
    """The file that torchvision keeps AlexNet's weights in."""
    from pathlib import Path

    import torch
    from torchvision.models import AlexNet_Weights

    file: Path = Path(torch.hub.get_dir()) / "checkpoints" / AlexNet_Weights.IMAGENET1K_V1.url.rpartition("/")[2]
    return file


def to_fetch() -> str:
    """What a download would fetch, and how much that is; empty where it is there."""
    return "" if checkpoint().exists() else "AlexNet's trained weights (233 MB)"


def describe() -> tuple[str, ...]:
    """What is there, for `grader doctor`: one line."""
    path = checkpoint()
    if path.exists():
        return (f"AlexNet      weights in {path}",)
    return (f"AlexNet      no weights in {path.parent}; the lesson downloads them, or says {UNTRAINED!r}",)
