"""Known mistakes in topic cnn: `CNN.forward`. `count_parameters` has a file of its own."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "CNN.forward",
    "first-relu-missing",
    says="There is no ReLU between `self.conv1` and the first pooling.",
    asks="Read the list of steps once more: what comes right after conv1? How many ReLUs are there in all?",
    instead_of={"F.relu(self.conv1(images))": "self.conv1(images)"},
)

differs(
    "CNN.forward",
    "second-relu-missing",
    says="There is no ReLU after `self.conv2`.",
    asks="Read the list of steps once more: what comes right after conv2? How many ReLUs are there in all?",
    instead_of={"F.relu(self.conv2(hidden))": "self.conv2(hidden)"},
)

differs(
    "CNN.forward",
    "no-relu",
    says="The convolutions and poolings are there, but neither of the two ReLUs.",
    asks="What would two convolutions in a row be without anything between them? What does a ReLU do to a value of -3?",
    instead_of={
        "F.relu(self.conv1(images))": "self.conv1(images)",
        "F.relu(self.conv2(hidden))": "self.conv2(hidden)",
    },
)

differs(
    "CNN.forward",
    "relu-on-the-logits",
    says="There is a third ReLU, on the logits: every negative one becomes 0.",
    asks="A logit is a score. May it be negative?",
    instead_of={"return logits": "return logits.relu()"},
)

differs(
    "CNN.forward",
    "softmax-on-the-logits",
    says="Your answers are probabilities: the logits have gone through a softmax.",
    asks="Which part of `nn.CrossEntropyLoss` does this a second time? What should come after `self.fc`?",
    instead_of={"return logits": "return logits.softmax(1)"},
)

differs(
    "CNN.forward",
    "averages-instead-of-maxima",
    says="Each 2 x 2 window gives its average here, not its largest number.",
    asks="What is the average of 0, 0, 0 and 8, and what does max pooling give? The model has a layer for this: `self.pool`.",
    instead_of={
        "self.pool(F.relu(self.conv1(images)))": "F.avg_pool2d(F.relu(self.conv1(images)), 2)",
        "self.pool(F.relu(self.conv2(hidden)))": "F.avg_pool2d(F.relu(self.conv2(hidden)), 2)",
    },
)

differs(
    "CNN.forward",
    "pools-only-once",
    says="One pooling is missing, so 8 * 14 * 14 = 1568 numbers of each image arrive at `self.fc`, not 8 * 7 * 7.",
    asks="Print the shape after each step. Where does 28 become 14, and where should 14 become 7?",
    instead_of={"self.pool(F.relu(self.conv2(hidden)))": "F.relu(self.conv2(hidden))"},
)

differs(
    "CNN.forward",
    "four-rows-an-image",
    says="The second pooling is missing, and `view(-1, 8 * 7 * 7)` cuts what is there into four rows for each image.",
    asks="How many rows of logits do you get for one image? Which size should be given, and which be worked out with -1?",
    instead_of={
        "self.pool(F.relu(self.conv2(hidden)))": "F.relu(self.conv2(hidden))",
        "flatten(start_dim=1)": "view(-1, 8 * 7 * 7)",
    },
)

differs(
    "CNN.forward",
    "maps-not-flattened",
    says="The maps go into `self.fc` as grids, not as one row for each image.",
    asks="A linear layer looks at the last axis alone. Which shape comes out of the second pooling, and which should go in?",
    instead_of={"hidden.flatten(start_dim=1)": "hidden"},
)

differs(
    "CNN.forward",
    "flattens-the-batch-too",
    says="All images of the batch are flattened into one row.",
    asks="After flattening, each image should have a row of 8 * 7 * 7 numbers. Which axis must stay?",
    instead_of={"flatten(start_dim=1)": "flatten()"},
)

differs(
    "CNN.forward",
    "log-softmax-on-the-logits",
    says="These are logarithms of probabilities, from a log-softmax, and no logits any more.",
    asks="A log-softmax goes with `nn.NLLLoss`. What does `nn.CrossEntropyLoss` do with the numbers that it is given?",
    instead_of={"return logits": "return logits.log_softmax(1)"},
)

differs(
    "CNN.forward",
    "sigmoid-on-the-logits",
    says="A sigmoid squeezes each logit between 0 and 1.",
    asks="A sigmoid answers one yes-or-no question. What should come after `self.fc` when there are ten classes?",
    instead_of={"return logits": "return logits.sigmoid()"},
)

differs(
    "CNN.forward",
    "sigmoid-as-activation",
    says="The maps go through a sigmoid where a ReLU is asked for.",
    asks="Read the list of steps once more: what comes right after each convolution? What does it make of -5, and of 5?",
    instead_of={
        "F.relu(self.conv1(images))": "self.conv1(images).sigmoid()",
        "F.relu(self.conv2(hidden))": "self.conv2(hidden).sigmoid()",
    },
)

differs(
    "CNN.forward",
    "tanh-as-activation",
    says="The maps go through a tanh where a ReLU is asked for.",
    asks="Read the list of steps once more: what comes right after each convolution? What does it make of -5, and of 5?",
    instead_of={
        "F.relu(self.conv1(images))": "self.conv1(images).tanh()",
        "F.relu(self.conv2(hidden))": "self.conv2(hidden).tanh()",
    },
)

differs(
    "CNN.forward",
    "dropout-always-on",
    says="Half of the numbers before `self.fc` are dropped at random, in evaluation mode too.",
    asks="A dropout made or called in `forward` does not know `self.training`: it is always on. Does the exercise ask for one?",
    instead_of={"hidden.flatten(start_dim=1)": "F.dropout(hidden.flatten(start_dim=1))"},
)

differs(
    "CNN.forward",
    "squeezes-the-logits",
    says="The logits of a single image come without a batch axis: an axis of size 1 has been dropped.",
    asks="The answer for one image has the shape (1, 10). Which call drops every axis of size 1?",
    instead_of={"return logits": "return logits.squeeze()"},
)

differs(
    "CNN.forward",
    "tanh-on-the-logits",
    says="A tanh squeezes each logit between -1 and 1.",
    asks="May a score be 5? What should come after `self.fc`?",
    instead_of={"return logits": "return logits.tanh()"},
)
