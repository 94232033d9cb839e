"""Known mistakes in topic training: `train`, what its updates do. Its steps are those of `train_step`."""

from __future__ import annotations

import copy

from torch import Tensor, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader

from grader.topics.training import mistakes_step as steps
from grader.topics.training.mistakes_lesson import Batches, Lesson, in_training
from solutions.training import History, train_step


@in_training(
    "never-zeroes-gradients",
    says="The gradients are never zeroed, so each update also uses those of all earlier batches.",
    asks="The first update is right, and the second is not. What does `backward` do with the numbers in `.grad`?",
)
class _NeverZeroes(Lesson):
    step = staticmethod(steps.never_zeroes_gradients)


@in_training(
    "updates-without-gradients",
    says="`step` finds no gradient in the weights that the optimizer holds, so the model stays as it is.",
    asks="Does `zero_grad` stand between `backward` and `step`? If not: whose `parameters()` was the optimizer given?",
)
class _UpdatesWithoutGradients(Lesson):
    step = staticmethod(steps.zeroes_between_backward_and_step)


@in_training(
    "zeroes-once-an-epoch",
    says="The gradients are zeroed once in each epoch; within it they pile up from batch to batch.",
    asks="Which loop does `zero_grad` stand in? How often does `backward` add to `.grad` in between?",
)
class _ZeroesOncePerEpoch(Lesson):
    step = staticmethod(steps.never_zeroes_gradients)

    def batches(self, loader: Batches) -> Batches:
        self.updater.zero_grad()
        return loader


@in_training(
    "steps-before-backward",
    says="`step` comes before `backward`, so each update uses the gradient of the batch before.",
    asks="When `step` reads `.grad` in the very first iteration, whose gradient is in there?",
)
class _StepsBeforeBackward(Lesson):
    step = staticmethod(steps.steps_before_backward)


@in_training(
    "never-updates",
    says="The weights never change: the history is that of the same model again and again.",
    asks="`backward` only fills `.grad`. Which call changes the parameters?",
)
class _NeverUpdates(Lesson):
    def update(self, images: Tensor, labels: Tensor) -> float:
        self.model.train()
        return F.cross_entropy(self.model(images), labels).item()


@in_training(
    "never-back-to-training-mode",
    says="After the first accuracy the model stays in evaluation mode, also for the updates that follow.",
    asks="`get_accuracy` calls `model.eval()`. Who calls `model.train()` before the next update?",
)
class _NeverBackToTraining(Lesson):
    step = staticmethod(steps.mode_as_found)

    def update(self, images: Tensor, labels: Tensor) -> float:
        self.model.train(not self.history.iters)
        return super().update(images, labels)


@in_training(
    "training-mode-once-an-epoch",
    says="`model.train()` is called once in each epoch, so all updates but the first run in evaluation mode.",
    asks="You measure the accuracy after every update. Which mode is the model in after that?",
)
class _TrainingModeOncePerEpoch(Lesson):
    step = staticmethod(steps.mode_as_found)

    def batches(self, loader: Batches) -> Batches:
        self.fresh = True
        return loader

    def update(self, images: Tensor, labels: Tensor) -> float:
        self.model.train(self.fresh)
        self.fresh = False
        return super().update(images, labels)


@in_training(
    "trains-in-evaluation-mode",
    says="All updates run in evaluation mode: batch norm and dropout do not do their part.",
    asks="Which call puts a model in the mode for learning, and where in the loop must it stand?",
)
class _TrainsInEvaluationMode(Lesson):
    step = staticmethod(steps.trains_in_evaluation_mode)


@in_training(
    "trains-on-the-small-batch",
    says="A last batch that is smaller than `batch_size` is trained on, and has its entry.",
    asks="Five images in batches of two: which of the three batches does the exercise skip? See `drop_last`.",
)
class _TrainsOnTheSmallBatch(Lesson):
    def loader(self) -> Batches:
        return DataLoader(self.train_data, self.batch_size, shuffle=self.data_shuffle)


@in_training(
    "small-batch-ends-it",
    says="The first batch that is too small ends the whole training, in the first epoch.",
    asks="A `return` leaves the function, and `continue` only this batch. What should happen in the next epoch?",
)
class _SmallBatchEndsIt(Lesson):
    def make_updater(self) -> optim.Optimizer:
        if len(self.train_data) % self.batch_size:
            self.num_epochs = min(self.num_epochs, 1)
        return super().make_updater()


@in_training(
    "same-batch-again",
    says="Each iteration trains on the first batch: the loader starts anew every time.",
    asks="`next(iter(loader))` makes a new iterator. Which batch does a new one give first?",
)
class _SameBatchAgain(Lesson):
    def batches(self, loader: Batches) -> Batches:
        return [next(iter(loader)) for _ in range(len(loader))]


@in_training(
    "validation-teaches",
    says="The validation data is trained on as well.",
    asks="May a model learn from the images that are there to test it? Validation measures, and nothing else.",
)
class _ValidationTeaches(Lesson):
    def record(self, loss: float, count: int) -> None:
        for images, labels in DataLoader(self.val_data, self.batch_size):
            train_step(self.model, images, labels, F.cross_entropy, self.updater)
        super().record(loss, count)


@in_training(
    "softmax-before-the-loss",
    says="The logits go through a softmax before the cross-entropy, which contains one already.",
    asks="With ten classes such a loss cannot fall below 1.461. Which numbers does the criterion expect?",
)
class _SoftmaxBeforeLoss(Lesson):
    step = staticmethod(steps.softmax_before_the_criterion)


@in_training(
    "no-gradient-comes-back",
    says="No gradient ever comes back from the loss to what the model gave, so `step` has nothing to go by.",
    asks="Is there a `backward()`, and is it called on the very loss that the criterion returned? A tensor made anew has no graph.",
)
class _NoGradientComesBack(Lesson):
    step = staticmethod(steps.no_gradient_reaches_the_weights)


@in_training(
    "updates-every-second-time",
    says="Only every second iteration updates the weights, with the gradients of two batches.",
    asks="Each batch is one update. What decides in your loop whether `step` is called at all?",
)
class _UpdatesEverySecondTime(Lesson):
    step = staticmethod(steps.updates_every_second_time)


@in_training(
    "trains-a-copy",
    says="The history is right, but it is that of a copy: the model that was passed in has not been trained.",
    asks="Whoever calls `train(model, ...)` uses `model` afterwards. Which model do your updates change?",
)
class _TrainsACopy(Lesson):
    def run(self) -> History | None:
        self.model = copy.deepcopy(self.model)
        return super().run()


@in_training(
    "same-order-in-every-epoch",
    says="The images are mixed once, and every epoch goes through them in that same order.",
    asks="A `DataLoader` mixes anew each time you loop over it. What do you loop over in the second epoch: it, or a list of it?",
)
class _SameOrderInEveryEpoch(Lesson):
    def loader(self) -> Batches:
        return list(super().loader())
