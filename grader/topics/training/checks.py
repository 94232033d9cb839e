"""Checks of topic training: accuracy, one step, and the lesson's loop, compared with the reference number by number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from grader.topics.training import cases
from grader.writing import arrays, as_python, compare, networks
from grader.writing.answer import Record
from grader.writing.ask import Ask
from grader.writing.check import check
from grader.writing.compare import Tolerance
from grader.writing.reply import Reply, names_fault
from grader.writing.strategies import st

_WEIGHTS = Tolerance(1e-3, 2e-4)
_SEEDS = st.integers(1, 10_000)
_MODEL_AND_OTHER = [as_python.Source("model"), as_python.Source("other")]


class TestGetAccuracy:
    exercise = "get_accuracy"

    @check(
        weight=3.5,
        lesson=True,
        smaller={"batches": st.integers(1, 3), "batch_size": st.integers(1, 4), "classes": st.integers(2, 4), "seed": _SEEDS},
        always=[
            {"batches": 1, "batch_size": 64, "classes": 10, "seed": 1},
            {"batches": 4, "batch_size": 64, "classes": 10, "seed": 2},
            {"batches": 1, "batch_size": 1024, "classes": 10, "seed": 3},
        ],
    )  # fmt: skip
    def test_counts_in_whole_batches(self, ask: Ask, batches: int, batch_size: int, classes: int, seed: int) -> None:
        """The fraction of images that are classified correctly, over one batch or several of the same size."""
        count = batches * batch_size
        right = 1 + (seed * 7919) % count
        options = {} if batch_size == 1024 else {"batch_size": batch_size}
        model = networks.sequential(cases.linear(classes), seed)
        self.fraction(ask, model, cases.judged_dataset("list", count, right, model, seed), right / count, options)

    @check(
        weight=1,
        about="a smaller last batch or another dataset",
        count=st.integers(1, 12),
        share_right=st.floats(0, 1),
        classes=st.integers(2, 5),
        batch_size=st.integers(1, 14),
        kind=cases.KINDS,
        seed=_SEEDS,
        always=[
            {
                "count": count, "share_right": right / count, "classes": classes, "batch_size": batch_size, "kind": kind,
                "seed": count,
            }
            for count, right, classes, batch_size, kind in [
                (3, 2, 2, 2, "list"), (7, 4, 3, 3, "list"), (130, 128, 3, 64, "tensors"), (4, 3, 4, 4, "list"),
                (5, 3, 5, None, "pairs"), (1, 1, 3, 1, "list"), (1031, 1024, 4, None, "tensors"), (9, 8, 9, 4, "pairs"),
                (6, 6, 2, 100, "list"), (257, 250, 2, 128, "tensors"), (67, 64, 10, 32, "list"), (10, 5, 10, 10, "tensors"),
                (10, 3, 2, 1, "pairs"), (8, 0, 3, 3, "list"), (103, 100, 10, 100, "pairs"), (47, 40, 13, 3, "list"),
            ]
        ],
    )  # fmt: skip
    def test_counts_every_image(
        self, ask: Ask, count: int, share_right: float, classes: int, batch_size: int | None, kind: str, seed: int
    ) -> None:
        """The same for any dataset, uneven last batches included."""
        model = networks.sequential((cases.on_vectors if seed % 4 == 1 else cases.linear)(classes), seed)
        right = round(share_right * count)
        data = cases.judged_dataset(kind, count, right, model, seed, last=seed % 3 == 0)
        options: cases.Options = {} if batch_size is None else {"batch_size": batch_size}
        if seed % 5 == 2 and options:
            options = [batch_size]  # by position
        self.fraction(ask, model, data, right / count, options)

    @check(
        weight=1,
        about="models that compute something else while they are trained",
        layers=st.sampled_from([cases.normed(3), cases.dropped(4), cases.normed(2, 4)]),
        count=st.integers(4, 20),
        enabled=st.booleans(),
        seed=_SEEDS,
        share=0.5,
        always=[
            {"layers": cases.normed(3), "count": 9, "enabled": True, "seed": 1},
            {"layers": cases.dropped(4), "count": 20, "enabled": True, "seed": 2},
            {"layers": cases.normed(3), "count": 1, "enabled": False, "seed": 3},
            {"layers": cases.convolved(3), "count": 9, "enabled": True, "seed": 4},
            {"layers": cases.half_frozen(3), "count": 7, "enabled": False, "seed": 6},
        ],
    )
    def test_runs_in_evaluation_mode(self, ask: Ask, layers: list[Any], count: int, enabled: bool, seed: int) -> None:
        """The model runs in evaluation mode, gradients disabled; the global gradient switch is found as it was."""
        model = networks.sequential(layers, seed, training=seed % 3 != 0)
        right = max(1, count * 2 // 3)
        data = cases.judged_dataset("tensors", count, right, model, seed)
        options, then = {"batch_size": 4}, cases.judged_dataset("list", count, 1, model, seed + 1)
        *lines, call = cases.text("get_accuracy", model, {"data": data}, options).split("\n")
        switching = "\n".join([*lines, *([] if enabled else ["torch.set_grad_enabled(False)"]), call])
        # Who pastes it goes on with gradients.
        off_and_on = call if enabled else f"(torch.set_grad_enabled(False), {call}, torch.set_grad_enabled(True))[1]"
        text = "\n".join([*lines, off_and_on])
        asked: dict[str, Any] = dict(
            network=model.description, data=data.description, options=options, then=then.description
        )
        asked["grad_enabled"] = enabled
        expected = ask.expected("accuracy", **asked)
        reply = ask("accuracy", text=text, **asked)
        modes = reply["modes"]
        training = any(training for training, _ in modes)
        reply.must(
            not training, "The model ran in training mode.", expected="model.eval() before it runs", got="training mode"
        )
        gradients = reply["recorded"] or any(gradients for _, gradients in modes)
        reply.must(
            not gradients, "Gradients were recorded.", expected="torch.no_grad() around it", got="gradients recorded"
        )
        _as_number(reply.part("value")).equals(right / count, tolerance=_EXACT)
        message, switched = "The global gradient switch was left changed.", f"{switching}\ntorch.is_grad_enabled()"
        reply.part("grad_enabled", switched).must(
            reply["grad_enabled"] is enabled, message, expected=f"still {enabled}", got=str(not enabled)
        )
        other = f"{text}\n{then.source('other')}\n{as_python.call('get_accuracy', _MODEL_AND_OTHER, options)}"
        _as_number(reply.part("second", other)).equals(1 / count, tolerance=_EXACT)
        negated = "\n".join([text, "_ = [p.data.neg_() for p in model.parameters()]", call])
        message = "The same model, with other weights, was asked about the same data."
        _as_number(reply.part("third", negated)).equals(expected["third"], tolerance=_EXACT, message=message)
        reply.part("state").equals(
            model.description["state"], message="The model's weights or running statistics changed."
        )
        reply.kept_trainable()

    @check(
        weight=1,
        about="the type of what comes back",
        always=[
            {"count": 4, "right": 3, "seed": 2},
            {"count": 5, "right": 5, "seed": 3},
            {"count": 8, "right": 2, "seed": 4},
        ],
    )
    def test_returns_a_float(self, ask: Ask, count: int, right: int, seed: int) -> None:
        """The fraction comes back as a Python number, not as a tensor."""
        model = networks.sequential(cases.linear(3), seed)
        data = cases.judged_dataset("list", count, right, model, seed)
        reply = self.asked(ask, model, data, {})
        reply.part("value").equals(right / count, tolerance=_EXACT)

    @check(
        weight=0.5,
        about="an empty dataset",
        always=[
            {"kind": "list", "options": {}},
            {"kind": "list", "options": {"batch_size": 3}},
            {"kind": "tensors", "options": {}},
            {"kind": "pairs", "options": {}},
        ],
    )
    def test_refuses_an_empty_dataset(self, ask: Ask, kind: str, options: cases.Options) -> None:
        """There is no accuracy over nothing; there is one over two images."""
        model, data = networks.sequential(cases.linear(3), 5), cases.empty_dataset(kind)
        text = cases.text("get_accuracy", model, {"data": data}, options)
        asked = dict(network=model.description, data=data.description, options=options)
        expected = "ValueError that names data"
        reply = ask.refusing("accuracy_refusal", expected, text=text, **asked)
        if "said" not in reply.value:
            reply.must(False, "This call must be refused with a ValueError.", expected=expected, got=reply["value"])
        named = names_fault(str(reply["said"]), {"data": ""})
        message = "A ValueError is what is wanted here; its text must name data."
        reply.must(named, message, expected=expected, got=f"ValueError: {as_python.cut(str(reply['said']))}")
        message = "The global gradient switch was left changed."
        reply.must(reply["grad_enabled"] is True, message, expected="still True", got="False")
        for right in (1, 2):
            two = cases.judged_dataset(kind, 2, right, model, 5)
            answer = _as_number(self.asked(ask, model, two, options).part("value"))
            answer.answered(compare.is_number, "a fraction")
            answer.equals(right / 2, tolerance=_EXACT)

    def fraction(
        self, ask: Ask, model: networks.Network, data: cases.Data, expected: float, options: cases.Options
    ) -> None:
        """The fraction must be right; whether it comes as a Python number is another check's matter."""
        right = round(expected * len(data.description["labels"]))
        reply = self.asked(ask, model, data, options)
        judge = f"{right} of {len(data.description['labels'])} are right"
        _as_number(reply.part("value")).equals(expected, judge=judge, tolerance=_EXACT)

    def asked(self, ask: Ask, model: networks.Network, data: cases.Data, options: cases.Options) -> Reply:
        text = cases.text("get_accuracy", model, {"data": data}, options)
        return ask("accuracy", text=text, network=model.description, data=data.description, options=options)


