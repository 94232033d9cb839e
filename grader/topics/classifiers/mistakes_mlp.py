"""Known mistakes in topic classifiers: `MLP.forward`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "MLP.forward",
    "no-relu",
    says="Nothing stands between the two layers, so together they are one linear map.",
    asks="2 * (3 * x) is 6 * x. What do two linear layers compose to, and what would stop them from doing so?",
    instead_of={"F.relu(self.layer1(flatten_images(images)))": "self.layer1(flatten_images(images))"},
)

differs(
    "MLP.forward",
    "relu-after-both-layers",
    says="There is a second ReLU, on the logits: every negative logit becomes 0.",
    asks="Hidden units are cut off at 0. May a score be negative?",
    instead_of={"return logits": "return logits.relu()"},
)

differs(
    "MLP.forward",
    "relu-after-the-wrong-layer",
    says="The ReLU comes after the second layer, and not between the two.",
    asks="Which numbers are the hidden units, and which are the scores? Which of them may be negative?",
    instead_of={
        "F.relu(self.layer1(flatten_images(images)))": "self.layer1(flatten_images(images))",
        "return logits": "return logits.relu()",
    },
)

differs(
    "MLP.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="Which part of `nn.CrossEntropyLoss` does this a second time? What should come after `self.layer2`?",
    instead_of={"return logits": "return logits.softmax(1)"},
)

differs(
    "MLP.forward",
    "sigmoid-as-activation",
    says="The hidden units go through a sigmoid.",
    asks="What becomes of a hidden unit of 5, and of one of -5, in a sigmoid? And in the activation that is asked for?",
    instead_of={"F.relu": "torch.sigmoid"},
)

differs(
    "MLP.forward",
    "pictures-not-flattened",
    says="The pictures go into the first layer as grids, not as rows of pixels.",
    asks="Print `images.shape`. Which axes should become one before `self.layer1` sees them?",
    instead_of={"flatten_images(images)": "images"},
)

differs(
    "MLP.forward",
    "assumes-784-pixels",
    says="The pictures are cut into rows of 784 pixels, whatever `num_pixels` says.",
    asks="How many rows should three pictures of 2 x 3 give? Look for 784 or 28 * 28 here, and in `flatten_images` if you call it.",
    instead_of={"flatten_images(images)": "images.reshape(-1, 28 * 28)"},
)

differs(
    "MLP.forward",
    "new-layers-each-call",
    says="Each call makes new layers with new random weights; `self.layer1` and `self.layer2` are never used.",
    asks="Give your model the same picture twice: are the logits the same? Which layers does training change?",
    instead_of={
        "self.layer1(": "nn.Linear(self.layer1.in_features, self.num_hidden)(",
        "self.layer2(": "nn.Linear(self.num_hidden, self.layer2.out_features)(",
    },
)

differs(
    "MLP.forward",
    "squeezes-the-logits",
    says="An axis of size 1 is dropped from your logits: those of a single picture come without a batch axis.",
    asks="The answer for one picture has the shape (1, num_classes). Which call drops every axis of size 1?",
    instead_of={"return logits": "return logits.squeeze()"},
)

differs(
    "MLP.forward",
    "squeezes-the-pictures",
    says="Every axis of size 1 is dropped from the pictures; in a batch of one, that is the batch axis too.",
    asks="Squeeze a tensor of shape (1, 1, 28, 28): what is left, and which of its axes counts the pictures?",
    instead_of={"flatten_images(images)": "images.squeeze().flatten(1)"},
)

differs(
    "MLP.forward",
    "log-softmax-on-the-logits",
    says="These are logarithms of probabilities, from a log-softmax, and no logits any more.",
    asks="A log-softmax goes with `nn.NLLLoss`. What does `nn.CrossEntropyLoss` do with the numbers that it is given?",
    instead_of={"return logits": "return logits.log_softmax(1)"},
)

differs(
    "MLP.forward",
    "sigmoid-on-the-logits",
    says="A sigmoid squeezes each logit between 0 and 1.",
    asks="A sigmoid answers one yes-or-no question. What should come after `self.layer2` when there are many classes?",
    instead_of={"return logits": "return logits.sigmoid()"},
)

differs(
    "MLP.forward",
    "tanh-as-activation",
    says="The hidden units go through a tanh.",
    asks="What becomes of a hidden unit of 5, and of one of -5, in a tanh? And in the activation that is asked for?",
    instead_of={"F.relu": "torch.tanh"},
)

differs(
    "MLP.forward",
    "dropout-always-on",
    says="Half of the hidden units are dropped at random, in evaluation mode too.",
    asks="A dropout made or called in `forward` does not know `self.training`: it is always on. Does the exercise ask for one?",
    instead_of={"self.layer2(hidden)": "self.layer2(F.dropout(hidden))"},
)

differs(
    "MLP.forward",
    "tanh-on-the-logits",
    says="A tanh squeezes each logit between -1 and 1.",
    asks="May a score be 5? What should come after `self.layer2`?",
    instead_of={"return logits": "return logits.tanh()"},
)
