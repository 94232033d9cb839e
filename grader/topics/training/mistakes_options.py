"""Known mistakes in topic training: `train`, what it makes of its options."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "train",
    "weight-decay-ignored",
    says="`weight_decay` has no effect: the optimizer never hears of it.",
    asks="Which of your arguments is used nowhere in your function?",
    instead_of={
        "momentum, weight_decay=weight_decay": "momentum",
        "learning_rate, weight_decay=weight_decay": "learning_rate",
    },
)

differs(
    "train",
    "weight-decay-for-sgd-only",
    says="`weight_decay` reaches SGD, and Adam does without.",
    asks="Both optimizers take a weight decay. Which of your two calls does not pass it on?",
    instead_of={"learning_rate, weight_decay=weight_decay": "learning_rate"},
)

differs(
    "train",
    "weight-decay-for-adam-only",
    says="`weight_decay` reaches Adam, and SGD does without.",
    asks="Both optimizers take a weight decay. Which of your two calls does not pass it on?",
    instead_of={"momentum, weight_decay=weight_decay": "momentum"},
)

differs(
    "train",
    "momentum-ignored",
    says="SGD runs without momentum here.",
    asks="With momentum, an update remembers the one before. Which argument of `optim.SGD` says how much?",
    instead_of={"momentum=momentum, ": ""},
)

differs(
    "train",
    "momentum-always-nine-tenths",
    says="The momentum is always 0.9, whatever the argument says.",
    asks="What does your optimizer do when someone calls `train(..., momentum=0.0)`?",
    instead_of={"momentum=momentum": "momentum=0.9"},
)

differs(
    "train",
    "learning-rate-of-adam-ignored",
    says="Adam runs with its own default learning rate, 0.001.",
    asks="Which of your two calls passes `learning_rate` on, and which one does not?",
    instead_of={"lr=learning_rate, weight_decay": "weight_decay"},
)

differs(
    "train",
    "always-sgd",
    says="It is SGD whatever `optimizer` says, for an unknown name too.",
    asks='What should happen for `optimizer="adam"`, and what for a name that nobody knows?',
    instead_of={'optimizer == "sgd"': "True"},
)

differs(
    "train",
    "anything-else-is-adam",
    says='Every name but "sgd" means Adam here, also a mistyped one.',
    asks='Someone writes `optimizer="sdg"`. Would they rather get Adam, or be told?',
    instead_of={'optimizer == "adam"': "True"},
)

differs(
    "train",
    "unknown-optimizer-breaks-later",
    says="An unknown optimizer ends in an error about a variable that was never set.",
    asks="Neither `if` nor `elif` was taken. What belongs in the `else`?",
    instead_of={
        "raise ValueError(f\"optimizer must be 'sgd' or 'adam', got optimizer={optimizer!r}\")": "pass",
        "history = History()": "history = History()\nupdater.zero_grad()",
    },
)

differs(
    "train",
    "new-optimizer-each-epoch",
    says="A new optimizer is made in each epoch, and it has forgotten what the old one knew.",
    asks="Where does momentum live? All agrees up to the end of the first epoch: what is different after it?",
    instead_of={
        "for images, labels in loader:": (
            "updater = type(updater)(model.parameters(), **updater.defaults)\nfor images, labels in loader:"
        )
    },
)

differs(
    "train",
    "new-optimizer-each-batch",
    says="A new optimizer is made for each batch: momentum and Adam's averages start from nothing every time.",
    asks="What does SGD with momentum remember from the last update? Who remembers it, if the optimizer is new?",
    instead_of={
        "history.iters.append(len(history.iters))": (
            "updater = type(updater)(model.parameters(), **updater.defaults)\nhistory.iters.append(len(history.iters))"
        )
    },
)

differs(
    "train",
    "one-epoch-only",
    says="There is only one epoch, whatever `num_epochs` says.",
    asks="Is the `return` inside the loop over epochs?",
    instead_of={"range(num_epochs)": "range(min(num_epochs, 1))"},
)

differs(
    "train",
    "never-shuffles",
    says="The images come in the order of the dataset, also with `data_shuffle=True`.",
    asks="Which argument of `DataLoader` mixes the images, and which of your own arguments belongs there?",
    instead_of={", shuffle=data_shuffle": ""},
)

differs(
    "train",
    "always-shuffles",
    says="The images come in a random order, also with `data_shuffle=False`.",
    asks="`shuffle=True` stands in your `DataLoader`. Which argument should decide?",
    instead_of={"shuffle=data_shuffle": "shuffle=True"},
)
