"""Known mistakes in topic training."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader

from grader.misconceptions.base import mistake
from solutions.training import History, get_accuracy, train_step

# get_accuracy


def _refuse_an_empty_one(data):
    if len(data) == 0:
        raise ValueError(f"data is empty: len(data)={len(data)}")


def _right(model, data, batch_size):
    """How many predictions are right, in whatever mode the model is."""
    loader = DataLoader(data, batch_size=batch_size)
    return sum((model(images).argmax(dim=1) == labels).sum().item() for images, labels in loader)


def _counts(model, data, batch_size):
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
def stays_in_training_mode(model, data, batch_size=1024):
    _refuse_an_empty_one(data)
    with torch.no_grad():
        return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "records-gradients",
    says="`model.eval()` is there, but PyTorch still records a graph for gradients that nobody will use.",
    asks="Evaluation mode changes what layers compute. Which other switch tells PyTorch that no gradient will be asked for?",
)
def records_gradients(model, data, batch_size=1024):
    _refuse_an_empty_one(data)
    model.eval()
    return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "neither-eval-nor-no-grad",
    says="The model is measured as if it were being trained: in training mode, and with gradients recorded.",
    asks="Two switches matter before you measure. Which one do dropout and batch norm look at, and which one the graph?",
)
def neither_eval_nor_no_grad(model, data, batch_size=1024):
    _refuse_an_empty_one(data)
    return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "mean-of-batch-means",
    says="Each batch counts the same here, so an image of a small last batch counts more than the others.",
    asks="With batches of 64, 64 and 2 images, how much does one image of the last batch weigh? Sum first, divide once.",
)
def mean_of_batch_means(model, data, batch_size=1024):
    fractions = [right / count for right, count in _counts(model, data, batch_size)]
    return sum(fractions) / len(fractions)


@mistake(
    "get_accuracy",
    "divides-by-number-of-batches",
    says="The number of correct predictions is divided by the number of batches.",
    asks="`len(loader)` counts batches. What does each of the correct predictions count?",
)
def divides_by_number_of_batches(model, data, batch_size=1024):
    counts = _counts(model, data, batch_size)
    return sum(right for right, _ in counts) / len(counts)


@mistake(
    "get_accuracy",
    "divides-by-full-batches",
    says="The last batch is counted as if it were full.",
    asks="Five images in batches of two are three batches. How many images does number of batches times batch size give?",
)
def divides_by_full_batches(model, data, batch_size=1024):
    counts = _counts(model, data, batch_size)
    return sum(right for right, _ in counts) / (len(counts) * batch_size)


@mistake(
    "get_accuracy",
    "leaves-out-the-last-batch",
    says="The images of a last, smaller batch are left out.",
    asks="`drop_last=True` is for training. How many images did you count, and how many does the dataset have?",
)
def leaves_out_the_last_batch(model, data, batch_size=1024):
    full = [(right, count) for right, count in _counts(model, data, batch_size) if count == batch_size]
    total = sum(count for _, count in full)
    return sum(right for right, _ in full) / total if total else 0.0


@mistake(
    "get_accuracy",
    "missing-images-count-as-wrong",
    says="The images of a last, smaller batch are never looked at, but they are in the number that you divide by.",
    asks="With `drop_last=True`, can a perfect model reach 1.0 on five images in batches of two?",
)
def missing_images_count_as_wrong(model, data, batch_size=1024):
    counts = _counts(model, data, batch_size)
    return sum(right for right, count in counts if count == batch_size) / len(data)


@mistake(
    "get_accuracy",
    "first-batch-only",
    says="Only the first batch is measured.",
    asks="Is the `return` inside the loop? What happens to the other batches then?",
)
def first_batch_only(model, data, batch_size=1024):
    right, count = _counts(model, data, batch_size)[0]
    return right / count


@mistake(
    "get_accuracy",
    "last-batch-only",
    says="The number of correct predictions is that of the last batch alone.",
    asks="Does each batch add to your count, or does it replace what was there?",
)
def last_batch_only(model, data, batch_size=1024):
    return _counts(model, data, batch_size)[-1][0] / len(data)


@mistake(
    "get_accuracy",
    "compares-every-pair",
    says="Each prediction is compared with each label: shapes (N, 1) and (N,) broadcast to (N, N).",
    asks="Print the shape of `predictions == labels` for a batch of three. How many comparisons did you want?",
)
def compares_every_pair(model, data, batch_size=1024):
    _refuse_an_empty_one(data)
    model.eval()
    with torch.no_grad():
        loader = DataLoader(data, batch_size=batch_size)
        right = sum((model(x).argmax(1, keepdim=True) == y).sum().item() for x, y in loader)
    return right / len(data)


@mistake(
    "get_accuracy",
    "percent",
    says="The result is in percent, from 0 to 100.",
    asks="A fraction of 0.75 and 75 % are the same thing. Which of the two does the exercise ask for?",
)
def percent(model, data, batch_size=1024):
    return 100 * sum(right for right, _ in _counts(model, data, batch_size)) / len(data)


@mistake(
    "get_accuracy",
    "count-not-fraction",
    says="This is the number of correct predictions, not their fraction.",
    asks="How many images are there in all, and what should a perfect model score?",
)
def count_not_fraction(model, data, batch_size=1024):
    return float(sum(right for right, _ in _counts(model, data, batch_size)))


@mistake(
    "get_accuracy",
    "returns-a-tensor",
    says="The number is right, but it is still a tensor.",
    asks="Lists of accuracies are for plotting. Which method of a tensor with one number gives a Python number?",
)
def returns_a_tensor(model, data, batch_size=1024):
    return torch.tensor(sum(right for right, _ in _counts(model, data, batch_size)) / len(data))


@mistake(
    "get_accuracy",
    "error-rate",
    says="This is the fraction of wrong predictions.",
    asks="Accuracy counts what is right. What does a perfect model score with your function?",
)
def error_rate(model, data, batch_size=1024):
    return 1 - sum(right for right, _ in _counts(model, data, batch_size)) / len(data)


@mistake(
    "get_accuracy",
    "divides-by-zero-for-nothing",
    says="An empty dataset ends in a division by zero.",
    asks="There is no accuracy over nothing. Which error says so, and what should its text name?",
)
def divides_by_zero_for_nothing(model, data, batch_size=1024):
    model.eval()
    with torch.no_grad():
        return _right(model, data, batch_size) / len(data)


@mistake(
    "get_accuracy",
    "zero-for-nothing",
    says="An empty dataset gets an accuracy of 0, as if everything in it were wrong.",
    asks="If a path is mistyped and the dataset is empty, what would you rather read: 0.0, or that there is no data?",
)
def zero_for_nothing(model, data, batch_size=1024):
    return get_accuracy(model, data, batch_size) if len(data) else 0.0


@mistake(
    "get_accuracy",
    "leaves-gradients-off",
    says="Gradients are switched off and never switched on again: whoever trains next learns nothing.",
    asks="`with torch.no_grad():` puts the switch back at its end, as it was. Does yours?",
)
def leaves_gradients_off(model, data, batch_size=1024):
    accuracy = get_accuracy(model, data, batch_size)
    torch.set_grad_enabled(False)
    return accuracy


@mistake(
    "get_accuracy",
    "switches-gradients-on",
    says="Gradients are switched on at the end, also where they were off before.",
    asks="What if your function is called inside someone else's `torch.no_grad()`? The switch must be as you found it.",
)
def switches_gradients_on(model, data, batch_size=1024):
    accuracy = get_accuracy(model, data, batch_size)
    torch.set_grad_enabled(True)
    return accuracy


# train_step


def _step(model, images, labels, criterion, optimizer):
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
def never_zeroes_gradients(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@mistake(
    "train_step",
    "zeroes-between-backward-and-step",
    says="The gradients are zeroed after `backward` and before `step`, so the weights hardly move, or not at all.",
    asks="`step` reads `.grad`. What is in there at that moment?",
)
def zeroes_between_backward_and_step(model, images, labels, criterion, optimizer):
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
def steps_before_backward(model, images, labels, criterion, optimizer):
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
def never_calls_step(model, images, labels, criterion, optimizer):
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
def mode_as_found(model, images, labels, criterion, optimizer):
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
def trains_in_evaluation_mode(model, images, labels, criterion, optimizer):
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
def returns_the_loss_tensor(model, images, labels, criterion, optimizer):
    return _step(model, images, labels, criterion, optimizer)


@mistake(
    "train_step",
    "returns-nothing",
    says="The update is there, but the function returns None.",
    asks="What does the exercise ask you to give back after the update?",
)
def returns_nothing(model, images, labels, criterion, optimizer):
    _step(model, images, labels, criterion, optimizer)


@mistake(
    "train_step",
    "backward-on-a-number",
    says="`backward` was called on a plain number: `.item()` came too early and left the graph behind.",
    asks="Which object knows how the loss was computed, the tensor or the float? Call `backward` on that one.",
)
def backward_on_a_number(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels).item()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


@mistake(
    "train_step",
    "loss-after-the-update",
    says="The loss that you return is that of a second forward pass, after the update.",
    asks="The loss that `backward` was called on has been there all along. Is that the one you return?",
)
def loss_after_the_update(model, images, labels, criterion, optimizer):
    _step(model, images, labels, criterion, optimizer)
    with torch.no_grad():
        return criterion(model(images), labels).item()


@mistake(
    "train_step",
    "sums-the-loss",
    says="The loss that you return is the mean times the number of images.",
    asks="The criterion has averaged already. Which of the two does the exercise ask for, the mean or the sum?",
)
def sums_the_loss(model, images, labels, criterion, optimizer):
    return _step(model, images, labels, criterion, optimizer).item() * len(images)


@mistake(
    "train_step",
    "averages-the-loss-twice",
    says="The loss that you return is divided by the number of images, and the criterion has done that already.",
    asks="For ten classes, an untrained model's mean loss is about 2.3. What is yours, and does it depend on the batch size?",
)
def averages_the_loss_twice(model, images, labels, criterion, optimizer):
    return _step(model, images, labels, criterion, optimizer).item() / len(images)


@mistake(
    "train_step",
    "own-criterion",
    says="The loss is always cross-entropy here, whatever criterion was passed in.",
    asks="Of the five arguments, which one does your function never use?",
)
def own_criterion(model, images, labels, criterion, optimizer):
    return _step(model, images, labels, F.cross_entropy, optimizer).item()


@mistake(
    "train_step",
    "float-labels",
    says="The labels were turned into floats, and cross-entropy wants class numbers.",
    asks="A label says which class it is. Which dtype does a class number have?",
)
def float_labels(model, images, labels, criterion, optimizer):
    return _step(model, images, labels.float(), criterion, optimizer).item()


@mistake(
    "train_step",
    "softmax-before-the-criterion",
    says="The logits go through a softmax before the criterion, which contains one already.",
    asks="Which numbers does `nn.CrossEntropyLoss` expect: probabilities, or the model's scores as they are?",
)
def softmax_before_the_criterion(model, images, labels, criterion, optimizer):
    return _step(model, images, labels, lambda logits, right: criterion(logits.softmax(1), right), optimizer).item()


@mistake(
    "train_step",
    "predictions-to-the-criterion",
    says="The criterion is given predicted classes, and `argmax` has no gradient: nothing can learn from it.",
    asks="How should a class number know which way the weights should move? What does the criterion take instead?",
)
def predictions_to_the_criterion(model, images, labels, criterion, optimizer):
    return _step(
        model, images, labels, lambda logits, right: criterion(logits.argmax(1).float(), right), optimizer
    ).item()


# train


@dataclass
class _Lesson:
    """The lesson's loop in parts. A mistake replaces the part that it gets wrong, and runs the rest."""

    model: nn.Module
    train_data: Any
    val_data: Any
    batch_size: int = 64
    weight_decay: float = 0.0
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    momentum: float = 0.9
    data_shuffle: bool = True
    num_epochs: int = 3
    history: History = field(default_factory=History)
    step = staticmethod(train_step)

    def run(self):
        self.updater = self.make_updater()
        loader = self.loader()
        for _ in range(self.num_epochs):
            for images, labels in self.batches(loader):
                self.record(self.update(images, labels), len(labels))
        return self.history

    def make_updater(self):
        rate, decay = self.learning_rate, self.weight_decay
        if self.optimizer == "sgd":
            return optim.SGD(self.model.parameters(), lr=rate, momentum=self.momentum, weight_decay=decay)
        if self.optimizer == "adam":
            return optim.Adam(self.model.parameters(), lr=rate, weight_decay=decay)
        raise ValueError(f"optimizer must be 'sgd' or 'adam', got optimizer={self.optimizer!r}")

    def loader(self):
        return DataLoader(self.train_data, self.batch_size, shuffle=self.data_shuffle, drop_last=True)

    def batches(self, loader):
        return loader

    def update(self, images, labels):
        return self.step(self.model, images, labels, F.cross_entropy, self.updater)

    def accuracies(self):
        return get_accuracy(self.model, self.train_data), get_accuracy(self.model, self.val_data)

    def record(self, loss, count):
        self.enter(loss, *self.accuracies())

    def enter(self, loss, train_acc, val_acc, iteration=None):
        lists, count = self.history, len(self.history.iters)
        lists.iters.append(count if iteration is None else iteration)
        lists.losses.append(loss)
        lists.train_acc.append(train_acc)
        lists.val_acc.append(val_acc)


