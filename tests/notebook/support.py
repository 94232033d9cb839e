"""A real Jupyter kernel, which runs cells and says all that they put out."""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds


@dataclass
class Outputs:
    """What a cell put out, in its order."""

    streams: str = ""
    bundles: list[dict] = field(default_factory=list)
    error: str = ""
    order: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        return "\n".join(bundle.get("text/html", "") for bundle in self.bundles)

    @property
    def text(self) -> str:
        return "\n".join(bundle["text/plain"] for bundle in self.bundles)


class Kernel:
    """A kernel in a project's folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(
            kernel_name="python3", cwd=str(folder), env=environment, startup_timeout=PATIENCE
        )

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def run(self, cell: str) -> Outputs:
        """Runs a cell and waits for its end."""
        return self.outputs(self.client.execute(cell))

    def begin(self, cell: str) -> str:
        """Has a cell begin; gives what `outputs` takes."""
        return self.client.execute(cell)

    def outputs(self, asked: str) -> Outputs:
        found, deadline = Outputs(), time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            found.order.append(kind)
            if kind == "stream":
                found.streams += content["text"]
            elif kind in ("display_data", "execute_result"):
                found.bundles.append(content["data"])
            elif kind == "error":
                found.error += "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                return found
        raise AssertionError("the cell has not ended")

    def close(self, *, now: bool = True) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=now)
