"""Known mistakes in topic training: `train`, what its updates do. Its steps are those of `train_step`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "train",
    "never-zeroes-gradients",
    says="The gradients are never zeroed, so each update also uses those of all earlier batches.",
    asks="The first update is right, and the second is not. What does `backward` do with the numbers in `.grad`?",
    instead_of={"optimizer.zero_grad()": ""},
    also_in="train_step",
)

differs(
    "train",
    "updates-without-gradients",
    says="`step` finds no gradient in the weights that the optimizer holds, so the model stays as it is.",
    asks="Does `zero_grad` stand between `backward` and `step`? If not: whose `parameters()` was the optimizer given?",
    instead_of={
        "optimizer.zero_grad()": "",
        "optimizer.step()": "optimizer.zero_grad()\noptimizer.step()",
    },
    also_in="train_step",
)

differs(
    "train",
    "zeroes-once-an-epoch",
    says="The gradients are zeroed once in each epoch; within it they pile up from batch to batch.",
    asks="Which loop does `zero_grad` stand in? How often does `backward` add to `.grad` in between?",
    instead_of={
        "for images, labels in loader:": "updater.zero_grad()\nfor images, labels in loader:",
        "optimizer.zero_grad()": "",
    },
    also_in="train_step",
)

differs(
    "train",
    "steps-before-backward",
    says="`step` comes before `backward`, so each update uses the gradient of the batch before.",
    asks="When `step` reads `.grad` in the very first iteration, whose gradient is in there?",
    instead_of={
        "optimizer.zero_grad()": "optimizer.step()\noptimizer.zero_grad()",
        ("loss.backward()\noptimizer.step()"): "loss.backward()",
    },
    also_in="train_step",
)

differs(
    "train",
    "never-updates",
    says="The weights never change: the history is that of the same model again and again.",
    asks="`backward` only fills `.grad`. Which call changes the parameters?",
    instead_of={("optimizer.zero_grad()\nloss.backward()\noptimizer.step()"): ""},
    also_in="train_step",
)

differs(
    "train",
    "never-back-to-training-mode",
    says="After the first accuracy the model stays in evaluation mode, also for the updates that follow.",
    asks="`get_accuracy` calls `model.eval()`. Who calls `model.train()` before the next update?",
    instead_of={
        "model.train()": "",
        "history = History()": "history = History()\nmodel.train()",
    },
    also_in="train_step",
)

differs(
    "train",
    "training-mode-once-an-epoch",
    says="`model.train()` is called once in each epoch, so all updates but the first run in evaluation mode.",
    asks="You measure the accuracy after every update. Which mode is the model in after that?",
    instead_of={
        "model.train()": "",
        "for images, labels in loader:": "model.train()\nfor images, labels in loader:",
    },
    also_in="train_step",
)

differs(
    "train",
    "trains-in-evaluation-mode",
    says="All updates run in evaluation mode: batch norm and dropout do not do their part.",
    asks="Which call puts a model in the mode for learning, and where in the loop must it stand?",
    instead_of={"model.train()": "model.eval()"},
    also_in="train_step",
)

differs(
    "train",
    "trains-on-the-small-batch",
    says="A last batch that is smaller than `batch_size` is trained on, and has its entry.",
    asks="Five images in batches of two: which of the three batches does the exercise skip? See `drop_last`.",
    instead_of={", drop_last=True": ""},
)

differs(
    "train",
    "small-batch-ends-it",
    says="The first batch that is too small ends the whole training, in the first epoch.",
    asks="A `return` leaves the function, and `continue` only this batch. What should happen in the next epoch?",
    instead_of={
        ", drop_last=True": "",
        "history.iters.append(len(history.iters))": (
            "if len(labels) < batch_size:\n    return history\nhistory.iters.append(len(history.iters))"
        ),
    },
)

differs(
    "train",
    "same-batch-again",
    says="Each iteration trains on the first batch: the loader starts anew every time.",
    asks="`next(iter(loader))` makes a new iterator. Which batch does a new one give first?",
    instead_of={
        "for images, labels in loader:": "for images, labels in [next(iter(loader)) for _ in range(len(loader))]:"
    },
)

differs(
    "train",
    "validation-teaches",
    says="The validation data is trained on as well.",
    asks="May a model learn from the images that are there to test it? Validation measures, and nothing else.",
    instead_of={
        "history.train_acc": (
            "for more, answers in DataLoader(val_data, batch_size):\n"
            "    train_step(model, more, answers, criterion, updater)\n"
            "history.train_acc"
        )
    },
)

differs(
    "train",
    "softmax-before-the-loss",
    says="The logits go through a softmax before the cross-entropy, which contains one already.",
    asks="With ten classes such a loss cannot fall below 1.461. Which numbers does the criterion expect?",
    instead_of={"model(images)": "model(images).softmax(1)"},
    also_in="train_step",
)

differs(
    "train",
    "no-gradient-comes-back",
    says="No gradient ever comes back from the loss to what the model gave, so `step` has nothing to go by.",
    asks="Is there a `backward()`, and is it called on the very loss that the criterion returned? A tensor made anew has no graph.",
    instead_of={
        "criterion(model(images), labels)": "torch.tensor(criterion(model(images), labels).item(), requires_grad=True)"
    },
    also_in="train_step",
)

differs(
    "train",
    "updates-every-second-time",
    says="Only every second iteration updates the weights, with the gradients of two batches.",
    asks="Each batch is one update. What decides in your loop whether `step` is called at all?",
    instead_of={
        "optimizer.zero_grad()": "",
        "optimizer.step()": (
            'optimizer.seen = getattr(optimizer, "seen", 0) + 1\n'
            "if optimizer.seen % 2 == 0:\n"
            "    optimizer.step()\n"
            "    optimizer.zero_grad()"
        ),
    },
    also_in="train_step",
)

differs(
    "train",
    "trains-a-copy",
    says="The history is right, but it is that of a copy: the model that was passed in has not been trained.",
    asks="Whoever calls `train(model, ...)` uses `model` afterwards. Which model do your updates change?",
    instead_of={'if optimizer == "sgd":': ('import copy\nmodel = copy.deepcopy(model)\nif optimizer == "sgd":')},
)

differs(
    "train",
    "same-order-in-every-epoch",
    says="The images are mixed once, and every epoch goes through them in that same order.",
    asks="A `DataLoader` mixes anew each time you loop over it. What do you loop over in the second epoch: it, or a list of it?",
    instead_of={"for _ in range(num_epochs):": "loader = list(loader)\nfor _ in range(num_epochs):"},
)