_EXACT = Tolerance(0.0, 1e-6)


def _as_number(reply: Reply) -> Reply:
    """The reply with a tensor or array of a single number taken as that number."""
    value = reply.value
    if isinstance(value, torch.Tensor | np.ndarray) and value.reshape(-1).shape == (1,) and value.dtype != torch.bool:
        return replace(reply, value=value.reshape(-1)[0].item())
    return reply


_OPTIMIZERS = st.sampled_from(
    [
        ["SGD", {"lr": 0.3}],
        ["SGD", {"lr": 0.1, "momentum": 0.9}],
        ["SGD", {"lr": 0.2, "weight_decay": 0.1}],
        ["Adam", {"lr": 0.05}],
    ]
)
_LESSON_SGD = ["SGD", {"lr": 0.1, "momentum": 0.9}]
# Batch norm makes 1 and -1 of two images whatever the weights are: the gradient of what stands before it is then pure
# rounding noise, which Adam blows up. So batches have three images or more.
_SIZES = st.lists(st.integers(3, 6), min_size=1, max_size=4)


def _batches(sizes: list[int], layers: list[Any], seed: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    found = []
    for place, size in enumerate(sizes):
        classes = layers[-1][2]
        labels = torch.randint(0, classes, (size,), generator=torch.Generator().manual_seed(seed + place))
        made = f"torch.randint(0, {classes}, ({size},), generator=torch.Generator().manual_seed({seed + place}))"
        labels = as_python.named(labels, made)
        found.append((arrays.noise((size, *cases.pixels_of(layers)), seed + 10 * place), labels))
    return found


class TestTrainStep:
    exercise = "train_step"

    @check(
        weight=3,
        lesson=True,
        smaller={
            "layers": st.just(cases.linear(2)), "optimizer": st.just(["SGD", {"lr": 0.5}]), "sizes": _SIZES, "seed": _SEEDS,
        },
        always=[
            {"layers": cases.linear(10), "optimizer": _LESSON_SGD, "sizes": [64, 64, 64], "seed": 1},
            {"layers": cases.mlp(10, 30), "optimizer": _LESSON_SGD, "sizes": [64, 64], "seed": 2},
        ],
    )  # fmt: skip
    def test_updates_the_lessons_models(
        self, ask: Ask, layers: list[Any], optimizer: list[Any], sizes: list[int], seed: int
    ) -> None:
        """Each update uses its own batch's gradient alone: cross-entropy, SGD with momentum, batches of 64."""
        self.updates(ask, layers, ["CrossEntropyLoss"], optimizer, sizes, seed, evaluate="never")

    @check(
        weight=1,
        about="other losses, optimizers or models",
        layers=st.sampled_from([cases.linear(2), cases.normed(3), cases.normed(4, 3)]),
        loss=st.just(["CrossEntropyLoss"]),
        optimizer=_OPTIMIZERS,
        sizes=_SIZES,
        seed=_SEEDS,
        extra=st.just({}),
        share=0.7,
        always=[
            {"loss": ["CrossEntropyLoss"], "extra": {}, **case}
            for case in (
                {"layers": cases.normed(3), "optimizer": ["SGD", {"lr": 0.3}], "sizes": [4, 3, 5], "seed": 1},
                {"layers": cases.normed(3), "optimizer": ["Adam", {"lr": 0.05}], "sizes": [6, 3, 4], "seed": 2},
                {"layers": cases.linear(3), "optimizer": ["SGD", {"lr": 0.2, "momentum": 0.9}], "sizes": [3, 3, 3, 3], "seed": 3},
                {"layers": cases.linear(2), "optimizer": ["SGD", {"lr": 0.3}], "sizes": [1, 1], "seed": 4},
                {"layers": cases.linear(3), "optimizer": ["SGD", {"lr": 0.2}], "sizes": [4, 4, 4], "seed": 5},
                {"layers": cases.convolved(3), "optimizer": ["SGD", {"lr": 0.2}], "sizes": [4, 3], "seed": 6},
                {"layers": cases.on_vectors(3), "optimizer": ["SGD", {"lr": 0.2}], "sizes": [2, 3], "seed": 7},
                {"layers": cases.linear(3), "optimizer": ["SGD", {"lr": 0.2}], "sizes": [2, 1], "seed": 8},
            )
        ] + [
            {"layers": cases.normed(3), "optimizer": ["SGD", {"lr": 0.3}], "sizes": [5, 4], **case}
            for case in (
                {"loss": ["CrossEntropyLoss", {"label_smoothing": 0.3}], "extra": {}, "seed": 1},
                {"loss": ["CrossEntropyLoss"], "extra": {"only": ["1.weight", "2.weight", "2.bias"]}, "seed": 2},
                {"loss": ["MultiMarginLoss"], "extra": {}, "seed": 3},
                {"loss": ["SquaredError"], "extra": {}, "seed": 4},
                {"loss": ["CrossEntropyLoss", {"label_smoothing": 0.1}], "extra": {"only": ["4.bias"]}, "seed": 5},
                {"loss": ["CrossEntropyLoss"], "extra": {"groups": True}, "seed": 6},
            )
        ],
    )  # fmt: skip
    def test_updates_by_each_batch_alone(
        self, ask: Ask, layers: list[Any], loss: Any, optimizer: Any, sizes: list[int], seed: int, extra: Any
    ) -> None:
        """The same with any criterion, optimizer and model; only what the optimizer holds is updated."""
        self.updates(ask, layers, loss, optimizer, sizes, seed, evaluate="never", **extra)

    @check(
        weight=1,
        about="training mode",
        layers=st.sampled_from([cases.normed(3), cases.normed(4, 3)]),
        sizes=st.lists(st.integers(3, 6), min_size=1, max_size=2),
        seed=_SEEDS,
        share=0.3,
        always=[
            {"layers": cases.normed(3), "sizes": [4], "seed": 1},
            {"layers": cases.normed(3), "sizes": [4, 3, 5], "seed": 3},
            {"layers": cases.normed(4), "sizes": [5, 4], "seed": 2},
            {"layers": cases.dropped_whole(3), "sizes": [3, 2], "seed": 8},
        ],
    )
    def test_runs_in_training_mode(self, ask: Ask, layers: list[Any], sizes: list[int], seed: int) -> None:
        """The model runs in training mode, also where it comes in evaluation mode, as after get_accuracy."""
        optimizer = ["SGD", {"lr": 0.2}]
        evaluate = "first" if seed % 2 else "always"
        reply, _ = self.updates(ask, layers, ["CrossEntropyLoss"], optimizer, sizes, seed, evaluate=evaluate)
        modes = reply["modes"]
        message = "The model ran in evaluation mode while it was trained."
        trained = isinstance(modes, list) and all(modes)
        reply.must(trained, message, expected="model.train() before it runs", got="evaluation mode")

    @check(
        weight=1,
        about="the loss that comes back",
        sizes=_SIZES,
        seed=_SEEDS,
        rate=st.just(0.0),
        share=0.4,
        always=[
            {"sizes": [4, 2], "seed": 1, "rate": 0.0},
            {"sizes": [4, 2], "seed": 1, "rate": 0.5},
            {"sizes": [3, 3], "seed": 3, "rate": 1.5},
        ],
    )
    def test_returns_the_mean_loss(self, ask: Ask, sizes: list[int], seed: int, rate: float) -> None:
        """The mean loss of the batch, from before the update, comes back as a Python float."""
        layers = cases.normed(3) if rate == 1.5 else cases.linear(3)
        model, batches = networks.sequential(layers, seed), _batches(sizes, layers, seed)
        asked: dict[str, Any] = dict(
            criterion=["CrossEntropyLoss"], optimizer=["SGD", {"lr": rate}], batches=batches, evaluate="never"
        )
        expected = ask.expected("train_steps", network=model.description, **asked)
        reply = ask("train_steps", text=_steps_text(model, **asked), network=model.description, **asked)
        if rate == 0 or _parted_states(expected["states"], reply["states"]) is None:
            reply.part("losses").equals(expected["losses"])

    def updates(
        self, ask: Ask, layers: list[Any], loss: Any, optimizer: Any, sizes: list[int], seed: int, **extra: Any
    ) -> tuple[Reply, Any]:
        """The weights after each step must be the reference's."""
        model, batches = networks.sequential(layers, seed), _batches(sizes, layers, seed)
        asked = dict(criterion=loss, optimizer=optimizer, batches=batches, **extra)
        expected = ask.expected("train_steps", network=model.description, **asked)
        reply = ask("train_steps", text=_steps_text(model, **asked), network=model.description, **asked)
        states = reply["states"]
        complete = isinstance(states, list) and len(states) == len(sizes)
        reply.must(complete, "A step is missing.", expected=f"{len(sizes)} steps")
        for step, (right, mine) in enumerate(zip(expected["states"], states, strict=True)):
            story = f"The weights part in step {step}" + ("." if step == 0 else "; until then they agree.")
            _same_weights(reply, right, mine, "", story)
        reply.part("wants").equals(expected["wants"], message="The call froze or thawed parameters.")
        reply.part("batches").equals(batches, message="The call changed the batch that it was given.")
        return reply, expected


def _parted_states(right: Any, mine: Any) -> int | None:
    """The first step after which the weights differ; None where they agree."""
    if not isinstance(mine, list) or len(mine) != len(right):
        return 0
    pairs = enumerate(zip(right, mine, strict=True))
    return next((step for step, (one, other) in pairs if compare.difference(one, other, _WEIGHTS) is not None), None)


def _steps_text(
    model: networks.Network,
    criterion: list[Any],
    optimizer: list[Any],
    batches: list[tuple[torch.Tensor, torch.Tensor]],
    only: list[str] | None = None,
    groups: bool = False,
    evaluate: str = "always",
) -> str:
    """Calls of train_step on one batch after the other, to paste."""
    held = "model.parameters()" if only is None else f"[p for n, p in model.named_parameters() if n in {only}]"
    held = f'[{{"params": [p]}} for p in {held}]' if groups else held
    kind, options = optimizer
    lines = [
        model.source,
        f"criterion = {_criterion_source(criterion)}",
        f"optimizer = {as_python.call(f'torch.optim.{kind}', [as_python.Source(held)], options)}",
        f"batches = [{', '.join(as_python.expression(batch) for batch in batches)}]",
    ]
    call = "train_step(model, images, labels, criterion, optimizer)"
    if evaluate == "first":
        lines.append("model.eval()")
    if evaluate == "always":
        call = f"(model.eval(), {call})[1]"
    return "\n".join([*lines, f"[{call} for images, labels in batches]"])


def _criterion_source(criterion: list[Any]) -> str:
    if criterion[0] == "SquaredError":
        return "lambda logits, labels: (logits - nn.functional.one_hot(labels, logits.shape[1])).square().mean()"
    return networks.layer_source(criterion)


def _data(kind: str, train_count: int, val_count: int, layers: list[Any], seed: int) -> dict[str, cases.Data]:
    classes, pixels = layers[-1][2], cases.pixels_of(layers)
    train_data = cases.dataset(kind, train_count, classes, seed, pixels)
    return {"train_data": train_data, "val_data": cases.dataset(kind, val_count, classes, seed + 100, pixels)}


def _train_cases(*rows: Any) -> list[dict[str, Any]]:
    return [
        {"layers": layers, "counts": counts, "kind": kind, "options": options, "seed": seed}
        for seed, (layers, counts, kind, options) in enumerate(rows, start=1)
    ]


@st.composite
def _options(draw: Any, optimizer: str) -> dict[str, Any]:
    smallest = 3 if optimizer == "adam" else 2  # see _SIZES
    options: dict[str, Any] = {"batch_size": draw(st.integers(smallest, 5)), "data_shuffle": False}
    options["num_epochs"] = draw(st.integers(1, 3))
    options["learning_rate"] = draw(st.sampled_from([0.05, 0.1, 0.2] if optimizer == "sgd" else [0.02, 0.05]))
    if draw(st.booleans()):
        options["weight_decay"] = draw(st.sampled_from([0.05, 0.2]))
    if optimizer == "adam":
        options["optimizer"] = "adam"
    elif draw(st.booleans()):
        options["momentum"] = draw(st.sampled_from([0.0, 0.5, 0.9]))
    return options


_LAYERS = st.sampled_from([cases.linear(2), cases.normed(3), cases.normed(2, 4)])
_COUNTS = st.tuples(st.integers(5, 11), st.integers(1, 7))


_LESSON_RUN = {"data_shuffle": False, "num_epochs": 1}
_SGD: tuple[Any, ...] = (
    (
        cases.linear(2),
        (4, 2),
        "list",
        {"batch_size": 2, "data_shuffle": False, "num_epochs": 1, "momentum": 0.0},
    ),
    (cases.normed(3), (11, 5), "list", {"batch_size": 4, "data_shuffle": False}),
    (
        cases.normed(3),
        (10, 3),
        "pairs",
        {"batch_size": 5, "data_shuffle": False, "weight_decay": 0.2, "num_epochs": 2},
    ),
    (
        cases.linear(4),
        (13, 6),
        "tensors",
        {"batch_size": 3, "data_shuffle": False, "learning_rate": 0.3, "momentum": 0.5},
    ),
    (cases.normed(3), (64, 7), "tensors", {"learning_rate": 0.05}),
    (cases.normed(2, 4), (64, 5), "tensors", {}),
    (
        cases.linear(3),
        (9, 4),
        "list",
        {"batch_size": 4, "data_shuffle": False, "optimizer": "sgd", "num_epochs": 4},
    ),
    (
        cases.linear(3),
        (8, 4),
        "list",
        {"batch_size": 4, "data_shuffle": False, "learning_rate": 9.0, "num_epochs": 5},
    ),
    (cases.linear(3), (8, 4), "list", {"batch_size": 4, "data_shuffle": False, "num_epochs": 0}),
    (
        cases.convolved(3),
        (6, 3),
        "list",
        {"batch_size": 2, "data_shuffle": False, "momentum": 0.0, "weight_decay": 0.2},
    ),
    (
        cases.on_vectors(3),
        (6, 3),
        "list",
        {"batch_size": 2, "data_shuffle": False, "momentum": 0.5, "weight_decay": 0.2},
    ),
    (cases.dropped_whole(3), (6, 3), "list", {"batch_size": 3, "data_shuffle": False}),
    (cases.linear(3), (3, 2), "pairs", {"batch_size": 1, "data_shuffle": False, "num_epochs": 2}),
)
_ADAM = (
    (
        cases.normed(3),
        (11, 5),
        "list",
        {"batch_size": 4, "data_shuffle": False, "optimizer": "adam", "learning_rate": 0.05},
    ),
    (
        cases.linear(3),
        (8, 5),
        "list",
        {
            "batch_size": 2,
            "data_shuffle": False,
            "optimizer": "adam",
            "learning_rate": 0.05,
            "weight_decay": 0.3,
        },
    ),
    (
        cases.linear(3),
        (9, 2),
        "pairs",
        {
            "batch_size": 3,
            "data_shuffle": False,
            "optimizer": "adam",
            "learning_rate": 0.02,
            "momentum": 0.5,
            "num_epochs": 2,
        },
    ),
    (
        cases.linear(2),
        (8, 3),
        "tensors",
        {"batch_size": 4, "data_shuffle": False, "optimizer": "adam", "learning_rate": 0.5, "num_epochs": 12},
    ),
    (
        cases.normed(3),
        (12, 3),
        "list",
        {"batch_size": 4, "data_shuffle": False, "optimizer": "adam", "learning_rate": 0.5, "num_epochs": 8},
    ),
    (cases.linear(3), (6, 3), "list", {"batch_size": 2, "data_shuffle": False, "optimizer": "adam"}),
    (cases.linear(3), (7, 3), "list", [2, 0.1, "adam", 0.05, 0.5, False, 2]),  # all by position
)
_TOO_SMALL = (
    (cases.normed(3), (3, 2), "list", {"batch_size": 4, "data_shuffle": False}),
    (cases.linear(3), (1, 1), "list", {"batch_size": 2, "num_epochs": 2}),
    (cases.linear(3), (5, 1), "list", {"batch_size": 4, "data_shuffle": False, "num_epochs": 3}),
    (cases.linear(2), (7, 3), "pairs", {"batch_size": 2, "data_shuffle": False, "num_epochs": 2}),
)
# What is recorded is judged apart from the updates: with a learning rate of zero the weights never move, and with
# another it is judged where they have moved as they should.
_RECORDS: list[Any] = [
    {
        "layers": layers,
        "counts": counts,
        "seed": seed,
        "options": {"batch_size": size, "data_shuffle": False, **options},  # type: ignore[dict-item]
    }
    for seed, (layers, counts, size, options) in enumerate(
        (
            (cases.linear(10), (64, 9), 16, {"learning_rate": 0.0}),
            (cases.linear(3), (11, 5), 4, {"learning_rate": 0.0, "num_epochs": 2}),
            (cases.linear(3), (9, 4), 2, {"learning_rate": 0.3, "num_epochs": 2}),
            (cases.mlp(3, 4), (8, 4), 4, {"learning_rate": 2.0, "num_epochs": 4}),
            (cases.normed(3), (9, 4), 3, {"learning_rate": 0.5, "num_epochs": 3}),
            (cases.linear(3), (6, 3), 2, {"learning_rate": 0.05, "optimizer": "adam"}),
            (cases.linear(3), (3, 3), 4, {"learning_rate": 0.1}),
            (cases.linear(3), (8, 3), 4, {"learning_rate": 0.0, "weight_decay": 0.5, "num_epochs": 1}),
        ),
        start=1,
    )
]
_MANY = {
    "layers": cases.linear(2), "counts": (1500, 1500), "seed": 9,
    "options": {"batch_size": 800, "data_shuffle": False, "learning_rate": 0.1, "num_epochs": 1},
}  # fmt: skip


class TestTrain:
    exercise = "train"

    @check(
        weight=4.5,
        lesson=True,
        smaller={
            "layers": st.just(cases.linear(2)), "counts": st.tuples(st.integers(2, 6), st.just(2)),
            "options": st.fixed_dictionaries(
                {"batch_size": st.just(2), "data_shuffle": st.just(False), "num_epochs": st.just(1)}
            ),
            "seed": _SEEDS,
        },
        always=[
            {"layers": cases.linear(10), "counts": (192, 64), "options": _LESSON_RUN, "seed": 1},
            {"layers": cases.mlp(10, 12), "counts": (256, 64), "options": _LESSON_RUN, "seed": 2},
        ],
    )  # fmt: skip
    def test_trains_the_lessons_models(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], options: cases.Options, seed: int
    ) -> None:
        """An epoch of the lesson's loop: the weights at the end are those of SGD with momentum, batch by batch."""
        self.weights(ask, layers, counts, "list", options, seed)

    @check(
        weight=1,
        about="other options, more epochs or batches that are too small",
        layers=_LAYERS,
        counts=_COUNTS,
        kind=cases.KINDS,
        options=st.one_of(_options("sgd"), _options("adam")),
        seed=_SEEDS,
        share=0.4,
        always=_train_cases(*_SGD, *_ADAM, *_TOO_SMALL),
    )
    def test_follows_its_options(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], kind: str, options: cases.Options, seed: int
    ) -> None:
        """Weights after any number of epochs, with SGD or Adam; batches smaller than batch_size are skipped."""
        self.weights(ask, layers, counts, kind, options, seed)

    @check(
        weight=0.5,
        about="shuffling",
        always=_train_cases(
            (cases.normed(3), (12, 4), "list", {"batch_size": 4, "num_epochs": 3}),
            (cases.linear(3), (18, 5), "tensors", {"batch_size": 3, "num_epochs": 2, "data_shuffle": True}),
            (
                cases.linear(3),
                (16, 5),
                "pairs",
                {"batch_size": 8, "num_epochs": 2, "optimizer": "adam", "learning_rate": 0.05},
            ),
        ),
    )
    def test_shuffles_when_asked_to(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], kind: str, options: dict[str, Any], seed: int
    ) -> None:
        """With data_shuffle, which is the default, each epoch visits every image once, in a new random order."""
        data = _data(kind, *counts, layers, seed)
        model = networks.sequential(layers, seed)
        text, asked = _training(model, data, options)
        reply = ask("train", text=text, **asked)
        order = _order(reply, counts[0], options["batch_size"], options["num_epochs"])
        images, labels = data["train_data"].description["images"], data["train_data"].description["labels"]
        replayed = {"kind": "tensors", "images": images[order], "labels": [labels[place] for place in order]}
        once = {**options, "data_shuffle": False, "num_epochs": 1}
        expected = ask.reference_now("train", **{**asked, "train_data": replayed, "options": once})
        _same_weights_at_the_end(reply, expected, "")

    @check(weight=1, about="`iters`", always=_RECORDS)
    def test_counts_the_iterations(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], options: cases.Options, seed: int
    ) -> None:
        """`iters` counts 0, 1, 2, ... across epochs, an entry for each update."""
        reply, expected = self.asked(ask, layers, counts, "list", options, seed)
        _same_record(reply, expected, "iters")

    @check(weight=1, about="`losses`", always=_RECORDS)
    def test_records_the_losses(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], options: dict[str, Any], seed: int
    ) -> None:
        """`losses` holds each batch's mean loss, from before its update."""
        reply, expected = self.asked(ask, layers, counts, "list", options, seed)
        if not options["learning_rate"] or _same_end(reply, expected):
            _same_record(reply, expected, "losses")

    @check(weight=0.5, about="the accuracies", always=[*_RECORDS, _MANY])
    def test_records_the_accuracies(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], options: dict[str, Any], seed: int
    ) -> None:
        """`train_acc` and `val_acc` hold the accuracies on all data, from after each update."""
        reply, expected = self.asked(ask, layers, counts, "list", options, seed)
        if not options["learning_rate"] or _same_end(reply, expected):
            for name in ("train_acc", "val_acc"):
                _same_record(reply, expected, name)

    @check(
        weight=0.5,
        about="an unknown optimizer",
        always=[{"name": name} for name in ("rmsprop", "adagrad", "sdg", "adamw", "sgdm", "nadam", "asgd", "ad")],
    )
    def test_refuses_an_unknown_optimizer(self, ask: Ask, name: str) -> None:
        """An optimizer that is neither "sgd" nor "adam" is refused; these two are not."""
        layers, options = cases.linear(3), {"optimizer": name, "batch_size": 2}
        data, model = _data("list", 1 if name == "ad" else 4, 2, layers, 1), networks.sequential(layers, 1)
        text, asked = _training(model, data, options)
        ask.refusal("train", {"optimizer": name}, text=text, **asked)
        known = {"optimizer": "adam" if len(name) % 2 else "sgd", "batch_size": 2, "num_epochs": 1}
        text, asked = _training(model, data := _data("list", 4, 2, layers, 1), known)
        reply = ask("train", text=text, **asked).part("history")
        reply.answered(lambda history: _has_entries(history), "a History with its entries")

    def weights(
        self, ask: Ask, layers: list[Any], counts: tuple[int, int], kind: str, options: cases.Options, seed: int
    ) -> None:
        """The weights at the end must be the reference's."""
        reply, expected = self.asked(ask, layers, counts, kind, options, seed, training=seed % 2 == 1)
        iterations = len(expected["history"].fields["iters"])
        story = _story(expected["weights"], reply["weights"], expected["batches"]) if iterations else ""
        _same_weights_at_the_end(reply, expected, story)

    def asked(
        self, ask: Ask, layers: Any, counts: tuple[int, int], kind: str, options: Any, seed: int, training: bool = True
    ) -> tuple[Reply, Any]:
        data = _data(kind, *counts, layers, seed)
        model = networks.sequential(layers, seed, training=training)
        text, asked = _training(model, data, options)
        expected = ask.expected("train", **asked)
        return ask("train", text=text, **asked), expected


