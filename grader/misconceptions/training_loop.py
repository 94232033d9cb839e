"""Known mistakes in topic training: `train`, its steps those of `train_step`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, Subset

from grader.misconceptions import training_step as steps
from grader.misconceptions.base import mistake
from solutions.training import History, get_accuracy, train_step


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
        def train(model, train_data, val_data, *args, **options):
            return lesson(model, train_data, val_data, *args, **options).run()

        mistake("train", identifier, says=says, asks=asks)(train)
        return lesson

    return record


@_in_training(
    "never-zeroes-gradients",
    says="The gradients are never zeroed, so each update also uses those of all earlier batches.",
    asks="The first update is right, and the second is not. What does `backward` do with the numbers in `.grad`?",
)
class _NeverZeroes(_Lesson):
    step = staticmethod(steps.never_zeroes_gradients)


@_in_training(
    "zeroes-between-backward-and-step",
    says="The gradients are zeroed after `backward` and before `step`, so `step` finds nothing to do.",
    asks="`step` reads `.grad`. What is in there at that moment?",
)
class _ZeroesBeforeStep(_Lesson):
    step = staticmethod(steps.zeroes_between_backward_and_step)


@_in_training(
    "zeroes-once-an-epoch",
    says="The gradients are zeroed once in each epoch; within it they pile up from batch to batch.",
    asks="Which loop does `zero_grad` stand in? How often does `backward` add to `.grad` in between?",
)
class _ZeroesOncePerEpoch(_Lesson):
    step = staticmethod(steps.never_zeroes_gradients)

    def batches(self, loader):
        self.updater.zero_grad()
        return loader


@_in_training(
    "steps-before-backward",
    says="`step` comes before `backward`, so each update uses the gradient of the batch before.",
    asks="When `step` reads `.grad` in the very first iteration, whose gradient is in there?",
)
class _StepsBeforeBackward(_Lesson):
    step = staticmethod(steps.steps_before_backward)


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
    step = staticmethod(steps.mode_as_found)

    def update(self, images, labels):
        self.model.train(not self.history.iters)
        return super().update(images, labels)


@_in_training(
    "training-mode-once-an-epoch",
    says="`model.train()` is called once in each epoch, so all updates but the first run in evaluation mode.",
    asks="You measure the accuracy after every update. Which mode is the model in after that?",
)
class _TrainingModeOncePerEpoch(_Lesson):
    step = staticmethod(steps.mode_as_found)

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
    step = staticmethod(steps.trains_in_evaluation_mode)


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
    step = staticmethod(steps.returns_the_loss_tensor)


@_in_training(
    "trains-on-the-small-batch",
    says="A last batch that is smaller than `batch_size` is trained on, and has its entry.",
    asks="Five images in batches of two: which of the three batches does the exercise skip? See `drop_last`.",
)
class _TrainsOnTheSmallBatch(_Lesson):
    def loader(self):
        return DataLoader(self.train_data, self.batch_size, shuffle=self.data_shuffle)


@_in_training(
    "small-batch-ends-it",
    says="The first batch that is too small ends the whole training, in the first epoch.",
    asks="A `return` leaves the function, and `continue` only this batch. What should happen in the next epoch?",
)
class _SmallBatchEndsIt(_Lesson):
    def make_updater(self):
        if len(self.train_data) % self.batch_size:
            self.num_epochs = min(self.num_epochs, 1)
        return super().make_updater()


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
    step = staticmethod(steps.loss_after_the_update)


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
    "accuracy-of-full-batches",
    says="`train_acc` leaves out the images that no full batch has room for.",
    asks="Skipping a small batch is for the updates. How many images does the training set have, and how many do you count?",
)
class _AccuracyOfFullBatches(_Lesson):
    def accuracies(self):
        counted = Subset(self.train_data, range(len(self.train_data) // self.batch_size * self.batch_size))
        return get_accuracy(self.model, counted), get_accuracy(self.model, self.val_data)


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
    "weight-decay-for-adam-only",
    says="`weight_decay` reaches Adam, and SGD does without.",
    asks="Both optimizers take a weight decay. Which of your two calls does not pass it on?",
)
class _WeightDecayForAdamOnly(_Lesson):
    def make_updater(self):
        if self.optimizer == "sgd":
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
    step = staticmethod(steps.softmax_before_the_criterion)


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