def _in_training(identifier: str, *, says: str, asks: str):
    """Records a lesson with a part replaced as a known mistake of `train`."""

    def record(lesson: type[_Lesson]) -> type[_Lesson]:
        def train(model, train_data, val_data, **options):
            return lesson(model, train_data, val_data, **options).run()

        mistake("train", identifier, says=says, asks=asks)(train)
        return lesson

    return record


@_in_training(
    "never-zeroes-gradients",
    says="The gradients are never zeroed, so each update also uses those of all earlier batches.",
    asks="The first update is right, and the second is not. What does `backward` do with the numbers in `.grad`?",
)
class _NeverZeroes(_Lesson):
    step = staticmethod(never_zeroes_gradients)


@_in_training(
    "zeroes-between-backward-and-step",
    says="The gradients are zeroed after `backward` and before `step`, so `step` finds nothing to do.",
    asks="`step` reads `.grad`. What is in there at that moment?",
)
class _ZeroesBeforeStep(_Lesson):
    step = staticmethod(zeroes_between_backward_and_step)


@_in_training(
    "zeroes-once-an-epoch",
    says="The gradients are zeroed once in each epoch; within it they pile up from batch to batch.",
    asks="Which loop does `zero_grad` stand in? How often does `backward` add to `.grad` in between?",
)
class _ZeroesOncePerEpoch(_Lesson):
    step = staticmethod(never_zeroes_gradients)

    def batches(self, loader):
        self.updater.zero_grad()
        return loader