def _has_entries(history: Any) -> bool:
    return isinstance(history, Record) and any(isinstance(v, list) and v for v in history.fields.values())


def _training(
    model: networks.Network, data: dict[str, cases.Data], options: cases.Options
) -> tuple[str, dict[str, Any]]:
    """A call of train to paste, and what the driver is asked."""
    described = {name: one.description for name, one in data.items()}
    return cases.text("train", model, data, options), dict(network=model.description, **described, options=options)


def _same_record(reply: Reply, expected: Any, name: str) -> None:
    """Compares one list of the history, entry by entry."""
    history = reply.part("history", f"{reply.text}.{name}")
    if not isinstance(history.value, Record):
        reply.part("history").differs(compare.wrong_kind(expected["history"], history.value))
    right, mine = expected["history"].fields[name], history.value.fields.get(name)
    found = compare.difference(right, mine, Tolerance(2e-3, 2e-4))
    if found is not None:
        where, answer = _first_parting(right, mine)
        judge = f"`{name}` of the reference, from the same weights and data"
        history.differs(replace(found, message=""), judge=judge, message=f"`{name}` differs: {where}", answer=answer)


def _same_end(reply: Reply, expected: Any) -> bool:
    """Whether the weights at the end are the reference's."""
    return compare.difference(expected["state"], reply["state"], _WEIGHTS) is None


