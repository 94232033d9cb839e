"""Known mistakes in topic training: `train_step`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "train_step",
    "never-zeroes-gradients",
    says="The gradients are never zeroed, so each update also uses those of all earlier batches.",
    asks="Print a parameter's `.grad` in the second step: did `backward` replace what was there, or add to it?",
    instead_of={"optimizer.zero_grad()": ""},
)

differs(
    "train_step",
    "zeroes-when-it-changes-mode",
    says="The gradients are zeroed only where the model comes in evaluation mode.",
    asks="Of two calls in a row, which one calls `zero_grad`? What does the other one's `backward` add to?",
    instead_of={
        "model.train()": "if not model.training:\n    optimizer.zero_grad()\nmodel.train()",
        "optimizer.zero_grad()": "",
    },
)

differs(
    "train_step",
    "zeroes-between-backward-and-step",
    says="The gradients are zeroed after `backward` and before `step`, so the weights hardly move, or not at all.",
    asks="`step` reads `.grad`. What is in there at that moment?",
    instead_of={
        "optimizer.zero_grad()": "",
        "optimizer.step()": "optimizer.zero_grad()\noptimizer.step()",
    },
)

differs(
    "train_step",
    "steps-before-backward",
    says="`step` comes before `backward`, so each update uses the gradient of the batch before.",
    asks="When `step` reads `.grad`, whose gradient is in there? And in the very first call?",
    instead_of={
        "optimizer.zero_grad()": "optimizer.step()\noptimizer.zero_grad()",
        ("loss.backward()\noptimizer.step()"): "loss.backward()",
    },
)

differs(
    "train_step",
    "never-calls-step",
    says="The gradients are computed, but the weights stay as they are.",
    asks="`backward` fills `.grad`. Who changes the parameters?",
    instead_of={"optimizer.step()": ""},
)

differs(
    "train_step",
    "mode-as-found",
    says="The model is trained in whatever mode it came in: after an evaluation that is evaluation mode.",
    asks="`get_accuracy` leaves the model in evaluation mode. Who puts it back before the next update?",
    instead_of={"model.train()": ""},
)

differs(
    "train_step",
    "trains-in-evaluation-mode",
    says="The model is put in evaluation mode and trained there: dropout and batch norm do not do their part.",
    asks="`eval()` is for measuring. What is its counterpart called?",
    instead_of={"model.train()": "model.eval()"},
)

differs(
    "train_step",
    "returns-the-loss-tensor",
    says="The loss comes back as a tensor, perhaps with its whole graph behind it.",
    asks="If you keep a thousand of these in a list, what is kept in memory with them? What does a log need?",
    instead_of={"loss.item()": "loss"},
)

differs(
    "train_step",
    "returns-nothing",
    says="The update is there, but the function returns None.",
    asks="What does the exercise ask you to give back after the update?",
    instead_of={"return loss.item()": ""},
)

differs(
    "train_step",
    "backward-on-a-number",
    says="`backward` was called on a plain number: `.item()` came too early and left the graph behind.",
    asks="Which object knows how the loss was computed, the tensor or the float? Call `backward` on that one.",
    instead_of={
        "criterion(model(images), labels)": "criterion(model(images), labels).item()",
        "loss.item()": "loss",
    },
)

differs(
    "train_step",
    "loss-after-the-update",
    says="The loss that you return is that of a second forward pass, after the update.",
    asks="The loss that `backward` was called on has been there all along. Is that the one you return?",
    instead_of={"return loss.item()": "with torch.no_grad():\n    return criterion(model(images), labels).item()"},
)

differs(
    "train_step",
    "sums-the-loss",
    says="The loss that you return is the mean times the number of images.",
    asks="The criterion has averaged already. Which of the two does the exercise ask for, the mean or the sum?",
    instead_of={"loss.item()": "loss.item() * len(images)"},
)

differs(
    "train_step",
    "averages-the-loss-twice",
    says="The loss that you return is divided by the number of images, and the criterion has done that already.",
    asks="For ten classes, an untrained model's mean loss is about 2.3. What is yours, and does it depend on the batch size?",
    instead_of={"loss.item()": "loss.item() / len(images)"},
)

differs(
    "train_step",
    "own-criterion",
    says="The loss is always cross-entropy here, whatever criterion was passed in.",
    asks="Of the five arguments, which one does your function never use?",
    instead_of={"criterion(": "nn.functional.cross_entropy("},
)

differs(
    "train_step",
    "float-labels",
    says="The labels were turned into floats, and cross-entropy wants class numbers.",
    asks="A label says which class it is. Which dtype does a class number have?",
    instead_of={"labels)": "labels.float())"},
)

differs(
    "train_step",
    "softmax-before-the-criterion",
    says="The logits go through a softmax before the criterion, which contains one already.",
    asks="Which numbers does `nn.CrossEntropyLoss` expect: probabilities, or the model's scores as they are?",
    instead_of={"model(images)": "model(images).softmax(1)"},
)

differs(
    "train_step",
    "predictions-to-the-criterion",
    says="The criterion is given predicted classes, and `argmax` has no gradient: nothing can learn from it.",
    asks="How should a class number know which way the weights should move? What does the criterion take instead?",
    instead_of={"model(images)": "model(images).argmax(1).float()"},
)

differs(
    "train_step",
    "no-gradient-reaches-the-weights",
    says="No gradient ever comes back from the loss to what the model gave, so `step` has nothing to go by.",
    asks="Is there a `backward()`, and is it called on the very loss that the criterion returned? A tensor made anew has no graph.",
    instead_of={
        "criterion(model(images), labels)": "torch.tensor(criterion(model(images), labels).item(), requires_grad=True)"
    },
)

differs(
    "train_step",
    "only-computes-the-loss",
    says="The loss is computed, and nothing else: no gradient comes back, and the weights stay as they are.",
    asks="Two calls come after the loss: one fills every parameter's `.grad`, the other one uses it. What are their names?",
    instead_of={("optimizer.zero_grad()\nloss.backward()\noptimizer.step()"): ""},
)

differs(
    "train_step",
    "works-on-a-copy",
    says="A copy of the model is used: the optimizer holds the weights of the model that was passed in, and finds no gradient.",
    asks="After `copy.deepcopy(model)`, whose parameters does `backward` give gradients to, and whose does `optimizer` hold?",
    instead_of={"model.train()": "import copy\nmodel = copy.deepcopy(model)\nmodel.train()"},
)

differs(
    "train_step",
    "updates-every-second-time",
    says="Only every second call updates the weights, with the gradients of two batches.",
    asks="Each call is one update. What decides in your function whether `step` is called at all?",
    instead_of={
        "optimizer.zero_grad()": "",
        "optimizer.step()": (
            'optimizer.seen = getattr(optimizer, "seen", 0) + 1\n'
            "if optimizer.seen % 2 == 0:\n"
            "    optimizer.step()\n"
            "    optimizer.zero_grad()"
        ),
    },
)

differs(
    "train_step",
    "squeezes-the-logits",
    says="Every axis of size 1 is dropped from the logits: a batch of one image has no batch axis any more.",
    asks="What is the shape of the logits for a batch of one image, and what does `squeeze()` make of it?",
    instead_of={"model(images)": "model(images).squeeze()"},
)
