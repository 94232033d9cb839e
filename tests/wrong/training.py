"""Wrong answers to get_accuracy: what is counted."""

import torch
from torch.utils.data import DataLoader

from tests.wrong.base import wrong


@wrong(
    "get_accuracy",
    "accuracy-drops-the-last-batch",
    why="Uneven last batches are left out, unless they are the only one.",
)
def accuracy_drops_the_last_batch(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = seen = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size, drop_last=len(data) > batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            seen += len(labels)
    return correct / seen


@wrong(
    "get_accuracy",
    "accuracy-over-full-batches",
    why="Counts all, divides by the examples of full batches: can be above 1.",
)
def accuracy_over_full_batches(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / (len(data) // batch_size * batch_size or len(data))


@wrong(
    "get_accuracy",
    "accuracy-first-batch-size",
    why="Takes the last batch to be as large as the first: shows for an uneven one.",
)
def accuracy_first_batch_size(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    loader = DataLoader(data, batch_size=min(batch_size, len(data)))
    correct = 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / (len(loader) * loader.batch_size)


@wrong("get_accuracy", "accuracy-of-ten-batches", why="Stops after ten batches: shows for more than ten.")
def accuracy_of_ten_batches(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = seen = 0
    with torch.no_grad():
        for index, (images, labels) in enumerate(DataLoader(data, batch_size=batch_size)):
            if index == 10:
                break
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            seen += len(labels)
    return correct / seen


@wrong(
    "get_accuracy",
    "accuracy-ignores-batch-size",
    why="The model always sees up to 1024: record the batches that reach it.",
    allowed="the result is right, and how a dataset is walked through is the student's choice",
)
def accuracy_ignores_batch_size(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=1024):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong("get_accuracy", "accuracy-of-ten-classes", why="Looks at the first ten logits: shows for more than ten classes.")
def accuracy_of_ten_classes(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images)[:, :10].argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong("get_accuracy", "accuracy-largest-in-size", why="Largest absolute logit: shows on very negative ones.")
def accuracy_largest_in_size(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).abs().argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-above-one-half",
    why="Correct only with a probability above 0.5: shows for three classes or more.",
)
def accuracy_above_one_half(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            probabilities = model(images).softmax(dim=1)
            correct += (probabilities[torch.arange(len(labels)), labels] > 0.5).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-all-of-a-tie",
    why="Every label that shares the largest logit is correct: equal logits give 1.0.",
    allowed="how ties between logits are broken is not laid down",
)
def accuracy_all_of_a_tie(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            logits = model(images)
            correct += (logits[torch.arange(len(labels)), labels] >= logits.amax(dim=1)).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-two-classes-by-sign",
    why="For two classes it asks whether logit 1 is positive, not the larger one.",
)
def accuracy_two_classes_by_sign(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            logits = model(images)
            predictions = (logits[:, 1] > 0).long() if logits.shape[1] == 2 else logits.argmax(dim=1)
            correct += (predictions == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-averages-classes",
    why="Mean of the classes' accuracies: shows where classes differ in number.",
)
def accuracy_averages_classes(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = {}
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            for prediction, label in zip(model(images).argmax(dim=1).tolist(), labels.tolist(), strict=True):
                correct.setdefault(label, []).append(prediction == label)
    return sum(sum(hits) / len(hits) for hits in correct.values()) / len(correct)


@wrong(
    "get_accuracy",
    "accuracy-takes-slices",
    why="data[a:b] gives batches of a TensorDataset; a list or another Dataset does not.",
)
def accuracy_takes_slices(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for start in range(0, len(data), batch_size):
            images, labels = data[start : start + batch_size]
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return correct / len(data)


@wrong(
    "get_accuracy",
    "accuracy-compares-identity",
    why="`is` instead of ==: a label that is a tensor is never the prediction.",
)
def accuracy_compares_identity(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for start in range(0, len(data), batch_size):
            batch = [data[index] for index in range(start, min(start + batch_size, len(data)))]
            predictions = model(torch.stack([image for image, _ in batch])).argmax(dim=1).tolist()
            correct += sum(prediction is label for prediction, (_, label) in zip(predictions, batch, strict=True))
    return correct / len(data)


@wrong("get_accuracy", "accuracy-in-whole-percents", why="Rounded to two digits: shows for 1 in 3, not for 3 in 4.")
def accuracy_in_whole_percents(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=batch_size):
            correct += (model(images).argmax(dim=1) == labels).sum().item()
    return round(correct / len(data), 2)


@wrong(
    "get_accuracy",
    "accuracy-remembers-the-answer",
    why="Remembered by model: after an update, or for other data, it is the old one.",
)
def accuracy_remembers_the_answer(model, data, batch_size=1024):
    if len(data) == 0:
        raise ValueError(f"data must hold at least one example, got len(data)={len(data)}")
    remembered = model.__dict__.setdefault("accuracies", {})
    if len(data) not in remembered:
        model.eval()
        correct = 0
        with torch.no_grad():
            for images, labels in DataLoader(data, batch_size=batch_size):
                correct += (model(images).argmax(dim=1) == labels).sum().item()
        remembered[len(data)] = correct / len(data)
    return remembered[len(data)]
