"""Known mistakes in topic convolution: `to_nchw`. The others have files of their own."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "to_nchw",
    "reshapes-instead-of-permuting",
    says="The numbers fill the new shape in their old order, so the colours of the pixels are mixed up.",
    asks="In the file, a pixel's red, green and blue are neighbours. Are they neighbours in (C, H, W)?",
    instead_of={".permute(2, 0, 1).unsqueeze(0)": ".reshape(1, image.shape[2], *image.shape[:2])"},
)

differs(
    "to_nchw",
    "turns-height-and-width",
    says="Height and width have changed places: your picture lies on its side.",
    asks="`permute(2, 1, 0)` puts old axis 2 first, then 1, then 0. What are their names, in that order?",
    instead_of={"permute(2, 0, 1)": "permute(2, 1, 0)"},
)

differs(
    "to_nchw",
    "channels-last",
    says="The channels still come last in your batch.",
    asks="PyTorch wants (N, C, H, W). In which order are the axes of your image, and which of them has to move?",
    instead_of={".permute(2, 0, 1)": ""},
)

differs(
    "to_nchw",
    "no-batch-axis",
    says="The batch axis is missing: this is a picture, not a batch with one picture in it.",
    asks="How many axes has (1, C, H, W)? Which method of a tensor adds an axis of size 1?",
    instead_of={".unsqueeze(0)": ""},
)

differs(
    "to_nchw",
    "not-scaled",
    says="Your values still go from 0 to 255.",
    asks="White is 255 in the file and 1.0 in the batch. What happens to all numbers on the way?",
    instead_of={" / 255": ""},
)

differs(
    "to_nchw",
    "scaled-twice",
    says="Your values are divided by 255 twice.",
    asks="Print the smallest and the largest value of your batch after each line. Where does 1.0 become 0.0039?",
    instead_of={" / 255": " / 255 / 255"},
)

differs(
    "to_nchw",
    "divides-into-whole-numbers",
    says="The division by 255 leaves whole numbers: everything below 255 has become 0.",
    asks="What should 128 become? Which comes first then, the floats or the division?",
    instead_of={
        "ascontiguousarray(image)": "ascontiguousarray(image // 255)",
        " / 255": "",
    },
)

differs(
    "to_nchw",
    "keeps-uint8",
    says="Your batch holds the bytes of the file: uint8, from 0 to 255.",
    asks="A layer's weights are float32. Which dtype do your pixels need, and which number should 255 become?",
    instead_of={
        "torch.float32": "torch.uint8",
        " / 255": "",
    },
)

differs(
    "to_nchw",
    "returns-float64",
    says="Your numbers are right, but they are float64.",
    asks="Dividing a NumPy array of bytes gives float64. Which dtype do the weights of a layer have?",
    instead_of={"torch.float32": "torch.float64"},
)

differs(
    "to_nchw",
    "grey-without-channel-axis",
    says="A greyscale picture has no channel axis in your batch.",
    asks="Grey is one channel. What are the four numbers of the shape for 5 rows of 4 grey pixels?",
    instead_of={
        "image = image[:, :, np.newaxis]": "return torch.tensor(image, dtype=torch.float32).unsqueeze(0) / 255"
    },
)

differs(
    "to_nchw",
    "grey-not-supported",
    says="A greyscale picture of shape (H, W) ends in an error here.",
    asks="It has two axes, and your permutation wants three. Which axis could you give it first?",
    instead_of={("if image.ndim == 2:\n    image = image[:, :, np.newaxis]"): ""},
)

differs(
    "to_nchw",
    "refuses-nothing",
    says="An array that is no picture is not refused here.",
    asks="Which numbers of axes can a picture have? Which error should all others give, and what must its text name?",
    instead_of={"image.ndim not in (2, 3)": "False"},
)

differs(
    "to_nchw",
    "grey-as-three-channels",
    says="A greyscale picture is repeated: it comes back with three channels, and it should have one.",
    asks="Which shape does the exercise ask for where the image is (H, W)? How many channels has grey?",
    instead_of={"np.newaxis]": "np.newaxis].repeat(3, axis=2)"},
)

differs(
    "to_nchw",
    "squeezes-the-batch",
    says="Every axis of size 1 is dropped from your batch: the batch axis always, and the channel of a grey picture too.",
    asks="A batch with one grey picture has the shape (1, 1, H, W). Which call takes both of these axes away?",
    instead_of={".unsqueeze(0)": ".squeeze()"},
)
