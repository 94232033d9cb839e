"""Known mistakes in topic training: `train`, what its history holds."""

from __future__ import annotations

from torch import Tensor
from torch.utils.data import Subset

from grader.topics.training import mistakes_step as steps
from grader.topics.training.mistakes_lesson import Batches, Lesson, in_training
from solutions.training import History, get_accuracy


@in_training(
    "losses-divided-by-batch-size",
    says="The losses are divided by the batch size once more, as in the lecture's notebook.",
    asks="`nn.CrossEntropyLoss` gives the mean over the batch. What is a mean divided by the number of images?",
)
class _LossesDividedAgain(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.enter(loss / count, *self.accuracies())


@in_training(
    "losses-summed-over-the-batch",
    says="The losses are sums over the batch, not means.",
    asks="Would your curve change if the batches were twice as large? The exercise asks for the mean loss.",
)
class _LossesSummed(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.enter(loss * count, *self.accuracies())


@in_training(
    "running-mean-of-losses",
    says="Each entry of `losses` is the mean of all losses so far, not the loss of its own batch.",
    asks="If one batch has a loss of 4 and the next one of 2, what belongs in the second entry?",
)
class _RunningMeanOfLosses(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.seen = [*getattr(self, "seen", ()), loss]
        self.enter(sum(self.seen) / len(self.seen), *self.accuracies())


@in_training(
    "losses-add-up",
    says="Each entry of `losses` is the sum of all losses so far.",
    asks="A loss curve of a model that learns falls. Can yours ever fall?",
)
class _LossesAddUp(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.total = getattr(self, "total", 0.0) + loss
        self.enter(self.total, *self.accuracies())


@in_training(
    "losses-stay-tensors",
    says="The losses are tensors; each keeps the graph of its forward pass alive.",
    asks="After a thousand iterations, how many graphs are in memory? What does a log need of a loss?",
)
class _LossesStayTensors(Lesson):
    step = staticmethod(steps.returns_the_loss_tensor)  # type: ignore[assignment]


@in_training(
    "iters-start-again-each-epoch",
    says="`iters` starts at 0 again in each epoch.",
    asks="What would a plot of the losses over `iters` look like? The count goes on from epoch to epoch.",
)
class _ItersStartAgain(Lesson):
    def batches(self, loader: Batches) -> Batches:
        self.place = -1
        return loader

    def record(self, loss: float, count: int) -> None:
        self.place += 1
        self.enter(loss, *self.accuracies(), iteration=self.place)


@in_training(
    "iters-start-at-one",
    says="`iters` starts at 1.",
    asks="The first iteration has a number. Which one does the exercise give it?",
)
class _ItersStartAtOne(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.enter(loss, *self.accuracies(), iteration=len(self.history.iters) + 1)


@in_training(
    "one-entry-an-epoch",
    says="There is one entry for each epoch, and there should be one for each iteration.",
    asks="How many batches does an epoch have? Which loop do your `append` calls stand in?",
)
class _OneEntryPerEpoch(Lesson):
    def run(self) -> History | None:
        self.updater = self.make_updater()
        loader = self.loader()
        for _ in range(self.num_epochs):
            for images, labels in loader:
                loss = self.update(images, labels)
            if len(loader):
                self.enter(loss, *self.accuracies())
        return self.history


@in_training(
    "accuracy-before-the-update",
    says="The accuracies are measured before the update, and they belong after it.",
    asks="An entry says what the iteration has achieved. When do you know that?",
)
class _AccuracyBeforeUpdate(Lesson):
    def update(self, images: Tensor, labels: Tensor) -> float:
        self.before = self.accuracies()
        return super().update(images, labels)

    def record(self, loss: float, count: int) -> None:
        self.enter(loss, *self.before)


@in_training(
    "loss-after-the-update",
    says="The loss in an entry is that of a second forward pass, after the update.",
    asks="`backward` was called on a loss. Is that the one you record?",
)
class _LossAfterUpdate(Lesson):
    step = staticmethod(steps.loss_after_the_update)


@in_training(
    "accuracies-exchanged",
    says="`train_acc` and `val_acc` are exchanged.",
    asks="Which dataset is each of the two numbers measured on?",
)
class _AccuraciesExchanged(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.enter(loss, *self.accuracies()[::-1])


@in_training(
    "validates-on-training-data",
    says="`val_acc` is measured on the training data.",
    asks="What is validation data for, and which of your arguments is never used?",
)
class _ValidatesOnTrainingData(Lesson):
    def record(self, loss: float, count: int) -> None:
        accuracy, _ = self.accuracies()
        self.enter(loss, accuracy, accuracy)


@in_training(
    "accuracy-of-the-batch",
    says="`train_acc` is the accuracy on the batch, not on all of `train_data`.",
    asks="How many images does your number come from? The exercise asks for the whole training set.",
)
class _AccuracyOfTheBatch(Lesson):
    def update(self, images: Tensor, labels: Tensor) -> float:
        self.batch = list(zip(images, labels, strict=True))
        return super().update(images, labels)

    def record(self, loss: float, count: int) -> None:
        self.enter(loss, get_accuracy(self.model, self.batch), get_accuracy(self.model, self.val_data))


@in_training(
    "accuracy-of-full-batches",
    says="`train_acc` leaves out the images that no full batch has room for.",
    asks="Skipping a small batch is for the updates. How many images does the training set have, and how many do you count?",
)
class _AccuracyOfFullBatches(Lesson):
    def accuracies(self) -> tuple[float, float]:
        counted = Subset(self.train_data, range(len(self.train_data) // self.batch_size * self.batch_size))
        return get_accuracy(self.model, counted), get_accuracy(self.model, self.val_data)


@in_training(
    "returns-nothing",
    says="The training runs, but the function returns None.",
    asks="What does the exercise ask you to give back?",
)
class _ReturnsNothing(Lesson):
    def run(self) -> None:
        super().run()


@in_training(
    "entries-now-and-then",
    says="Only some iterations have an entry, the first one among them, and there should be one for each.",
    asks="Do your `append` calls stand under an `if` that looks at the iteration's number? How many points should a curve have?",
)
class _EntriesNowAndThen(Lesson):
    def record(self, loss: float, count: int) -> None:
        self.iteration = getattr(self, "iteration", -1) + 1
        if self.iteration % 10 == 0:
            self.enter(loss, *self.accuracies(), iteration=self.iteration)


@in_training(
    "only-the-first-entry",
    says="Only the very first iteration has an entry, and there should be one for each.",
    asks="Do your `append` calls stand under an `if`, such as one for every 100th iteration? How many iterations are there here?",
)
class _OnlyTheFirstEntry(Lesson):
    def record(self, loss: float, count: int) -> None:
        if not self.history.iters:
            self.enter(loss, *self.accuracies())


@in_training(
    "first-entry-of-each-epoch",
    says="Only the first iteration of each epoch has an entry, and there should be one for each iteration.",
    asks="Do your `append` calls stand under an `if` that looks at the place in the epoch? How many batches does an epoch have?",
)
class _FirstEntryOfEachEpoch(Lesson):
    def batches(self, loader: Batches) -> Batches:
        self.place = 0
        return loader

    def record(self, loss: float, count: int) -> None:
        self.iteration = getattr(self, "iteration", -1) + 1
        if self.place == 0:
            self.enter(loss, *self.accuracies(), iteration=self.iteration)
        self.place += 1
