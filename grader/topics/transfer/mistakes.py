"""Known mistakes in topic transfer: the features and the first layer. `replace_classifier` has a file of its own."""

from __future__ import annotations

from grader.writing.mistake import differs

# extract_features

differs(
    "extract_features",
    "in-training-mode",
    says="The features are computed in training mode, where dropout and batch norm do something else.",
    asks="Ask a network with dropout twice for the features of one picture: are they the same? Which switch decides?",
    instead_of={"network.eval()": ""},
)

differs(
    "extract_features",
    "not-detached",
    says="The features still hang on the old network: they require gradients.",
    asks="You will train a new classifier on these numbers. Should its gradients flow back into the old network?",
    instead_of={".detach()": ""},
)

differs(
    "extract_features",
    "neither-eval-nor-detached",
    says="The features are computed in training mode, and they still require gradients.",
    asks="Two things are missing. Which switch do dropout and batch norm look at? And who cuts a tensor off from its graph?",
    instead_of={
        "network.eval()": "",
        ".detach()": "",
    },
)

differs(
    "extract_features",
    "pools-as-well",
    says="The features have gone through `network.avgpool` as well.",
    asks="Of the network's three parts, which one alone is asked for?",
    instead_of={"network.features(images)": "network.avgpool(network.features(images))"},
)

differs(
    "extract_features",
    "runs-the-whole-network",
    says="This is the answer of the whole network, its old classifier included.",
    asks="The old classes are of no use for a new task. Which of the network's three parts comes before them?",
    instead_of={"network.features(images)": "network(images)"},
)

differs(
    "extract_features",
    "flattens",
    says="The numbers are right, but each picture's features are one flat row.",
    asks="Which shape does `network.features(images)` have? Whoever wants rows can flatten later.",
    instead_of={"return features": "return features.flatten(1)"},
)

differs(
    "extract_features",
    "all-before-the-classifier",
    says="This is all that comes before the classifier: the features, then `avgpool`, then one flat row for each picture.",
    asks="Of the network's three parts, which one alone is asked for? How many axes does its answer have?",
    instead_of={"network.features(images)": "network.avgpool(network.features(images)).flatten(1)"},
)

differs(
    "extract_features",
    "squeezes-the-features",
    says="An axis of size 1 is dropped from the features: a batch of one picture comes back without its batch axis.",
    asks="What is the shape of `network.features(images)` for one picture? Which call takes its first axis away?",
    instead_of={"return features": "return features.squeeze()"},
)


# first_layer_activations

differs(
    "first_layer_activations",
    "relu-applied",
    says="A ReLU comes after the first convolution here, so its negative answers are gone.",
    asks="`features[0]` alone is asked for. What becomes of [-4, -2, 4] if a ReLU comes before the rescaling?",
    instead_of={".numpy()": ".numpy().clip(0)"},
)

differs(
    "first_layer_activations",
    "two-layers",
    says="The layer behind the first convolution has been applied as well.",
    asks="`features[:2]` are two layers. If the second is a ReLU, where are the negative answers of the first?",
    instead_of={"features[0]": "features[:2]"},
)

differs(
    "first_layer_activations",
    "overwritten-in-place",
    says="Negative answers are missing where an in-place ReLU comes next: it has overwritten the tensor that you kept.",
    asks="`nn.ReLU(inplace=True)` writes into its input. Do the layers after the first one have to run at all?",
    instead_of={
        ".numpy()": "",
        "low, high =": "network.eval().features[1:](activations)\nactivations = activations.numpy()\nlow, high =",
    },
)

differs(
    "first_layer_activations",
    "each-map-alone",
    says="Each map of each picture is stretched on its own.",
    asks="If one filter answers strongly and another hardly at all, can you still tell from your pictures?",
    instead_of={
        "activations.min()": "activations.min((2, 3), keepdims=True)",
        "activations.max()": "activations.max((2, 3), keepdims=True)",
    },
)

differs(
    "first_layer_activations",
    "each-picture-alone",
    says="Each picture of the batch is stretched on its own.",
    asks="How many zeros and ones are there in your result for a batch of three? How many should there be in all?",
    instead_of={
        "activations.min()": "activations.min((1, 2, 3), keepdims=True)",
        "activations.max()": "activations.max((1, 2, 3), keepdims=True)",
    },
)

differs(
    "first_layer_activations",
    "not-rescaled",
    says="These are the convolution's answers as they are, and they do not lie between 0 and 1.",
    asks="Which number of the array should become 0, and which one 1?",
    instead_of={"return rescaled": "return activations"},
)

differs(
    "first_layer_activations",
    "divides-by-the-maximum",
    says="The answers are divided by the largest one, and the smallest one is never subtracted.",
    asks="A convolution's answers may be negative. What becomes of [-4, -2, 4] in your function?",
    instead_of={"(activations - low) / (high - low)": "activations / high"},
)

differs(
    "first_layer_activations",
    "not-detached",
    says="NumPy refuses the answers, because they require gradients.",
    asks="A picture needs no gradient. Which method gives you the same numbers without the graph?",
    instead_of={".detach()": ""},
)

differs(
    "first_layer_activations",
    "first-picture-only",
    says="Only the first picture of the batch comes back, without a batch axis.",
    asks="How many pictures went in? The result has a place for each of them.",
    instead_of={".numpy()": ".numpy()[0]"},
)

differs(
    "first_layer_activations",
    "squeezes-the-maps",
    says="An axis of size 1 is dropped from the maps: a batch of one picture comes back without its batch axis.",
    asks="What is the shape of `network.features[0](images)` for one picture? Which call takes its first axis away?",
    instead_of={".numpy()": ".numpy().squeeze()"},
)
