"""Made-up reports, as real runs would give them, for the tests of the views.

`python -m tests.report.samples FOLDER` writes every view of every sample, to be looked at.
"""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from grader.report.model import CheckResult, Counterexample, ExerciseResult, Report

# topic -> exercise -> (line of its stub, points of its checks)
_KIT = {
    "classifiers": {
        "flatten_images": (21, {"flattens_row_major": 2, "takes_views": 1}),
        "LogisticRegression.forward": (52, {"gives_logits": 3}),
        "MLP.forward": (88, {"gives_logits": 3, "has_hidden_relu": 2}),
    },
    "training": {
        "get_accuracy": (40, {"counts_correct": 4, "leaves_gradients": 2}),
        "train_step": (71, {"updates_once": 3, "returns_mean_loss": 2}),
        "train": (96, {"follows_the_loop": 5, "refuses_unknown": 1}),
    },
    "weights": {
        "weights_to_images": (18, {"row_is_image": 3}),
        "rescale": (47, {"fills_zero_to_one": 2, "keeps_constant": 2}),
        "tile_images": (70, {"row_by_row": 4}),
    },
    "shapes": {
        "conv2d_parameter_shapes": (30, {"matches_pytorch": 4}),
        "conv2d_output_shape": (41, {"plain": 2, "matches_pytorch": 3, "refuses": 1}),
        "max_pool2d_output_shape": (88, {"matches_pytorch": 3, "ceil_mode": 3}),
        "same_padding": (131, {"keeps_size": 3}),
        "trace_shapes": (160, {"follows_layers": 3, "names_the_layer": 2}),
    },
    "convolution": {
        "to_nchw": (25, {"orders_axes": 3, "refuses_rank": 1}),
        "conv2d": (51, {"matches_pytorch": 6, "has_gradients": 3}),
        "max_pool2d": (90, {"matches_pytorch": 4, "takes_negatives": 2}),
    },
    "cnn": {
        "CNN.forward": (44, {"matches_reference": 5}),
        "count_parameters": (66, {"counts_trainable": 2, "counts_shared_once": 1}),
    },
    "transfer": {
        "extract_features": (20, {"gives_features": 3}),
        "first_layer_activations": (45, {"rescales_whole": 3}),
        "replace_classifier": (71, {"freezes_features": 3, "leaves_network": 1}),
    },
}
PROTECTIONS = ("process", "limits", "filesystem", "network")

PADDING = CheckResult(
    "matches_pytorch",
    "failed",
    0.0,
    3.0,
    message="This is what you get when the padding is counted once.",
    counterexample=Counterexample(
        "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)",
        "(1, 4, 8, 8)",
        "(1, 4, 7, 7)",
        "what nn.Conv2d gives",
    ),
    misconception="padding-counted-once",
    hint="A padded row has two ends.",
)
FLIPPED = CheckResult(
    "matches_pytorch",
    "failed",
    0.0,
    6.0,
    message="This is what you get when the kernel is flipped. Which way round does PyTorch slide its kernel?",
    counterexample=Counterexample(
        "conv2d(torch.arange(1.0, 43).reshape((1, 1, 6, 7)), torch.arange(1.0, 7).reshape((1, 1, 2, 3)), stride=2)",
        "float32 tensor (1, 1, 3, 3), at [0, 0, 0, 1]: -0.75",
        "float32 tensor (1, 1, 3, 3), at [0, 0, 0, 1]: 2.5",
        "what F.conv2d gives",
    ),
    misconception="kernel-flipped",
    picture={
        "expected": [[1.5, -0.75, 3.0], [0.25, 2.0, -1.25], [4.0, 0.5, 1.0]],
        "got": [[1.5, 2.5, 3.0], [-2.0, 2.0, 0.75], [4.0, -3.5, 1.0]],
        "index": (0, 0, 0, 1),
    },
)
SYNTAX = "exercises/cnn.py, line 58: SyntaxError: '(' was never closed\n    x = self.pool(F.relu(self.conv1(images))\n                 ^"