@_in_training(
    "steps-before-backward",
    says="`step` comes before `backward`, so each update uses the gradient of the batch before.",
    asks="When `step` reads `.grad` in the very first iteration, whose gradient is in there?",
)
class _StepsBeforeBackward(_Lesson):
    step = staticmethod(steps_before_backward)


@_in_training(
    "never-updates",
    says="The weights never change: the history is that of the same model again and again.",
    asks="`backward` only fills `.grad`. Which call changes the parameters?",
)
class _NeverUpdates(_Lesson):
    def update(self, images, labels):
        self.model.train()
        return F.cross_entropy(self.model(images), labels).item()


@_in_training(
    "never-back-to-training-mode",
    says="After the first accuracy the model stays in evaluation mode, also for the updates that follow.",
    asks="`get_accuracy` calls `model.eval()`. Who calls `model.train()` before the next update?",
)
class _NeverBackToTraining(_Lesson):
    step = staticmethod(mode_as_found)

    def update(self, images, labels):
        self.model.train(not self.history.iters)
        return super().update(images, labels)


@_in_training(
    "training-mode-once-an-epoch",
    says="`model.train()` is called once in each epoch, so all updates but the first run in evaluation mode.",
    asks="You measure the accuracy after every update. Which mode is the model in after that?",
)
class _TrainingModeOncePerEpoch(_Lesson):
    step = staticmethod(mode_as_found)

    def batches(self, loader):
        self.fresh = True
        return loader

    def update(self, images, labels):
        self.model.train(self.fresh)
        self.fresh = False
        return super().update(images, labels)


