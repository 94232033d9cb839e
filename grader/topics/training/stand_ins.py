"""Right functions that stand in for a student's where another exercise calls them, by the exercises' names.

They are texts of their own, not the reference's. `line` leads to the student's process: whatever they do is carried out
there, one step after the other (grader/running/stand_ins.py).
"""

from __future__ import annotations

from typing import Any


def train_step(line: Any, model: Any, images: Any, labels: Any, criterion: Any, optimizer: Any) -> float:
    model.train()
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return float(loss.item())


def get_accuracy(line: Any, model: Any, data: Any, batch_size: int = 1024) -> float:
    count = line.function("builtins.len", data)
    if not count:
        raise ValueError("no images")
    was_on = line.function("torch.is_grad_enabled")
    model.eval()
    line.function("torch.set_grad_enabled", False)
    try:
        batches = line.function("builtins.iter", line.function("torch.utils.data.DataLoader", data, batch_size))
        right = 0
        while (batch := line.function("builtins.next", batches, None)) is not None:
            right += model(batch[0]).argmax(1).eq(batch[1]).sum().item()
    finally:
        line.function("torch.set_grad_enabled", bool(was_on))
    accuracy: float = right / count
    return accuracy