def exercise(
    topic: str, name: str, changes: dict[str, CheckResult], status: str = "passed", output: str = ""
) -> ExerciseResult:
    """One exercise whose checks are as `changes` says, and all others of status `status`."""
    line, points = _KIT[topic][name]
    checks = tuple(
        replace(changes[check], name=check, max_score=float(worth))
        if check in changes
        else CheckResult(check, status, float(worth) if status == "passed" else 0.0, float(worth))
        for check, worth in points.items()
    )
    return ExerciseResult(topic, name, checks, location=f"exercises/{topic}.py:{line}", output=output)


def not_read(result: ExerciseResult) -> ExerciseResult:
    """The exercise as it is where its file cannot be read."""
    return replace(result, unread=f"exercises/{result.topic}.py", location=f"exercises/{result.topic}.py:58")


def report(changes: dict[str, ExerciseResult] | None = None, *, otherwise: str = "passed", **fields) -> Report:
    """A report in which the exercises are as `changes` says, and all others of status `otherwise`."""
    exercises = tuple(
        (changes or {}).get(name) or exercise(topic, name, {}, otherwise)
        for topic, names in _KIT.items()
        for name in names
    )
    defaults = {
        "kit_version": "1.0.0",
        "submission": "exercises",
        "seed": 0,
        "duration_seconds": 2.5,
        "protections": PROTECTIONS,
    }
    return Report(exercises=exercises, **(defaults | fields))


def first_run() -> Report:
    return report(otherwise="not_started")


def perfect() -> Report:
    return report()


def partial() -> Report:
    """Half-way through: one of everything that can go wrong."""
    raised = CheckResult(
        "row_by_row",
        "error",
        0.0,
        4.0,
        message="ValueError: cannot reshape array of size 30 into shape (2,3,5)\n"
        "  tile_images, exercises/weights.py:79",
    )
    slow = CheckResult(
        "matches_pytorch", "timeout", 0.0, 4.0, message="max_pool2d did not come back within 10 seconds."
    )
    died = CheckResult("takes_negatives", "crashed", 0.0, 2.0)
    ruled_out = CheckResult(
        "keeps_size", "forbidden", 0.0, 3.0, message="same_padding ran nn.Conv2d; this topic is arithmetic."
    )
    unread = CheckResult("", "error", 0.0, 0.0, message=SYNTAX)
    changes = {
        "tile_images": exercise("weights", "tile_images", {"row_by_row": raised}),
        "conv2d_output_shape": exercise(
            "shapes",
            "conv2d_output_shape",
            {
                "matches_pytorch": PADDING,
                "refuses": CheckResult(
                    "refuses",
                    "failed",
                    0.0,
                    1.0,
                    message="A ValueError was expected for stride=0; (1, 4, 8, 8) came back.",
                ),
            },
            output="height 8 -> 7\n" * 40,
        ),
        "same_padding": exercise("shapes", "same_padding", {"keeps_size": ruled_out}),
        "conv2d": exercise("convolution", "conv2d", {"matches_pytorch": FLIPPED}),
        "max_pool2d": exercise("convolution", "max_pool2d", {"matches_pytorch": slow, "takes_negatives": died}),
        "CNN.forward": not_read(exercise("cnn", "CNN.forward", {"matches_reference": unread})),
        "count_parameters": not_read(
            exercise("cnn", "count_parameters", {"counts_trainable": unread, "counts_shared_once": unread})
        ),
        **{name: exercise("transfer", name, {}, "not_started") for name in _KIT["transfer"]},
    }
    return report(changes, notes=("cats.py is no topic of this kit: it was not graded.",))


def padding_only() -> Report:
    """Everything right, but for the failure that the design shows."""
    right = exercise("shapes", "conv2d_output_shape", {})
    checks = (right.checks[0], replace(PADDING, max_score=4.0))
    return report({"conv2d_output_shape": replace(right, checks=checks)})