@_in_training(
    "trains-in-evaluation-mode",
    says="All updates run in evaluation mode: batch norm and dropout do not do their part.",
    asks="Which call puts a model in the mode for learning, and where in the loop must it stand?",
)
class _TrainsInEvaluationMode(_Lesson):
    step = staticmethod(trains_in_evaluation_mode)


@_in_training(
    "new-optimizer-each-epoch",
    says="A new optimizer is made in each epoch, and it has forgotten what the old one knew.",
    asks="Where does momentum live? All agrees up to the end of the first epoch: what is different after it?",
)
class _NewOptimizerEachEpoch(_Lesson):
    def batches(self, loader):
        self.updater = self.make_updater()
        return loader


@_in_training(
    "new-optimizer-each-batch",
    says="A new optimizer is made for each batch: momentum and Adam's averages start from nothing every time.",
    asks="What does SGD with momentum remember from the last update? Who remembers it, if the optimizer is new?",
)
class _NewOptimizerEachBatch(_Lesson):
    def update(self, images, labels):
        self.updater = self.make_updater()
        return super().update(images, labels)


@_in_training(
    "losses-divided-by-batch-size",
    says="The losses are divided by the batch size once more, as in the lecture's notebook.",
    asks="`nn.CrossEntropyLoss` gives the mean over the batch. What is a mean divided by the number of images?",
)
class _LossesDividedAgain(_Lesson):
    def record(self, loss, count):
        self.enter(loss / count, *self.accuracies())


