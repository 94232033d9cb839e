"""Where the kit keeps what it has downloaded, drawn or worked out: one folder of the user's, outside the project."""

from __future__ import annotations

import os
from pathlib import Path

_NAME = "convolution-exercises"


def cache_folder() -> Path:
    """The folder: CONVKIT_DATA where it is set, else `convolution-exercises` in the user's cache (XDG_CACHE_HOME)."""
    chosen = os.environ.get("CONVKIT_DATA")
    if chosen:
        return Path(chosen).expanduser()
    try:
        import platformdirs

        return platformdirs.user_cache_path(_NAME, appauthor=False)
    except (ImportError, OSError, AttributeError):  # a system that does not say where
        return Path.home() / ".cache" / _NAME
