"""Known mistakes in topic shapes: `trace_shapes`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "trace_shapes",
    "leaves-out-the-input",
    says="Your list starts behind the first layer.",
    asks="Which shape is there before any layer has been applied? For three layers, the list has four shapes.",
    instead_of={"return shapes": "return shapes[1:]"},
)

differs(
    "trace_shapes",
    "no-entry-for-relu",
    says="A ReLU adds nothing to your list.",
    asks="A ReLU changes no shape, but it is a layer. How long should the list be for a Conv2d and a ReLU?",
    instead_of={
        "shapes.append(_shape_after(layer, shapes[-1]))": (
            "if not isinstance(layer, nn.ReLU):\n    shapes.append(_shape_after(layer, shapes[-1]))"
        )
    },
)

differs(
    "trace_shapes",
    "last-shape-only",
    says="This is the last shape alone.",
    asks="Where does a shape go wrong in a deep network? Which other shapes would you want to see to find out?",
    instead_of={"return shapes": "return shapes[-1]"},
)

differs(
    "trace_shapes",
    "flattens-the-batch",
    says="`nn.Flatten()` makes one single axis here, of the batch too.",
    asks="Behind a Flatten, each picture is a row. Which axis tells how many pictures there are?",
    instead_of={"return (shape[0], math.prod(shape[1:]))": "return (math.prod(shape),)"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "flatten-needs-four-axes",
    says="Your Flatten takes shapes with four axes and no others.",
    asks="What does a second `nn.Flatten()` do to (2, 24)? Would your rule work however many axes there are?",
    instead_of={
        "return (shape[0], math.prod(shape[1:]))": (
            "batch, channels, height, width = shape\nreturn (batch, channels * height * width)"
        )
    },
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "linear-flattens-by-itself",
    says="Your linear layer flattens its input by itself.",
    asks="`nn.Linear` looks at the last axis alone. Which layer must come before it to make (2, 8, 7, 7) a (2, 392)?",
    instead_of={"case nn.Linear():": "case nn.Linear():\n    shape = (shape[0], math.prod(shape[1:]))"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "linear-needs-two-axes",
    says="Your linear layer refuses every shape but one with two axes.",
    asks="`nn.Linear` looks at the last axis alone. What does nn.Linear(5, 7) make of (2, 3, 4, 5)?",
    instead_of={"shape[-1] != layer.in_features": "len(shape) != 2 or shape[-1] != layer.in_features"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "features-on-axis-one",
    says="Your linear layer compares its `in_features` with axis 1.",
    asks="Behind a Flatten, axis 1 is the last one. Which axis of (2, 3, 4, 5) does nn.Linear(5, 7) look at?",
    instead_of={"shape[-1] != layer.in_features": "shape[1] != layer.in_features"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "linear-drops-middle-axes",
    says="Behind a linear layer your shape has two axes, whatever came in.",
    asks="`nn.Linear` changes the last axis alone. What does nn.Linear(5, 7) make of (2, 3, 4, 5)?",
    instead_of={"(*shape[:-1], layer.out_features)": "(shape[0], layer.out_features)"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "channels-not-checked",
    says="Your convolution takes any number of channels.",
    asks="Its filters are `in_channels` deep. Can a filter that is 2 deep look at an input of 3 channels?",
    instead_of={"shape[1] != layer.in_channels": "False"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "features-not-checked",
    says="Your linear layer takes any number of features.",
    asks="It has a weight for each of `in_features` numbers. What if the last axis holds more of them, or fewer?",
    instead_of={"shape[-1] != layer.in_features": "False"},
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "no-inputs-checked",
    says="Your layers take whatever comes: a convolution any channels, a linear layer any features.",
    asks="Which attribute of a Conv2d, and which of a Linear, says what its input must look like?",
    instead_of={
        "shape[-1] != layer.in_features": "False",
        "shape[1] != layer.in_channels": "False",
    },
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "only-kernel-passed-on",
    says="Of a layer's settings, only the kernel is used here.",
    asks="Print a layer: which numbers does it hold besides the kernel, and where do they belong in your call?",
    instead_of={
        "shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode": "shape, layer.kernel_size",
        "layer.out_channels, layer.kernel_size, layer.stride, layer.padding, layer.dilation": "layer.out_channels, layer.kernel_size",
    },
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "dilation-not-passed-on",
    says="The dilation of your layers is never used.",
    asks="A layer keeps its dilation, as it keeps its stride and its padding. Which of the three do you pass on?",
    instead_of={
        "layer.dilation, layer.ceil_mode": "1, layer.ceil_mode",
        "layer.padding, layer.dilation  #": "layer.padding  #",
    },
    also_in="_shape_after",
)

differs(
    "trace_shapes",
    "ceil-mode-not-passed-on",
    says="The `ceil_mode` of a pooling layer is never used.",
    asks="Five settings of a MaxPool2d have to do with its size. Which four do you pass on?",
    instead_of={", layer.ceil_mode": ""},
    also_in="_shape_after",
)
