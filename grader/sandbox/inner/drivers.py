"""What a check can ask of a module: small scripts that call the student's functions and note what came of it.

A driver runs beside the student's code, in the worker; the same driver runs beside the reference in the grading
process. Each takes the topic's module and plain arguments and returns plain data. It judges nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

from grader.sandbox import wire
from grader.sandbox.inner import builders

_grad_enabled = torch.is_grad_enabled
_set_grad_enabled = torch.set_grad_enabled
# How many nodes of graphs this thread has made so far. PyTorch's types do not know it.
_graph_nodes = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]


def _function(module: Any, name: str) -> Any:
    """The function of that name in the student's module. Raises MissingName with a sentence for the student."""
    if not hasattr(module, name):
        raise MissingName(name)
    return getattr(module, name)


def _with(options: dict[str, Any] | list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call whose options are a dict by name, or a list by position."""
    return (options, {}) if isinstance(options, list) else ([], options)


def _wants(model: nn.Module) -> list[bool]:
    """Which parameters are trainable, in their order."""
    return [builders.is_trainable(parameter) for parameter in builders.parameters(model)]


class MissingName(Exception):
    """The module has no function or class of the name that the exercise gives it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def call(
    module: Any, name: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None, again: bool = False
) -> dict[str, Any]:
    """Calls a function; also returns the arguments as they are afterwards.

    `again` calls it once more on the very same objects, whose numbers have been turned round meanwhile.
    """
    kwargs = kwargs or {}
    function = _function(module, name)
    value = function(*args, **kwargs)
    found = {"value": value, "args": [*args, *kwargs.values()]}
    if again:
        found = wire.copy(found)  # what came back may be a view of what is turned round now
        turn_round([*args, *kwargs.values()])
        found["again"] = function(*args, **kwargs)
    return found


def turn_round(values: list[Any]) -> None:
    """Puts the numbers of each array and tensor in the opposite order, in place."""
    for value in values:
        if isinstance(value, torch.Tensor):
            value.data.copy_(value.data.flatten().flip(0).reshape(value.shape))
        elif isinstance(value, np.ndarray):
            value[...] = value.ravel()[::-1].reshape(value.shape).copy()


def flatten(module: Any, images: torch.Tensor, axes: tuple[Any, ...] | None = None) -> dict[str, Any]:
    """flatten_images, on a transposed and therefore non-contiguous view of the images where axes are given."""
    given = images if axes is None else images.permute(*axes)
    value = _function(module, "flatten_images")(given)
    return {"value": value, "args": [images]}


def gradients(
    module: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], upstream: torch.Tensor
) -> dict[str, Any]:
    """Calls a function and sends a gradient back through it; returns the gradients of the arguments that want one."""
    value = _function(module, name)(*args, **kwargs)
    wanted = [a for a in (*args, *kwargs.values()) if isinstance(a, torch.Tensor) and a.requires_grad]
    return {"value": value, "gradients": _sent_back(value, upstream, wanted)}


def forward(
    module: Any, name: str, init: dict[str, Any], state: dict[str, Any], images: torch.Tensor, training: bool = True
) -> dict[str, Any]:
    """Builds the student's model, gives it the weights and runs it, on the images and then on others of that shape."""
    model = _model(module, name, init, state).train(training)
    wanted = _wants(model)
    found = wire.copy({"value": model(images), "args": [images]})
    images.copy_(images.flip(-1) * 0.5 - 0.25)
    second, kept = model(images), _state(model)
    # Of what a student has put beside the given layers, or registered under a second name, nothing is asked.
    given = {place: kept[place] for place in state if place in kept}
    return {**found, "second": second, "state": given, "unchanged": wanted == _wants(model)}


def forward_gradients(
    module: Any, name: str, init: dict[str, Any], state: dict[str, Any], images: torch.Tensor, upstream: torch.Tensor
) -> dict[str, Any]:
    """The gradients of a model's parameters for a given upstream gradient of its logits."""
    model = _model(module, name, init, state)
    value = model(images)
    held = builders.tensors(model)
    grads = _sent_back(value, upstream, [held[place] for place in state])
    return {"value": value, "gradients": dict(zip(state, grads, strict=False))}


