"""Known mistakes in topic training: `get_accuracy`. The other exercises have files of their own."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "get_accuracy",
    "stays-in-training-mode",
    says="The model is measured in the mode it came in: in training mode, dropout and batch norm compute something else.",
    asks="Measure a model with dropout twice: do you get the same number? `torch.no_grad()` does not change what layers do.",
    instead_of={"model.eval()": ""},
)

differs(
    "get_accuracy",
    "records-gradients",
    says="`model.eval()` is there, but PyTorch still records a graph for gradients that nobody will use.",
    asks="Evaluation mode changes what layers compute. Which other switch tells PyTorch that no gradient will be asked for?",
    instead_of={"with torch.no_grad():": "if True:"},
)

differs(
    "get_accuracy",
    "neither-eval-nor-no-grad",
    says="The model is measured as if it were being trained: in training mode, and with gradients recorded.",
    asks="Two switches matter before you measure. Which one do dropout and batch norm look at, and which one the graph?",
    instead_of={
        "model.eval()": "",
        "with torch.no_grad():": "if True:",
    },
)

differs(
    "get_accuracy",
    "mean-of-batch-means",
    says="Each batch counts the same here, so an image of a small last batch counts more than the others.",
    asks="With batches of 64, 64 and 2 images, how much does one image of the last batch weigh? Sum first, divide once.",
    instead_of={
        ".sum().item()": ".double().mean().item()",
        "correct / len(data)": "correct / len(DataLoader(data, batch_size))",
    },
)

differs(
    "get_accuracy",
    "divides-by-number-of-batches",
    says="The number of correct predictions is divided by the number of batches.",
    asks="`len(loader)` counts batches. What does each of the correct predictions count?",
    instead_of={"correct / len(data)": "correct / len(DataLoader(data, batch_size))"},
)

differs(
    "get_accuracy",
    "divides-by-full-batches",
    says="The last batch is counted as if it were full.",
    asks="Five images in batches of two are three batches. How many images does number of batches times batch size give?",
    instead_of={"correct / len(data)": "correct / (len(DataLoader(data, batch_size)) * batch_size)"},
)

differs(
    "get_accuracy",
    "leaves-out-the-last-batch",
    says="The images of a last, smaller batch are left out.",
    asks="`drop_last=True` is for training. How many images did you count, and how many does the dataset have?",
    instead_of={
        "batch_size=batch_size)": "batch_size=batch_size, drop_last=True)",
        "correct / len(data)": "correct / (len(data) // batch_size * batch_size)",
    },
)

differs(
    "get_accuracy",
    "missing-images-count-as-wrong",
    says="The images of a last, smaller batch are never looked at, but they are in the number that you divide by.",
    asks="With `drop_last=True`, can a perfect model reach 1.0 on five images in batches of two?",
    instead_of={"batch_size=batch_size)": "batch_size=batch_size, drop_last=True)"},
)

differs(
    "get_accuracy",
    "first-batch-only",
    says="Only the first batch is measured.",
    asks="Is the `return` inside the loop? What happens to the other batches then?",
    instead_of={
        "correct += (predictions == labels).sum().item()": "return (predictions == labels).double().mean().item()"
    },
)

differs(
    "get_accuracy",
    "last-batch-only",
    says="The number of correct predictions is that of the last batch alone.",
    asks="Does each batch add to your count, or does it replace what was there?",
    instead_of={"correct +=": "correct ="},
)

differs(
    "get_accuracy",
    "compares-every-pair",
    says="Each prediction is compared with each label: shapes (N, 1) and (N,) broadcast to (N, N).",
    asks="Print the shape of `predictions == labels` for a batch of three. How many comparisons did you want?",
    instead_of={"argmax(dim=1)": "argmax(dim=1, keepdim=True)"},
)

differs(
    "get_accuracy",
    "percent",
    says="The result is in percent, from 0 to 100.",
    asks="A fraction of 0.75 and 75 % are the same thing. Which of the two does the exercise ask for?",
    instead_of={"correct / len(data)": "100 * correct / len(data)"},
)

differs(
    "get_accuracy",
    "count-not-fraction",
    says="This is the number of correct predictions, not their fraction.",
    asks="How many images are there in all, and what should a perfect model score?",
    instead_of={"correct / len(data)": "float(correct)"},
)

differs(
    "get_accuracy",
    "returns-a-tensor",
    says="The number is right, but it is still a tensor.",
    asks="Lists of accuracies are for plotting. Which method of a tensor with one number gives a Python number?",
    instead_of={"correct / len(data)": "torch.tensor(correct / len(data))"},
)

differs(
    "get_accuracy",
    "error-rate",
    says="This is the fraction of wrong predictions.",
    asks="Accuracy counts what is right. What does a perfect model score with your function?",
    instead_of={"correct / len(data)": "1 - correct / len(data)"},
)

differs(
    "get_accuracy",
    "divides-by-zero-for-nothing",
    says="An empty dataset ends in a division by zero.",
    asks="There is no accuracy over nothing. Which error says so, and what should its text name?",
    instead_of={"len(data) == 0": "False"},
)

differs(
    "get_accuracy",
    "zero-for-nothing",
    says="An empty dataset gets an accuracy of 0, as if everything in it were wrong.",
    asks="If a path is mistyped and the dataset is empty, what would you rather read: 0.0, or that there is no data?",
    instead_of={'raise ValueError("data must hold at least one example, got len(data)=0")': "return 0.0"},
)

differs(
    "get_accuracy",
    "leaves-gradients-off",
    says="Gradients are switched off and never switched on again: whoever trains next learns nothing.",
    asks="`with torch.no_grad():` puts the switch back at its end, as it was. Does yours?",
    instead_of={"return correct": "torch.set_grad_enabled(False)\nreturn correct"},
)

differs(
    "get_accuracy",
    "switches-gradients-on",
    says="Gradients are switched on at the end, also where they were off before.",
    asks="What if your function is called inside someone else's `torch.no_grad()`? The switch must be as you found it.",
    instead_of={"return correct": "torch.set_grad_enabled(True)\nreturn correct"},
)

differs(
    "get_accuracy",
    "weighs-the-last-batch-in-full",
    says="The last batch's fraction is multiplied by `batch_size`, as if it were full.",
    asks="A last batch of 2 images has 1 right. How many correct predictions does `0.5 * batch_size` count?",
    instead_of={".sum().item()": ".double().mean().item() * batch_size"},
)

differs(
    "get_accuracy",
    "squeezes-the-logits",
    says="Every axis of size 1 is dropped from the logits: a last batch of one image has no batch axis any more.",
    asks="Five images in batches of two: what is the shape of the last batch's logits, and what does `squeeze()` make of it?",
    instead_of={"model(images)": "model(images).squeeze()"},
)
