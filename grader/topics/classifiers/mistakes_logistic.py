"""Known mistakes in topic classifiers: `LogisticRegression.forward`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "LogisticRegression.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="`nn.CrossEntropyLoss` contains a softmax. What happens to the scores if it is applied twice?",
    instead_of={"return logits": "return logits.softmax(1)"},
)

differs(
    "LogisticRegression.forward",
    "log-softmax-on-the-logits",
    says="These are logarithms of probabilities, from a log-softmax, and no logits any more.",
    asks="A log-softmax goes with `nn.NLLLoss`. What does `nn.CrossEntropyLoss` do with the numbers that it is given?",
    instead_of={"return logits": "return logits.log_softmax(1)"},
)

differs(
    "LogisticRegression.forward",
    "sigmoid-on-the-logits",
    says="A sigmoid squeezes each logit between 0 and 1.",
    asks="A sigmoid answers one yes-or-no question. How many classes are there here, and which loss comes after this?",
    instead_of={"return logits": "return logits.sigmoid()"},
)

differs(
    "LogisticRegression.forward",
    "relu-on-the-logits",
    says="A ReLU turns every negative logit into 0.",
    asks="May a score be negative? If two logits are -1 and -5, which class is likelier, and can your answer still say so?",
    instead_of={"return logits": "return logits.relu()"},
)

differs(
    "LogisticRegression.forward",
    "softmax-over-the-batch",
    says="A softmax runs over the batch: for each class, the numbers of all pictures add up to 1.",
    asks="Should one picture's answer depend on which others are in its batch? And does a logit need a softmax here?",
    instead_of={"return logits": "return logits.softmax(0)"},
)

differs(
    "LogisticRegression.forward",
    "pictures-not-flattened",
    says="The pictures go into the layer as grids, not as rows of pixels.",
    asks="A linear layer looks at the last axis alone. How many numbers does it find there, and how many does it expect?",
    instead_of={"flatten_images(images)": "images"},
)

differs(
    "LogisticRegression.forward",
    "assumes-784-pixels",
    says="The pictures are cut into rows of 784 pixels, whatever `num_pixels` says.",
    asks="For pictures of 2 x 3, how long should a row be? Look for 784 or 28 * 28 here, and in `flatten_images` if you call it.",
    instead_of={"flatten_images(images)": "images.reshape(-1, 28 * 28)"},
)

differs(
    "LogisticRegression.forward",
    "resizes-in-place",
    says="The logits are right, but the caller's pictures are rows now: `resize_` changes the tensor that was passed in.",
    asks="A method whose name ends in `_` works in place. What will whoever wants to draw these pictures afterwards find?",
    instead_of={"flatten_images(images)": "images.resize_(len(images), self.layer.in_features)"},
)

differs(
    "LogisticRegression.forward",
    "squeezes-the-logits",
    says="An axis of size 1 is dropped from your logits: those of a single picture come without a batch axis.",
    asks="The answer for one picture has the shape (1, num_classes). Which call drops every axis of size 1?",
    instead_of={"return logits": "return logits.squeeze()"},
)

differs(
    "LogisticRegression.forward",
    "squeezes-the-pictures",
    says="Every axis of size 1 is dropped from the pictures; in a batch of one, that is the batch axis too.",
    asks="Squeeze a tensor of shape (1, 1, 28, 28): what is left, and which of its axes counts the pictures?",
    instead_of={"flatten_images(images)": "images.squeeze().flatten(1)"},
)