@_in_training(
    "losses-summed-over-the-batch",
    says="The losses are sums over the batch, not means.",
    asks="Would your curve change if the batches were twice as large? The exercise asks for the mean loss.",
)
class _LossesSummed(_Lesson):
    def record(self, loss, count):
        self.enter(loss * count, *self.accuracies())


@_in_training(
    "running-mean-of-losses",
    says="Each entry of `losses` is the mean of all losses so far, not the loss of its own batch.",
    asks="If one batch has a loss of 4 and the next one of 2, what belongs in the second entry?",
)
class _RunningMeanOfLosses(_Lesson):
    def record(self, loss, count):
        self.seen = [*getattr(self, "seen", ()), loss]
        self.enter(sum(self.seen) / len(self.seen), *self.accuracies())


@_in_training(
    "losses-add-up",
    says="Each entry of `losses` is the sum of all losses so far.",
    asks="A loss curve of a model that learns falls. Can yours ever fall?",
)
class _LossesAddUp(_Lesson):
    def record(self, loss, count):
        self.total = getattr(self, "total", 0.0) + loss
        self.enter(self.total, *self.accuracies())


@_in_training(
    "losses-stay-tensors",
    says="The losses are tensors; each keeps the graph of its forward pass alive.",
    asks="After a thousand iterations, how many graphs are in memory? What does a log need of a loss?",
)
class _LossesStayTensors(_Lesson):
    step = staticmethod(returns_the_loss_tensor)


@_in_training(
    "trains-on-the-small-batch",
    says="A last batch that is smaller than `batch_size` is trained on, and has its entry.",
    asks="Five images in batches of two: which of the three batches does the exercise skip? See `drop_last`.",
)
class _TrainsOnTheSmallBatch(_Lesson):
    def loader(self):
        return DataLoader(self.train_data, self.batch_size, shuffle=self.data_shuffle)


@_in_training(
    "iters-start-again-each-epoch",
    says="`iters` starts at 0 again in each epoch.",
    asks="What would a plot of the losses over `iters` look like? The count goes on from epoch to epoch.",
)
class _ItersStartAgain(_Lesson):
    def batches(self, loader):
        self.place = -1
        return loader

    def record(self, loss, count):
        self.place += 1
        self.enter(loss, *self.accuracies(), iteration=self.place)