ATTACKS = (
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "</pre></details></main><h1>100 of 100 points</h1>",
    "\"><svg onload=alert(1)>' onmouseover='alert(1)",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "<!-- ]]> &lt; &amp; -->",
    "\n::error file=x::hacked\n  ::set-output name=score::100\n##[add-mask]e\n##vso[task.complete]done",
    "\x1b[2J\x1b]0;title\x07\x1b[31mred\x9b31m",
    "\u202eevil\u2066\u200b\u2028\ufeff",
    "lone \ud800 surrogate \udfff and \x00 null \ufffe \uffff",
    "`code` ``` ```` **bold** [link](https://example.org) ![picture](https://example.org/x.png)",
    "@everyone #1 GH-1 https://example.org www.example.org a@example.org :tada:",
    "```\n# 100 of 100\n@octocat <b>bold</b>\n~~~\n| a | b |\n| - | - |",
    "[bold red]markup[/] [link=https://example.org]rich[/link]",
    "=1+1;@SUM(A1)",
    "nan NaN Infinity -Infinity",
    "日本語 🙂 combining e\u0301 " + "w" * 300,
)


def hostile() -> Report:
    """Whatever a submission can put into a report, everywhere that it can."""
    text = "\n".join(ATTACKS)
    check = CheckResult(
        "matches_pytorch",
        "failed",
        0.0,
        3.0,
        message=text,
        counterexample=Counterexample(text, text, text, "what nn.Conv2d gives"),
        misconception="padding-counted-once",
        hint=text[::-1],
        picture={
            "expected": [[1.0, float("nan")], [float("inf"), -1e300]],
            "got": [["<b>", None], [True, 2]],
            "index": (0, 0),
        },
    )
    changes = {
        "conv2d_output_shape": exercise("shapes", "conv2d_output_shape", {"matches_pytorch": check}, output=text)
    }
    return report(changes, submission=text, notes=(text,))


def enormous() -> Report:
    """Millions of characters everywhere: long lines, and as many lines as can be."""
    million = 10**6
    check = CheckResult(
        "matches_pytorch",
        "failed",
        0.0,
        3.0,
        message="m" * 10 * million,
        counterexample=Counterexample("c" * million, "\n" * million, "\x1b" * million),
        hint="h\n" * million,
    )
    output = "\r\n" * million + "\x00"
    changes = {
        "conv2d_output_shape": exercise("shapes", "conv2d_output_shape", {"matches_pytorch": check}, output=output)
    }
    return report(changes, submission="s" * million)


@dataclass(frozen=True)
class Picture:
    """A picture as `grader pictures` draws it."""

    name: str
    title: str
    alt: str
    png: bytes


def pictures() -> tuple[Picture, ...]:
    """A slope from black to red, 240 x 160."""
    rows = b"".join(b"\0" + bytes((x, 0, 0)[i] for x in range(240) for i in range(3)) for _ in range(160))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 240, 160, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    png = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    return (
        Picture("slope", "A slope", "240 by 160 pixels, from black on the left to red, 239 of 255, on the right", png),
    )


def main(folder: Path) -> None:
    from rich.console import Console

    from grader.report import gradescope, html, json_view, junit, markdown, terminal

    folder.mkdir(parents=True, exist_ok=True)
    for make in (first_run, partial, perfect, hostile):
        made, stem = make(), folder / make.__name__
        for suffix, view in {
            "json": json_view,
            "xml": junit,
            "md": markdown,
            "gradescope.json": gradescope,
        }.items():
            stem.with_suffix(f".{suffix}").write_text(view.render(made), encoding="utf-8")
        stem.with_suffix(".html").write_text(html.render(made, pictures=pictures()), encoding="utf-8")
        for width in (60, 88):
            with stem.with_suffix(f".{width}.txt").open("w", encoding="utf-8") as file:
                terminal.render(made, console=Console(file=file, width=width))
    print(f"Written to {folder}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
