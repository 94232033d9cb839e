"""Known mistakes in topic training: `train`, what its history holds."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "train",
    "losses-divided-by-batch-size",
    says="The losses are divided by the batch size once more, as in the lecture's notebook.",
    asks="`nn.CrossEntropyLoss` gives the mean over the batch. What is a mean divided by the number of images?",
    instead_of={"criterion, updater)": "criterion, updater) / len(labels)"},
)

differs(
    "train",
    "losses-summed-over-the-batch",
    says="The losses are sums over the batch, not means.",
    asks="Would your curve change if the batches were twice as large? The exercise asks for the mean loss.",
    instead_of={"criterion, updater)": "criterion, updater) * len(labels)"},
)

differs(
    "train",
    "running-mean-of-losses",
    says="Each entry of `losses` is the mean of all losses so far, not the loss of its own batch.",
    asks="If one batch has a loss of 4 and the next one of 2, what belongs in the second entry?",
    instead_of={
        "history = History()": "history, seen = History(), []",
        "history.losses.append(train_step(model, images, labels, criterion, updater))": (
            "seen.append(train_step(model, images, labels, criterion, updater))\n"
            "history.losses.append(sum(seen) / len(seen))"
        ),
    },
)

differs(
    "train",
    "losses-add-up",
    says="Each entry of `losses` is the sum of all losses so far.",
    asks="A loss curve of a model that learns falls. Can yours ever fall?",
    instead_of={"append(train_step": "append(sum(history.losses[-1:]) + train_step"},
)

differs(
    "train",
    "losses-stay-tensors",
    says="The losses are tensors; each keeps the graph of its forward pass alive.",
    asks="After a thousand iterations, how many graphs are in memory? What does a log need of a loss?",
    instead_of={"loss.item()": "loss"},
    also_in="train_step",
)

differs(
    "train",
    "iters-start-again-each-epoch",
    says="`iters` starts at 0 again in each epoch.",
    asks="What would a plot of the losses over `iters` look like? The count goes on from epoch to epoch.",
    instead_of={
        "for images, labels in loader:": "for place, (images, labels) in enumerate(loader):",
        "len(history.iters)": "place",
    },
)

differs(
    "train",
    "iters-start-at-one",
    says="`iters` starts at 1.",
    asks="The first iteration has a number. Which one does the exercise give it?",
    instead_of={"len(history.iters)": "len(history.iters) + 1"},
)

differs(
    "train",
    "one-entry-an-epoch",
    says="There is one entry for each epoch, and there should be one for each iteration.",
    asks="How many batches does an epoch have? Which loop do your `append` calls stand in?",
    instead_of={
        "for images, labels in loader:": "for place, (images, labels) in enumerate(loader, start=1):",
        "history.iters.append(len(history.iters))": (
            "if place < len(loader):\n"
            "    train_step(model, images, labels, criterion, updater)\n"
            "    continue\n"
            "history.iters.append(len(history.iters))"
        ),
    },
)

differs(
    "train",
    "accuracy-before-the-update",
    says="The accuracies are measured before the update, and they belong after it.",
    asks="An entry says what the iteration has achieved. When do you know that?",
    instead_of={
        "history.losses.append(train_step(model, images, labels, criterion, updater))": "",
        "history.val_acc.append(get_accuracy(model, val_data))": (
            "history.val_acc.append(get_accuracy(model, val_data))\n"
            "history.losses.append(train_step(model, images, labels, criterion, updater))"
        ),
    },
)

differs(
    "train",
    "loss-after-the-update",
    says="The loss in an entry is that of a second forward pass, after the update.",
    asks="`backward` was called on a loss. Is that the one you record?",
    instead_of={"return loss.item()": "with torch.no_grad():\n    return criterion(model(images), labels).item()"},
    also_in="train_step",
)

differs(
    "train",
    "accuracies-exchanged",
    says="`train_acc` and `val_acc` are exchanged.",
    asks="Which dataset is each of the two numbers measured on?",
    instead_of={
        "get_accuracy(model, train_data)": "get_accuracy(model, val_data)",
        "get_accuracy(model, val_data)": "get_accuracy(model, train_data)",
    },
)

differs(
    "train",
    "validates-on-training-data",
    says="`val_acc` is measured on the training data.",
    asks="What is validation data for, and which of your arguments is never used?",
    instead_of={"get_accuracy(model, val_data)": "get_accuracy(model, train_data)"},
)

differs(
    "train",
    "accuracy-of-the-batch",
    says="`train_acc` is the accuracy on the batch, not on all of `train_data`.",
    asks="How many images does your number come from? The exercise asks for the whole training set.",
    instead_of={"get_accuracy(model, train_data)": "get_accuracy(model, list(zip(images, labels)))"},
)

differs(
    "train",
    "accuracy-of-full-batches",
    says="`train_acc` leaves out the images that no full batch has room for.",
    asks="Skipping a small batch is for the updates. How many images does the training set have, and how many do you count?",
    instead_of={
        "get_accuracy(model, train_data)": (
            "get_accuracy(\n    model, [train_data[i] for i in range(len(train_data) // batch_size * batch_size)]\n)"
        )
    },
)

differs(
    "train",
    "returns-nothing",
    says="The training runs, but the function returns None.",
    asks="What does the exercise ask you to give back?",
    instead_of={"return history": ""},
)

differs(
    "train",
    "entries-now-and-then",
    says="Only some iterations have an entry, the first one among them, and there should be one for each.",
    asks="Do your `append` calls stand under an `if` that looks at the iteration's number? How many points should a curve have?",
    instead_of={
        "history = History()": "history, iteration = History(), -1",
        "history.iters.append(len(history.iters))": (
            "iteration += 1\n"
            "if iteration % 10:\n"
            "    train_step(model, images, labels, criterion, updater)\n"
            "    continue\n"
            "history.iters.append(iteration)"
        ),
    },
)

differs(
    "train",
    "only-the-first-entry",
    says="Only the very first iteration has an entry, and there should be one for each.",
    asks="Do your `append` calls stand under an `if`, such as one for every 100th iteration? How many iterations are there here?",
    instead_of={
        "history.iters.append(len(history.iters))": (
            "if history.iters:\n"
            "    train_step(model, images, labels, criterion, updater)\n"
            "    continue\n"
            "history.iters.append(len(history.iters))"
        )
    },
)

differs(
    "train",
    "first-entry-of-each-epoch",
    says="Only the first iteration of each epoch has an entry, and there should be one for each iteration.",
    asks="Do your `append` calls stand under an `if` that looks at the place in the epoch? How many batches does an epoch have?",
    instead_of={
        "history = History()": "history, iteration = History(), -1",
        "for images, labels in loader:": "for place, (images, labels) in enumerate(loader):",
        "history.iters.append(len(history.iters))": (
            "iteration += 1\n"
            "if place:\n"
            "    train_step(model, images, labels, criterion, updater)\n"
            "    continue\n"
            "history.iters.append(iteration)"
        ),
    },
)