@_in_training(
    "iters-start-at-one",
    says="`iters` starts at 1.",
    asks="The first iteration has a number. Which one does the exercise give it?",
)
class _ItersStartAtOne(_Lesson):
    def record(self, loss, count):
        self.enter(loss, *self.accuracies(), iteration=len(self.history.iters) + 1)


@_in_training(
    "one-entry-an-epoch",
    says="There is one entry for each epoch, and there should be one for each iteration.",
    asks="How many batches does an epoch have? Which loop do your `append` calls stand in?",
)
class _OneEntryPerEpoch(_Lesson):
    def run(self):
        self.updater = self.make_updater()
        loader = self.loader()
        for _ in range(self.num_epochs):
            for images, labels in loader:
                loss = self.update(images, labels)
            if len(loader):
                self.enter(loss, *self.accuracies())
        return self.history


@_in_training(
    "accuracy-before-the-update",
    says="The accuracies are measured before the update, and they belong after it.",
    asks="An entry says what the iteration has achieved. When do you know that?",
)
class _AccuracyBeforeUpdate(_Lesson):
    def update(self, images, labels):
        self.before = self.accuracies()
        return super().update(images, labels)

    def record(self, loss, count):
        self.enter(loss, *self.before)


@_in_training(
    "loss-after-the-update",
    says="The loss in an entry is that of a second forward pass, after the update.",
    asks="`backward` was called on a loss. Is that the one you record?",
)
class _LossAfterUpdate(_Lesson):
    step = staticmethod(loss_after_the_update)


@_in_training(
    "accuracies-exchanged",
    says="`train_acc` and `val_acc` are exchanged.",
    asks="Which dataset is each of the two numbers measured on?",
)
class _AccuraciesExchanged(_Lesson):
    def record(self, loss, count):
        self.enter(loss, *reversed(self.accuracies()))


@_in_training(
    "validates-on-training-data",
    says="`val_acc` is measured on the training data.",
    asks="What is validation data for, and which of your arguments is never used?",
)
class _ValidatesOnTrainingData(_Lesson):
    def record(self, loss, count):
        accuracy, _ = self.accuracies()
        self.enter(loss, accuracy, accuracy)


@_in_training(
    "accuracy-of-the-batch",
    says="`train_acc` is the accuracy on the batch, not on all of `train_data`.",
    asks="How many images does your number come from? The exercise asks for the whole training set.",
)
class _AccuracyOfTheBatch(_Lesson):
    def update(self, images, labels):
        self.batch = list(zip(images, labels, strict=True))
        return super().update(images, labels)

    def record(self, loss, count):
        self.enter(loss, get_accuracy(self.model, self.batch), get_accuracy(self.model, self.val_data))


@_in_training(
    "weight-decay-ignored",
    says="`weight_decay` has no effect: the optimizer never hears of it.",
    asks="Which of your arguments is used nowhere in your function?",
)
class _WeightDecayIgnored(_Lesson):
    def make_updater(self):
        self.weight_decay = 0.0
        return super().make_updater()


@_in_training(
    "weight-decay-for-sgd-only",
    says="`weight_decay` reaches SGD, and Adam does without.",
    asks="Both optimizers take a weight decay. Which of your two calls does not pass it on?",
)
class _WeightDecayForSgdOnly(_Lesson):
    def make_updater(self):
        if self.optimizer == "adam":
            self.weight_decay = 0.0
        return super().make_updater()


@_in_training(
    "momentum-ignored",
    says="SGD runs without momentum here.",
    asks="With momentum, an update remembers the one before. Which argument of `optim.SGD` says how much?",
)
class _MomentumIgnored(_Lesson):
    def make_updater(self):
        self.momentum = 0.0
        return super().make_updater()


