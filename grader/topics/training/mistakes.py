"""Known mistakes in topic training: `get_accuracy`. The other exercises have files of their own."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from grader.writing.mistake import mistake
from solutions.training import Data, get_accuracy


def _refuse_an_empty_one(data: Data) -> None:
    if len(data) == 0:
        raise ValueError(f"data is empty: len(data)={len(data)}")


def _right(model: nn.Module, data: Data, batch_size: int) -> int:
    """How many predictions are right, in whatever mode the model is."""
    loader = DataLoader(data, batch_size=batch_size)
    return sum((model(images).argmax(dim=1) == labels).sum().item() for images, labels in loader)


def _counts(model: nn.Module, data: Data, batch_size: int) -> list[tuple[int, int]]:
    """For each batch, how many predictions are right, and how many examples there are."""
    _refuse_an_empty_one(data)
    model.eval()
    with torch.no_grad():
        return [
            ((model(images).argmax(dim=1) == labels).sum().item(), len(labels))
            for images, labels in DataLoader(data, batch_size=batch_size)
        ]


@mistake(
    "get_accuracy",
    "stays-in-training-mode",
    says="The model is measured in the mode it came in: in training mode, dropout and batch norm compute something else.",
    asks="Measure a model with dropout twice: do you get the same number? `torch.no_grad()` does not change what layers do.",
)
def stays_in_training_mode(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    _refuse_an_empty_one(data)
    with torch.no_grad():
        return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "records-gradients",
    says="`model.eval()` is there, but PyTorch still records a graph for gradients that nobody will use.",
    asks="Evaluation mode changes what layers compute. Which other switch tells PyTorch that no gradient will be asked for?",
)
def records_gradients(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    _refuse_an_empty_one(data)
    model.eval()
    return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "neither-eval-nor-no-grad",
    says="The model is measured as if it were being trained: in training mode, and with gradients recorded.",
    asks="Two switches matter before you measure. Which one do dropout and batch norm look at, and which one the graph?",
)
def neither_eval_nor_no_grad(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    _refuse_an_empty_one(data)
    return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "mean-of-batch-means",
    says="Each batch counts the same here, so an image of a small last batch counts more than the others.",
    asks="With batches of 64, 64 and 2 images, how much does one image of the last batch weigh? Sum first, divide once.",
)
def mean_of_batch_means(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    fractions = [right / count for right, count in _counts(model, data, batch_size)]
    return sum(fractions) / len(fractions)


@mistake(
    "get_accuracy",
    "divides-by-number-of-batches",
    says="The number of correct predictions is divided by the number of batches.",
    asks="`len(loader)` counts batches. What does each of the correct predictions count?",
)
def divides_by_number_of_batches(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    counts = _counts(model, data, batch_size)
    return sum(right for right, _ in counts) / len(counts)


@mistake(
    "get_accuracy",
    "divides-by-full-batches",
    says="The last batch is counted as if it were full.",
    asks="Five images in batches of two are three batches. How many images does number of batches times batch size give?",
)
def divides_by_full_batches(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    counts = _counts(model, data, batch_size)
    return sum(right for right, _ in counts) / (len(counts) * batch_size)


@mistake(
    "get_accuracy",
    "leaves-out-the-last-batch",
    says="The images of a last, smaller batch are left out.",
    asks="`drop_last=True` is for training. How many images did you count, and how many does the dataset have?",
)
def leaves_out_the_last_batch(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    full = [(right, count) for right, count in _counts(model, data, batch_size) if count == batch_size]
    total = sum(count for _, count in full)
    return sum(right for right, _ in full) / total  # without a full batch, a division by zero


@mistake(
    "get_accuracy",
    "missing-images-count-as-wrong",
    says="The images of a last, smaller batch are never looked at, but they are in the number that you divide by.",
    asks="With `drop_last=True`, can a perfect model reach 1.0 on five images in batches of two?",
)
def missing_images_count_as_wrong(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    counts = _counts(model, data, batch_size)
    return sum(right for right, count in counts if count == batch_size) / len(data)


@mistake(
    "get_accuracy",
    "first-batch-only",
    says="Only the first batch is measured.",
    asks="Is the `return` inside the loop? What happens to the other batches then?",
)
def first_batch_only(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    right, count = _counts(model, data, batch_size)[0]
    return right / count


@mistake(
    "get_accuracy",
    "last-batch-only",
    says="The number of correct predictions is that of the last batch alone.",
    asks="Does each batch add to your count, or does it replace what was there?",
)
def last_batch_only(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    return _counts(model, data, batch_size)[-1][0] / len(data)


@mistake(
    "get_accuracy",
    "compares-every-pair",
    says="Each prediction is compared with each label: shapes (N, 1) and (N,) broadcast to (N, N).",
    asks="Print the shape of `predictions == labels` for a batch of three. How many comparisons did you want?",
)
def compares_every_pair(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    _refuse_an_empty_one(data)
    model.eval()
    with torch.no_grad():
        loader = DataLoader(data, batch_size=batch_size)
        right: int = sum((model(x).argmax(1, keepdim=True) == y).sum().item() for x, y in loader)
    return right / len(data)


@mistake(
    "get_accuracy",
    "percent",
    says="The result is in percent, from 0 to 100.",
    asks="A fraction of 0.75 and 75 % are the same thing. Which of the two does the exercise ask for?",
)
def percent(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    return 100 * sum(right for right, _ in _counts(model, data, batch_size)) / len(data)


@mistake(
    "get_accuracy",
    "count-not-fraction",
    says="This is the number of correct predictions, not their fraction.",
    asks="How many images are there in all, and what should a perfect model score?",
)
def count_not_fraction(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    return float(sum(right for right, _ in _counts(model, data, batch_size)))


@mistake(
    "get_accuracy",
    "returns-a-tensor",
    says="The number is right, but it is still a tensor.",
    asks="Lists of accuracies are for plotting. Which method of a tensor with one number gives a Python number?",
)
def returns_a_tensor(model: nn.Module, data: Data, batch_size: int = 1024) -> Tensor:
    return torch.tensor(sum(right for right, _ in _counts(model, data, batch_size)) / len(data))


@mistake(
    "get_accuracy",
    "error-rate",
    says="This is the fraction of wrong predictions.",
    asks="Accuracy counts what is right. What does a perfect model score with your function?",
)
def error_rate(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    return 1 - sum(right for right, _ in _counts(model, data, batch_size)) / len(data)


@mistake(
    "get_accuracy",
    "divides-by-zero-for-nothing",
    says="An empty dataset ends in a division by zero.",
    asks="There is no accuracy over nothing. Which error says so, and what should its text name?",
)
def divides_by_zero_for_nothing(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    model.eval()
    with torch.no_grad():
        return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "zero-for-nothing",
    says="An empty dataset gets an accuracy of 0, as if everything in it were wrong.",
    asks="If a path is mistyped and the dataset is empty, what would you rather read: 0.0, or that there is no data?",
)
def zero_for_nothing(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    return get_accuracy(model, data, batch_size) if len(data) else 0.0


@mistake(
    "get_accuracy",
    "leaves-gradients-off",
    says="Gradients are switched off and never switched on again: whoever trains next learns nothing.",
    asks="`with torch.no_grad():` puts the switch back at its end, as it was. Does yours?",
)
def leaves_gradients_off(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    accuracy = get_accuracy(model, data, batch_size)
    torch.set_grad_enabled(False)
    return accuracy


@mistake(
    "get_accuracy",
    "switches-gradients-on",
    says="Gradients are switched on at the end, also where they were off before.",
    asks="What if your function is called inside someone else's `torch.no_grad()`? The switch must be as you found it.",
)
def switches_gradients_on(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    accuracy = get_accuracy(model, data, batch_size)
    torch.set_grad_enabled(True)
    return accuracy


@mistake(
    "get_accuracy",
    "weighs-the-last-batch-in-full",
    says="The last batch's fraction is multiplied by `batch_size`, as if it were full.",
    asks="A last batch of 2 images has 1 right. How many correct predictions does `0.5 * batch_size` count?",
)
def weighs_the_last_batch_in_full(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    return sum(right / count * batch_size for right, count in _counts(model, data, batch_size)) / len(data)


@mistake(
    "get_accuracy",
    "squeezes-the-logits",
    says="Every axis of size 1 is dropped from the logits: a last batch of one image has no batch axis any more.",
    asks="Five images in batches of two: what is the shape of the last batch's logits, and what does `squeeze()` make of it?",
)
def squeezes_the_logits(model: nn.Module, data: Data, batch_size: int = 1024) -> float:
    _refuse_an_empty_one(data)
    model.eval()
    with torch.no_grad():
        loader = DataLoader(data, batch_size=batch_size)
        right: int = sum((model(images).squeeze().argmax(dim=1) == labels).sum().item() for images, labels in loader)
    return right / len(data)
