"""Known mistakes in topic transfer: `replace_classifier`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "replace_classifier",
    "works-on-the-original",
    says="What you return is the network that was passed in, with another classifier: its old one is gone.",
    asks="After `mine = network`, how many networks are there? How do you get a second one?",
    instead_of={"copy.deepcopy(network)": "network"},
)

differs(
    "replace_classifier",
    "original-changes-too",
    says="You return a copy, but the network that was passed in has changed with it.",
    asks="Was anything frozen before the copy was made? And does the copy have parameters of its own, or share them?",
    instead_of={"copy.deepcopy": "copy.copy"},
)

differs(
    "replace_classifier",
    "nothing-frozen",
    says="The new layer is in its place, but nothing that was trainable has been frozen.",
    asks="Training the new layer must leave the features as they are. Which attribute of a parameter decides that?",
    instead_of={"replaced.requires_grad_(False)": ""},
)

differs(
    "replace_classifier",
    "freezes-the-new-layer",
    says="Everything is frozen, the new layer too, so there is nothing left to train.",
    asks="New parameters are trainable. What came first in your function, the freezing or the new layer?",
    instead_of={
        "replaced.requires_grad_(False)": "",
        "return replaced": "return replaced.requires_grad_(False)",
    },
)

differs(
    "replace_classifier",
    "freezes-only-a-part",
    says="Some of the old parameters are frozen, and some are not.",
    asks="Print each name of `named_parameters()` with its `requires_grad`. Are there more of them than `features` holds?",
    instead_of={"replaced.requires_grad_(False)": "replaced.features.requires_grad_(False)"},
)

differs(
    "replace_classifier",
    "swaps-the-sizes",
    says="The two sizes of the new layer have changed places.",
    asks="What goes into the classifier for each picture, and what comes out? Which of them does `nn.Linear` want first?",
    instead_of={"nn.Linear(num_features, num_classes)": "nn.Linear(num_classes, num_features)"},
)

differs(
    "replace_classifier",
    "replaces-only-the-last-layer",
    says="Only the last layer of the old classifier is new; the layers before it are still there.",
    asks="How many layers should the new network have after `avgpool`? Which argument says what arrives there?",
    instead_of={
        "classifier = nn.Linear(num_features,": "classifier[-1] = nn.Linear(replaced.classifier[-1].in_features,",
    },
)

differs(
    "replace_classifier",
    "wraps-the-layer",
    says="The new classifier is a container with a layer in it, and not the layer itself.",
    asks="Whoever uses your network looks for `classifier.out_features`. Does an `nn.Sequential` have that?",
    instead_of={"nn.Linear(num_features, num_classes)": "nn.Sequential(nn.Linear(num_features, num_classes))"},
)

differs(
    "replace_classifier",
    "head-of-several-layers",
    says="Your classifier is made of several layers, and it should be one new `nn.Linear`.",
    asks="How many layers does `nn.Linear(num_features, num_classes)` have? What do the others add that was not asked for?",
    instead_of={
        "nn.Linear(num_features, num_classes)": "nn.Sequential(nn.Linear(num_features, 32), nn.ReLU(), nn.Linear(32, num_classes))"
    },
)

differs(
    "replace_classifier",
    "keeps-the-old-classifier",
    says="The classifier is still the old one: it gives as many numbers as before, from its old weights.",
    asks="What is the shape of a layer's weight after `layer.out_features = 2`? What must be made for it to change?",
    instead_of={
        "classifier = nn.Linear(num_features, num_classes)": "classifier[-1].out_features = num_classes",
    },
)
