"""Where the kit keeps what it has downloaded or drawn: one folder of the user's, outside the project."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """The folder: CONVKIT_DATA where it is set, else `convolution-exercises` in the user's cache (XDG_CACHE_HOME)."""
    chosen = os.environ.get("CONVKIT_DATA")
    if chosen:
        return Path(chosen).expanduser()
    if os.environ.get("XDG_CACHE_HOME"):
        base = Path(os.environ["XDG_CACHE_HOME"])
    elif os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "convolution-exercises"