def accuracy(
    module: Any,
    network: dict[str, Any],
    data: dict[str, Any],
    options: dict[str, Any] | list[Any],
    grad_enabled: bool = True,
    then: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """get_accuracy on a watched model, with the global gradient switch set as asked.

    `then` asks on other data as well, and then once more on these data, of the same model with other weights.
    """
    model, notes = builders.watched(network)
    given, wanted = builders.dataset(data), _wants(model)
    function = _function(module, "get_accuracy")
    args, options = _with(options)
    _set_grad_enabled(grad_enabled)
    try:
        nodes = _graph_nodes()
        value = function(model, given, *args, **options)
        after, recorded = _grad_enabled(), _graph_nodes() > nodes
        second = None if then is None else function(model, builders.dataset(then), *args, **options)
        found = {"value": value, "second": second, "grad_enabled": after, "state": _state(model)}
        if then is not None:
            for parameter in model.parameters():
                parameter.data.neg_()
            found["third"] = function(model, given, *args, **options)
    finally:
        _set_grad_enabled(True)
    modes = sorted({(training, grad) for training, grad, _ in notes.passes})
    return {**found, "modes": modes, "recorded": recorded, "unchanged": wanted == _wants(model)}


def accuracy_refusal(
    module: Any, network: dict[str, Any], data: dict[str, Any], options: dict[str, Any]
) -> dict[str, Any]:
    """get_accuracy on an empty dataset: what it said, and the global gradient switch after that."""
    function = _function(module, "get_accuracy")
    try:
        return {"value": function(builders.network(network), builders.dataset(data), **options)}
    except ValueError as error:
        return {"said": str(error), "grad_enabled": _grad_enabled()}
    finally:
        _set_grad_enabled(True)


def train_steps(
    module: Any,
    network: dict[str, Any],
    criterion: list[Any],
    optimizer: list[Any],
    batches: list[Any],
    only: list[Any] | None = None,
    groups: bool = False,
    evaluate: str = "always",
) -> dict[str, Any]:
    """train_step, once for each (images, labels) batch.

    `only` names the parameters that the optimizer was given, all without it; `groups` puts each in a group of its
    own; `evaluate` says before which steps the model is put in evaluation mode: "always", "first" or "never".
    """
    model, notes = builders.watched(network)
    parameters = [p for name, p in model.named_parameters() if only is None or name in only]
    held = [{"params": [parameter]} for parameter in parameters] if groups else parameters
    loss_function, update = builders.criterion(criterion), builders.optimizer(optimizer, held)
    function = _function(module, "train_step")
    losses, states = [], []
    with _watched_updates() as updates:
        for step, (images, labels) in enumerate(batches):
            if evaluate == "always" or (evaluate == "first" and step == 0):
                model.eval()
            losses.append(function(model, images, labels, loss_function, update))
            states.append(_state(model))
    modes = [training for training, grad, _ in notes.passes if grad]
    found = {"losses": losses, "states": states, "batches": batches, "modes": modes, "wants": _wants(model)}
    return {**found, "updates": updates, "reached": bool(notes.came_back)}


@contextlib.contextmanager
def _watched_updates() -> Iterator[list[bool]]:
    """Notes for each call of an optimizer's `step`, whoever made the optimizer, whether it found a gradient."""
    updates: list[bool] = []

    def note(optimizer: torch.optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        parameters = (parameter for group in optimizer.param_groups for parameter in group["params"])
        updates.append(any(parameter.grad is not None for parameter in parameters))

    handle = register_optimizer_step_pre_hook(note)
    try:
        yield updates
    finally:
        handle.remove()


def train(
    module: Any,
    network: dict[str, Any],
    train_data: dict[str, Any],
    val_data: dict[str, Any],
    options: dict[str, Any] | list[Any],
) -> dict[str, Any]:
    """train, on a watched model; also returns which images each training pass was given."""
    model, notes = builders.watched(network)
    function = _function(module, "train")
    with _watched_updates() as updates:
        args, options = _with(options)
        history = function(model, builders.dataset(train_data), builders.dataset(val_data), *args, **options)
    batches = [numbers for training, grad, numbers in notes.passes if training and grad]
    found = {"history": history, "state": _state(model), "batches": batches, "updates": updates}
    found |= {"wants": _wants(model), "reached": bool(notes.came_back)}
    return {**found, "weights": [*notes.weights, (True, *builders.standing(model))]}


def trace(module: Any, layers: list[Any], input_shape: tuple[Any, ...]) -> dict[str, Any]:
    """trace_shapes for the layers that the descriptions name."""
    built: list[nn.Module] = []
    for description in layers:
        built.append(built[description[1]] if description[0] == "Again" else builders.layer(description))
    function = _function(module, "trace_shapes")
    found = wire.copy({"value": function(built, input_shape), "layers": [type(layer).__name__ for layer in built]})
    built.append(nn.ReLU())
    return {**found, "longer": function(built, input_shape)}


def count(module: Any, network: dict[str, Any], freeze: bool = False) -> dict[str, Any]:
    """count_parameters of a network built from its description; `freeze` has it frozen then, and counts once more."""
    model: Any = builders.network(network)
    model = model[0] if len(model) == 1 else model
    wanted = _wants(model)
    function = _function(module, "count_parameters")
    found = {"value": function(model), "unchanged": wanted == _wants(model)}
    if freeze:
        model.requires_grad_(False)
        found["value"] = function(model)
    return found


def features(module: Any, name: str, network: dict[str, Any], images: torch.Tensor) -> dict[str, Any]:
    """extract_features or first_layer_activations; also the network's weights and buffers afterwards."""
    model = builders.network(network)
    hooks = _hooks(model)
    function = _function(module, name)
    value = function(model, images)
    requires_grad = isinstance(value, torch.Tensor) and builders.is_trainable(value)
    graph = requires_grad and builders.has_graph(value)
    found = {"value": value, "requires_grad": requires_grad, "graph": graph}
    found = wire.copy({**found, "args": [images], "state": _state(model), "hooks": _hooks(model) - hooks})
    turn_round([images])
    return {**found, "again": function(model, images)}


def _hooks(model: nn.Module) -> int:
    """How many hooks watch the layers of a model."""
    return sum(len(part._forward_hooks) + len(part._forward_pre_hooks) for part in builders.parts(model))


def replace(
    module: Any, network: dict[str, Any], num_classes: int, num_features: int, images: torch.Tensor
) -> dict[str, Any]:
    """replace_classifier; describes the network that came back and the one that was passed in."""
    model = builders.network(network)
    before, modes = _portrait(model), _modes(model)
    new = _function(module, "replace_classifier")(model, num_classes, num_features)
    after, kept = _portrait(model), modes == _modes(model)
    if not isinstance(new, nn.Module):
        return {"value": new}
    found: dict[str, Any] = {"before": before, "after": after, "modes": kept, "same_object": new is model}
    head = getattr(new, "classifier", None)
    found["classifier"] = type(head).__name__
    found["layers"] = (
        sum(1 for part in head.modules() if not list(part.children())) if isinstance(head, nn.Module) else 0
    )
    if isinstance(head, nn.Linear) and not isinstance(head.weight, nn.UninitializedParameter):
        found["head"] = {"weight": head.weight, "bias": head.bias}
        others = [p for p in builders.parameters(new) if p is not head.weight and p is not head.bias]
        found["frozen"] = [not builders.is_trainable(p) for p in others]
        found["trainable"] = [builders.is_trainable(p) for p in (head.weight, head.bias) if p is not None]
    new.eval()
    found["features"] = _without_gradients(new.features, images)
    found["logits"] = _without_gradients(_logits, new, images)
    found["learns"] = _learns(new, images)
    return found


def _without_gradients(function: Any, *given: Any) -> Any:
    with torch.no_grad():
        return function(*given)


def _logits(network: Any, images: torch.Tensor) -> Any:
    """What a network in three parts answers; one that has no forward pass of its own is gone through part by part."""
    if type(network).forward is nn.Module.forward and "forward" not in vars(network):
        return network.classifier(torch.flatten(network.avgpool(network.features(images)), 1))
    return network(images)


def _learns(network: Any, images: torch.Tensor) -> bool:
    """Whether a gradient reaches the classifier's parameters from the logits of one image, in training mode."""
    logits = _logits(network.train(), images[:1])
    parameters = [parameter for parameter in network.classifier.parameters() if parameter.requires_grad]
    if not logits.requires_grad or not parameters:
        return False
    grads = torch.autograd.grad(logits.sum(), parameters, allow_unused=True)
    return all(gradient is not None for gradient in grads)


def _model(module: Any, name: str, init: dict[str, Any], state: dict[str, Any]) -> nn.Module:
    """A student's model with these weights in its given layers, which may have other names beside their own."""
    model: nn.Module = _function(module, name)(**init)
    held = builders.tensors(model)
    if all(place in held and _fits(held[place], value) for place, value in state.items()):
        with torch.no_grad():
            for place, value in state.items():
                held[place].copy_(value)
    else:
        model.load_state_dict(state)  # it says what is missing
    return model


def _fits(held: torch.Tensor, value: torch.Tensor) -> bool:
    return not nn.parameter.is_lazy(held) and held.shape == value.shape


def _state(model: nn.Module) -> dict[str, torch.Tensor]:
    return builders.state(model)


def _portrait(model: nn.Module) -> list[Any]:
    """All that can be seen of a network, as plain data that can be compared."""
    kinds = [type(part).__name__ for part in builders.parts(model)]
    return [kinds, _wants(model), [(name, value.tolist()) for name, value in builders.state(model).items()]]


def _modes(model: nn.Module) -> list[bool]:
    """Of each part of a network whether it is in training mode."""
    return [part.training for part in builders.parts(model)]


def _sent_back(value: Any, upstream: torch.Tensor, wanted: list[torch.Tensor]) -> list[torch.Tensor | None]:
    """The gradients for a given upstream gradient of the value; none where it has another shape, or is no tensor."""
    if not isinstance(value, torch.Tensor):
        return []
    if not value.requires_grad:
        raise NoGradient
    if value.shape != upstream.shape:
        return []
    return list(torch.autograd.grad((value * upstream).sum(), wanted, allow_unused=True))


class NoGradient(Exception):
    """The result does not lead back to its inputs: no gradient can flow."""


DRIVERS = {
    function.__name__: function
    for function in (
        call, flatten, gradients, forward, forward_gradients, accuracy, accuracy_refusal,
        train_steps, train, trace, count, features, replace,
    )
}  # fmt: skip
