"""The process that grades beside a command or a notebook, where none can be forked: it is started before it is needed.

`grader.launch` starts it, with a clean environment, and tells it the rest over its standard input.
"""

from __future__ import annotations

import os
import pickle
import socket
import sys
from typing import TYPE_CHECKING

from grader.sandbox.inner import warming
from grader.sandbox.outer import ancestor, starting

if TYPE_CHECKING:
    from grader.launch import Told


def main() -> None:
    """Imports PyTorch, reads what to do, and exits with the status of that."""
    starting.be_ready()
    warming.warm()
    message = sys.stdin.buffer.read()
    if not message:  # it was not needed
        starting.leave()
        os._exit(0)
    told: Told = pickle.loads(message)
    assert told.meeting is not None
    end = socket.create_connection(("127.0.0.1", told.meeting.port))
    end.sendall(told.meeting.token)
    ancestor.act(told, end.detach())