def _same_weights_at_the_end(reply: Reply, expected: Any, story: str) -> None:
    """Compares the weights at the end, the number of updates among what led there."""
    after = f"{reply.text}\nmodel.state_dict()"
    _same_weights(
        replace(reply, text=after), expected["state"], reply["state"], "The weights at the end differ.", story
    )
    reply.part("wants").equals(expected["wants"], message="The call froze or thawed parameters.")


def _same_weights(reply: Reply, right: Any, mine: Any, message: str, story: str) -> None:
    """Compares the weights of two networks, parameter by parameter."""
    if not isinstance(mine, dict) or mine.keys() != right.keys():
        reply.differs(compare.wrong_kind(right, mine), message="The network has changed its parts.")
    for name in right:
        found = compare.difference(right[name], mine[name], _WEIGHTS)
        if found is not None:
            judge = f"the reference's `{name}` after the call"
            reply.differs(replace(found, message=""), judge=judge, message=message, story=story)


def _story(right: Any, mine: Any, batches: Any) -> str:
    """In which iteration the weights part, and what had happened just before; nothing where that cannot be said."""
    if not isinstance(mine, list) or not mine:
        return ""
    if _parted(right[0][1:], right[-1][1:]) and not _parted(right[0][1:], mine[-1][1:]):
        return "The model that was passed in is as it was: it has not been trained."
    if len(mine) != len(right):
        return ""
    odd = next((place for place, pair in enumerate(zip(right, mine, strict=True)) if _parted(*pair)), None)
    if odd is None:
        return ""
    mode_differs = odd < len(batches) and right[odd][0] != mine[odd][0]
    place = odd if mode_differs else odd - 1
    if place < 0:
        return "The weights were changed before the first iteration."
    if place == 0:
        before = ", the first one"
    elif min(batches[place]) <= min(batches[0]):
        before = ", just after a new epoch had begun; until then they agree"
    else:
        before = ", just after the accuracies had been measured; until then they agree"
    mode = " In it your model ran in evaluation mode." if mode_differs else ""
    return f"The weights part in iteration {place}{before}.{mode}"


