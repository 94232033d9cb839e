"""What holds for the forward pass of every model that a student completes."""

from __future__ import annotations

from typing import Any

from grader.writing import as_python
from grader.writing.ask import Ask


def logits_match(ask: Ask, text: str, asked: dict[str, Any]) -> None:
    """Two batches get the reference's logits; the images, the weights and what is trainable stay as they were."""
    images = asked["images"]
    expected = ask.expected("forward", **asked)
    reply = ask("forward", text=text, **asked)
    judge = "the reference's logits, with the same weights"
    reply.part("value").equals(expected["value"], judge=judge, dtype=False)
    second = reply.part("second", f"{text}\nmodel({as_python.operand(images)}.flip(-1) * 0.5 - 0.25)")
    second.equals(expected["second"], message="The second batch got wrong logits.", dtype=False)
    reply.unchanged([images])
    reply.part("state").equals(expected["state"], message="The call changed the model's weights.")
    reply.kept_trainable()


def gradients_match(ask: Ask, text: str, asked: dict[str, Any]) -> None:
    """Every parameter receives the reference's gradient."""
    expected = ask.expected("forward_gradients", **asked)
    reply = ask("forward_gradients", text=text, **asked)
    reply.gradients(asked["upstream"]).equals_gradients(expected["gradients"])
