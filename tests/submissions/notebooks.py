"""Builds notebooks: of cells, and of a module, each of its statements in a cell of its own."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable

# What notebooks hold beside functions; none of it may change what is taken.
NOISE = (
    "%matplotlib inline\nimport seaborn as sns\nsns.set_theme()",
    "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive",
    "!pip install -q tqdm\nfiles = !ls\nprint(files)",
    "%%time\ntorch.manual_seed(0)\nhistory = [torch.rand(1) for epoch in range(10**9)]",
    "%%capture out\nfor epoch in range(10**9):\n    loss = epoch",
    "%%bash\nif [ -d data ]; then rm -r data; fi",
    "%%html\n<b>done</b>",
    "?print\nprint?\nhelp(print)",
    "this is no Python (",
    "display(sheet)\nawait something()\nanswer = await something()",
    "import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndf.head()",
    "with open('/etc/passwd') as file:\n    print(file.read())",
    "raise SystemExit",
    "",
    "# only a comment",
)


def notebook(*cells: str, outputs: object = (), nbformat: int = 4, **more: object) -> bytes:
    """A notebook of these cells of code, each with these outputs; `more` are keys of the whole."""
    made = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": outputs} for cell in cells]
    if nbformat == 3:
        made = [{"cell_type": "code", "language": "python", "input": cell, "outputs": []} for cell in cells]
        more["worksheets"] = [{"cells": made}]
    else:
        more.setdefault("cells", made)
    return json.dumps({"nbformat": nbformat, "nbformat_minor": 5, "metadata": {}, **more}).encode()


def cells_of(text: str) -> list[str]:
    """A module's statements, each as the text of a cell; what stands on one line stays together."""
    lines = text.split("\n")
    places: list[list[int]] = []
    for node in ast.parse(text).body:
        start = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))]) - 1
        end = node.end_lineno or start
        if places and places[-1][1] > start:
            places[-1][1] = max(places[-1][1], end)
        else:
            places.append([start, end])
    return ["\n".join(lines[start:end]) for start, end in places]


def among_noise(cells: Iterable[str], noise: Iterable[str] = NOISE) -> list[str]:
    """The cells, with noise before, between and after them, in turn."""
    pieces = list(noise)
    found: list[str] = []
    for number, cell in enumerate(cells):
        found += [pieces[number % len(pieces)], cell]
    return [*found, *pieces]
