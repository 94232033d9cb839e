"""Which kit grades in a process, and whether two of them give the same grades."""

from __future__ import annotations

import functools
import importlib.metadata
import platform
from collections.abc import Iterator

import msgspec

from grader.running.kit import kit_digest, settings_digest, source_digest

_LIBRARIES = {"torch": "PyTorch", "numpy": "NumPy", "hypothesis": "Hypothesis"}


class Version(msgspec.Struct, frozen=True):
    """All that has to be alike where one class is graded by several machines."""

    kit: str  # digest of what grades
    source: str  # digest of all of the kit's files: what is said between machines, and how, depends on these
    settings: str  # digest of an instructor's settings
    libraries: dict[str, str]  # Python's version among them

    @classmethod
    @functools.cache
    def here(cls) -> Version:
        """The version of this process."""
        libraries = {title: importlib.metadata.version(name) for name, title in _LIBRARIES.items()}
        libraries["Python"] = ".".join(platform.python_version_tuple()[:2])
        return cls(kit_digest(), source_digest(), settings_digest(), libraries)

    def unlike(self, ours: Version) -> str:
        """What differs from this machine's version, in words; empty where nothing does."""
        return "; ".join(self._differences(ours))

    def _differences(self, ours: Version) -> Iterator[str]:
        for title, version in ours.libraries.items():
            other = self.libraries.get(title, "missing")
            if other != version:
                yield f"{title} is {other} there and {version} here"
        if self.source != ours.source:
            yield "the kit's source is another there"
        elif self.kit != ours.kit and self.libraries == ours.libraries:
            yield "the kit is another there"
        if self.settings != ours.settings:
            yield "the settings in pyproject.toml are others there"