@_in_training(
    "momentum-always-nine-tenths",
    says="The momentum is always 0.9, whatever the argument says.",
    asks="What does your optimizer do when someone calls `train(..., momentum=0.0)`?",
)
class _MomentumFixed(_Lesson):
    def make_updater(self):
        self.momentum = 0.9
        return super().make_updater()


@_in_training(
    "learning-rate-of-adam-ignored",
    says="Adam runs with its own default learning rate, 0.001.",
    asks="Which of your two calls passes `learning_rate` on, and which one does not?",
)
class _AdamsOwnRate(_Lesson):
    def make_updater(self):
        if self.optimizer == "adam":
            self.learning_rate = 0.001
        return super().make_updater()


@_in_training(
    "always-sgd",
    says="It is SGD whatever `optimizer` says, for an unknown name too.",
    asks='What should happen for `optimizer="adam"`, and what for a name that nobody knows?',
)
class _AlwaysSgd(_Lesson):
    def make_updater(self):
        self.optimizer = "sgd"
        return super().make_updater()


@_in_training(
    "anything-else-is-adam",
    says='Every name but "sgd" means Adam here, also a mistyped one.',
    asks='Someone writes `optimizer="sdg"`. Would they rather get Adam, or be told?',
)
class _AnythingElseIsAdam(_Lesson):
    def make_updater(self):
        self.optimizer = "sgd" if self.optimizer == "sgd" else "adam"
        return super().make_updater()


@_in_training(
    "unknown-optimizer-breaks-later",
    says="An unknown optimizer ends in an error about a variable that was never set.",
    asks="Neither `if` nor `elif` was taken. What belongs in the `else`?",
)
class _UnknownOptimizerBreaks(_Lesson):
    def make_updater(self):
        if self.optimizer in ("sgd", "adam"):
            updater = super().make_updater()
        return updater


@_in_training(
    "never-shuffles",
    says="The images come in the order of the dataset, also with `data_shuffle=True`.",
    asks="Which argument of `DataLoader` mixes the images, and which of your own arguments belongs there?",
)
class _NeverShuffles(_Lesson):
    def loader(self):
        return DataLoader(self.train_data, self.batch_size, drop_last=True)


@_in_training(
    "always-shuffles",
    says="The images come in a random order, also with `data_shuffle=False`.",
    asks="`shuffle=True` stands in your `DataLoader`. Which argument should decide?",
)
class _AlwaysShuffles(_Lesson):
    def loader(self):
        return DataLoader(self.train_data, self.batch_size, shuffle=True, drop_last=True)


@_in_training(
    "same-batch-again",
    says="Each iteration trains on the first batch: the loader starts anew every time.",
    asks="`next(iter(loader))` makes a new iterator. Which batch does a new one give first?",
)
class _SameBatchAgain(_Lesson):
    def batches(self, loader):
        return [next(iter(loader)) for _ in range(len(loader))]


@_in_training(
    "validation-teaches",
    says="The validation data is trained on as well.",
    asks="May a model learn from the images that are there to test it? Validation measures, and nothing else.",
)
class _ValidationTeaches(_Lesson):
    def record(self, loss, count):
        for images, labels in DataLoader(self.val_data, self.batch_size):
            train_step(self.model, images, labels, F.cross_entropy, self.updater)
        super().record(loss, count)


@_in_training(
    "softmax-before-the-loss",
    says="The logits go through a softmax before the cross-entropy, which contains one already.",
    asks="With ten classes such a loss cannot fall below 1.461. Which numbers does the criterion expect?",
)
class _SoftmaxBeforeLoss(_Lesson):
    step = staticmethod(softmax_before_the_criterion)


@_in_training(
    "one-epoch-only",
    says="There is only one epoch, whatever `num_epochs` says.",
    asks="Is the `return` inside the loop over epochs?",
)
class _OneEpochOnly(_Lesson):
    def make_updater(self):
        self.num_epochs = min(self.num_epochs, 1)
        return super().make_updater()


@_in_training(
    "returns-nothing",
    says="The training runs, but the function returns None.",
    asks="What does the exercise ask you to give back?",
)
class _ReturnsNothing(_Lesson):
    def run(self):
        super().run()
