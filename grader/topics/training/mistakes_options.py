"""Known mistakes in topic training: `train`, what it makes of its options."""

from __future__ import annotations

from torch import Tensor, optim
from torch.utils.data import DataLoader

from grader.topics.training.mistakes_lesson import Batches, Lesson, in_training


@in_training(
    "weight-decay-ignored",
    says="`weight_decay` has no effect: the optimizer never hears of it.",
    asks="Which of your arguments is used nowhere in your function?",
)
class _WeightDecayIgnored(Lesson):
    def make_updater(self) -> optim.Optimizer:
        self.weight_decay = 0.0
        return super().make_updater()


@in_training(
    "weight-decay-for-sgd-only",
    says="`weight_decay` reaches SGD, and Adam does without.",
    asks="Both optimizers take a weight decay. Which of your two calls does not pass it on?",
)
class _WeightDecayForSgdOnly(Lesson):
    def make_updater(self) -> optim.Optimizer:
        if self.optimizer == "adam":
            self.weight_decay = 0.0
        return super().make_updater()


@in_training(
    "weight-decay-for-adam-only",
    says="`weight_decay` reaches Adam, and SGD does without.",
    asks="Both optimizers take a weight decay. Which of your two calls does not pass it on?",
)
class _WeightDecayForAdamOnly(Lesson):
    def make_updater(self) -> optim.Optimizer:
        if self.optimizer == "sgd":
            self.weight_decay = 0.0
        return super().make_updater()


@in_training(
    "momentum-ignored",
    says="SGD runs without momentum here.",
    asks="With momentum, an update remembers the one before. Which argument of `optim.SGD` says how much?",
)
class _MomentumIgnored(Lesson):
    def make_updater(self) -> optim.Optimizer:
        self.momentum = 0.0
        return super().make_updater()


@in_training(
    "momentum-always-nine-tenths",
    says="The momentum is always 0.9, whatever the argument says.",
    asks="What does your optimizer do when someone calls `train(..., momentum=0.0)`?",
)
class _MomentumFixed(Lesson):
    def make_updater(self) -> optim.Optimizer:
        self.momentum = 0.9
        return super().make_updater()


@in_training(
    "learning-rate-of-adam-ignored",
    says="Adam runs with its own default learning rate, 0.001.",
    asks="Which of your two calls passes `learning_rate` on, and which one does not?",
)
class _AdamsOwnRate(Lesson):
    def make_updater(self) -> optim.Optimizer:
        if self.optimizer == "adam":
            self.learning_rate = 0.001
        return super().make_updater()


@in_training(
    "always-sgd",
    says="It is SGD whatever `optimizer` says, for an unknown name too.",
    asks='What should happen for `optimizer="adam"`, and what for a name that nobody knows?',
)
class _AlwaysSgd(Lesson):
    def make_updater(self) -> optim.Optimizer:
        self.optimizer = "sgd"
        return super().make_updater()


@in_training(
    "anything-else-is-adam",
    says='Every name but "sgd" means Adam here, also a mistyped one.',
    asks='Someone writes `optimizer="sdg"`. Would they rather get Adam, or be told?',
)
class _AnythingElseIsAdam(Lesson):
    def make_updater(self) -> optim.Optimizer:
        self.optimizer = "sgd" if self.optimizer == "sgd" else "adam"
        return super().make_updater()


@in_training(
    "unknown-optimizer-breaks-later",
    says="An unknown optimizer ends in an error about a variable that was never set.",
    asks="Neither `if` nor `elif` was taken. What belongs in the `else`?",
)
class _UnknownOptimizerBreaks(Lesson):
    def make_updater(self) -> optim.Optimizer:
        if self.optimizer in ("sgd", "adam"):
            updater = super().make_updater()
        return updater


@in_training(
    "new-optimizer-each-epoch",
    says="A new optimizer is made in each epoch, and it has forgotten what the old one knew.",
    asks="Where does momentum live? All agrees up to the end of the first epoch: what is different after it?",
)
class _NewOptimizerEachEpoch(Lesson):
    def batches(self, loader: Batches) -> Batches:
        self.updater = self.make_updater()
        return loader


@in_training(
    "new-optimizer-each-batch",
    says="A new optimizer is made for each batch: momentum and Adam's averages start from nothing every time.",
    asks="What does SGD with momentum remember from the last update? Who remembers it, if the optimizer is new?",
)
class _NewOptimizerEachBatch(Lesson):
    def update(self, images: Tensor, labels: Tensor) -> float:
        self.updater = self.make_updater()
        return super().update(images, labels)


@in_training(
    "one-epoch-only",
    says="There is only one epoch, whatever `num_epochs` says.",
    asks="Is the `return` inside the loop over epochs?",
)
class _OneEpochOnly(Lesson):
    def make_updater(self) -> optim.Optimizer:
        self.num_epochs = min(self.num_epochs, 1)
        return super().make_updater()


@in_training(
    "never-shuffles",
    says="The images come in the order of the dataset, also with `data_shuffle=True`.",
    asks="Which argument of `DataLoader` mixes the images, and which of your own arguments belongs there?",
)
class _NeverShuffles(Lesson):
    def loader(self) -> Batches:
        return DataLoader(self.train_data, self.batch_size, drop_last=True)


@in_training(
    "always-shuffles",
    says="The images come in a random order, also with `data_shuffle=False`.",
    asks="`shuffle=True` stands in your `DataLoader`. Which argument should decide?",
)
class _AlwaysShuffles(Lesson):
    def loader(self) -> Batches:
        return DataLoader(self.train_data, self.batch_size, shuffle=True, drop_last=True)