def _parted(right: Any, mine: Any) -> bool:
    return compare.difference(tuple(right), mine, _WEIGHTS) is not None


def _first_parting(right: Any, mine: Any) -> tuple[str, str]:
    """Where two lists part for the first time, in words, and what stands there in both."""
    if not isinstance(mine, list):
        return f"it must be a list, and yours is {as_python.kind(mine)}.", ""
    if len(mine) != len(right):
        count = f"{len(right)} {'iteration' if len(right) == 1 else 'iterations'}"
        return f"{count} should be recorded, and yours has {len(mine)}.", ""
    for place, (a, b) in enumerate(zip(right, mine, strict=True)):
        if compare.difference(a, b, Tolerance(2e-3, 2e-4)) is not None:
            before = (
                "already in the first iteration." if place == 0 else f"up to iteration {place - 1} all entries agree."
            )
            both = f"In iteration {place} it should be {as_python.shown(a)}, and yours is {as_python.shown(b)}."
            return before, both
    return "", ""


def _order(reply: Reply, count: int, batch_size: int, epochs: int) -> list[int]:
    """The order in which images were trained on, over all epochs. Raises Failure where it is not a shuffling."""
    batches = reply["batches"]
    sizes = [len(batch) for batch in batches] if isinstance(batches, list) else []
    per_epoch = count // batch_size
    expected = f"{epochs * per_epoch} batches of {batch_size}"
    reply.must(
        sizes == [batch_size] * (epochs * per_epoch),
        "The batches differ.",
        expected=expected,
        got=as_python.shown(sizes),
    )
    order = [number for batch in batches for number in batch]
    whole = list(range(count))
    for epoch in range(epochs):
        visited = sorted(order[epoch * count : (epoch + 1) * count])
        reply.must(
            visited == whole,
            f"Epoch {epoch} does not visit every image once.",
            expected=as_python.shown(whole),
            got=visited,
        )
    orders = {tuple(order[epoch * count : (epoch + 1) * count]) for epoch in range(epochs)}
    message = "Each epoch had the same order. A new one each time is what `data_shuffle` asks for."
    reply.must(len(orders) == epochs, message, expected="a new random order in each epoch", got="one order for all")
    shuffled = any(order[epoch * count : (epoch + 1) * count] != whole for epoch in range(epochs))
    reply.must(
        shuffled, "The images came in the order of the dataset.", expected="a random order", got=as_python.shown(whole)
    )
    blocks = [whole[start : start + batch_size] for start in range(0, count, batch_size)]
    mixed = any(sorted(batch) not in blocks for batch in batches)
    reply.must(
        mixed,
        "The same images are in a batch together, shuffled or not.",
        expected="images of all places mixed",
        got="each batch has neighbours only",
    )
    return order
