"""Known mistakes in topic training: `train_step`."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn, optim
from torch.nn import functional as F

from grader.writing.mistake import mistake
from solutions.training import Criterion


def _step(model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer) -> Tensor:
    """Everything right up to the returned value: the loss as a tensor."""
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


@mistake(
    "train_step",
    "never-zeroes-gradients",
    says="The gradients are never zeroed, so each update also uses those of all earlier batches.",
    asks="Print a parameter's `.grad` in the second step: did `backward` replace what was there, or add to it?",
)
def never_zeroes_gradients(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@mistake(
    "train_step",
    "zeroes-when-it-changes-mode",
    says="The gradients are zeroed only where the model comes in evaluation mode.",
    asks="Of two calls in a row, which one calls `zero_grad`? What does the other one's `backward` add to?",
)
def zeroes_when_it_changes_mode(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    if not model.training:
        optimizer.zero_grad()
    return never_zeroes_gradients(model, images, labels, criterion, optimizer)


@mistake(
    "train_step",
    "zeroes-between-backward-and-step",
    says="The gradients are zeroed after `backward` and before `step`, so the weights hardly move, or not at all.",
    asks="`step` reads `.grad`. What is in there at that moment?",
)
def zeroes_between_backward_and_step(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


@mistake(
    "train_step",
    "steps-before-backward",
    says="`step` comes before `backward`, so each update uses the gradient of the batch before.",
    asks="When `step` reads `.grad`, whose gradient is in there? And in the very first call?",
)
def steps_before_backward(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = criterion(model(images), labels)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


@mistake(
    "train_step",
    "never-calls-step",
    says="The gradients are computed, but the weights stay as they are.",
    asks="`backward` fills `.grad`. Who changes the parameters?",
)
def never_calls_step(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


@mistake(
    "train_step",
    "mode-as-found",
    says="The model is trained in whatever mode it came in: after an evaluation that is evaluation mode.",
    asks="`get_accuracy` leaves the model in evaluation mode. Who puts it back before the next update?",
)
def mode_as_found(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@mistake(
    "train_step",
    "trains-in-evaluation-mode",
    says="The model is put in evaluation mode and trained there: dropout and batch norm do not do their part.",
    asks="`eval()` is for measuring. What is its counterpart called?",
)
def trains_in_evaluation_mode(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.eval()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@mistake(
    "train_step",
    "returns-the-loss-tensor",
    says="The loss comes back as a tensor, perhaps with its whole graph behind it.",
    asks="If you keep a thousand of these in a list, what is kept in memory with them? What does a log need?",
)
def returns_the_loss_tensor(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> Tensor:
    return _step(model, images, labels, criterion, optimizer)


@mistake(
    "train_step",
    "returns-nothing",
    says="The update is there, but the function returns None.",
    asks="What does the exercise ask you to give back after the update?",
)
def returns_nothing(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> None:
    _step(model, images, labels, criterion, optimizer)


@mistake(
    "train_step",
    "backward-on-a-number",
    says="`backward` was called on a plain number: `.item()` came too early and left the graph behind.",
    asks="Which object knows how the loss was computed, the tensor or the float? Call `backward` on that one.",
)
def backward_on_a_number(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = criterion(model(images), labels).item()
    optimizer.zero_grad()
    loss.backward()  # type: ignore[union-attr]
    optimizer.step()
    return loss


@mistake(
    "train_step",
    "loss-after-the-update",
    says="The loss that you return is that of a second forward pass, after the update.",
    asks="The loss that `backward` was called on has been there all along. Is that the one you return?",
)
def loss_after_the_update(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    _step(model, images, labels, criterion, optimizer)
    with torch.no_grad():
        return criterion(model(images), labels).item()


@mistake(
    "train_step",
    "sums-the-loss",
    says="The loss that you return is the mean times the number of images.",
    asks="The criterion has averaged already. Which of the two does the exercise ask for, the mean or the sum?",
)
def sums_the_loss(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(model, images, labels, criterion, optimizer).item() * len(images)


@mistake(
    "train_step",
    "averages-the-loss-twice",
    says="The loss that you return is divided by the number of images, and the criterion has done that already.",
    asks="For ten classes, an untrained model's mean loss is about 2.3. What is yours, and does it depend on the batch size?",
)
def averages_the_loss_twice(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(model, images, labels, criterion, optimizer).item() / len(images)


@mistake(
    "train_step",
    "own-criterion",
    says="The loss is always cross-entropy here, whatever criterion was passed in.",
    asks="Of the five arguments, which one does your function never use?",
)
def own_criterion(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(model, images, labels, F.cross_entropy, optimizer).item()


@mistake(
    "train_step",
    "float-labels",
    says="The labels were turned into floats, and cross-entropy wants class numbers.",
    asks="A label says which class it is. Which dtype does a class number have?",
)
def float_labels(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(model, images, labels.float(), criterion, optimizer).item()


@mistake(
    "train_step",
    "softmax-before-the-criterion",
    says="The logits go through a softmax before the criterion, which contains one already.",
    asks="Which numbers does `nn.CrossEntropyLoss` expect: probabilities, or the model's scores as they are?",
)
def softmax_before_the_criterion(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(model, images, labels, lambda logits, right: criterion(logits.softmax(1), right), optimizer).item()


@mistake(
    "train_step",
    "predictions-to-the-criterion",
    says="The criterion is given predicted classes, and `argmax` has no gradient: nothing can learn from it.",
    asks="How should a class number know which way the weights should move? What does the criterion take instead?",
)
def predictions_to_the_criterion(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(
        model, images, labels, lambda logits, right: criterion(logits.argmax(1).float(), right), optimizer
    ).item()


@mistake(
    "train_step",
    "no-gradient-reaches-the-weights",
    says="No gradient ever comes back from the loss to what the model gave, so `step` has nothing to go by.",
    asks="Is there a `backward()`, and is it called on the very loss that the criterion returned? A tensor made anew has no graph.",
)
def no_gradient_reaches_the_weights(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = torch.tensor(criterion(model(images), labels).item(), requires_grad=True)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@mistake(
    "train_step",
    "only-computes-the-loss",
    says="The loss is computed, and nothing else: no gradient comes back, and the weights stay as they are.",
    asks="Two calls come after the loss: one fills every parameter's `.grad`, the other one uses it. What are their names?",
)
def only_computes_the_loss(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    return criterion(model(images), labels).item()


@mistake(
    "train_step",
    "works-on-a-copy",
    says="A copy of the model is used: the optimizer holds the weights of the model that was passed in, and finds no gradient.",
    asks="After `copy.deepcopy(model)`, whose parameters does `backward` give gradients to, and whose does `optimizer` hold?",
)
def works_on_a_copy(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(copy.deepcopy(model), images, labels, criterion, optimizer).item()


@mistake(
    "train_step",
    "updates-every-second-time",
    says="Only every second call updates the weights, with the gradients of two batches.",
    asks="Each call is one update. What decides in your function whether `step` is called at all?",
)
def updates_every_second_time(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    model.train()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.seen = getattr(optimizer, "seen", 0) + 1  # type: ignore[attr-defined]
    if optimizer.seen % 2 == 0:  # type: ignore[attr-defined]
        optimizer.step()
        optimizer.zero_grad()
    return loss.item()


@mistake(
    "train_step",
    "squeezes-the-logits",
    says="Every axis of size 1 is dropped from the logits: a batch of one image has no batch axis any more.",
    asks="What is the shape of the logits for a batch of one image, and what does `squeeze()` make of it?",
)
def squeezes_the_logits(
    model: nn.Module, images: Tensor, labels: Tensor, criterion: Criterion, optimizer: optim.Optimizer
) -> float:
    return _step(model, images, labels, lambda logits, right: criterion(logits.squeeze(), right), optimizer).item()
