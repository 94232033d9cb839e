"""Who is in a cluster: its workers, which of them grade as this machine does, and which do not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from grader.batch.cluster import clerk
from grader.batch.messages import About, Ask, Failed, encoded, understood
from grader.batch.version import Version
from grader.exits import UsageProblem
from grader.report.text import one_line
from grader.running.session import MissingProtection

if TYPE_CHECKING:
    from distributed import Client

JOIN_SECONDS = 10.0  # for the scheduler to answer, and for a first worker to be there
MOST_NAMED = 3
INSTALL = "python3 -m uv sync --extra cluster, or python3 -m pip install -e '.[cluster]'"


class Workers:
    """The workers of a scheduler."""

    def __init__(self, address: str, client: Client) -> None:
        self.client = client
        self.foreign: set[str] = set()  # addresses of those that are not asked any more
        self.is_lost = False  # whether the scheduler is gone
        self._address = address
        self._known: set[str] = set()

    @classmethod
    @contextlib.contextmanager
    def at(cls, address: str) -> Iterator[Workers]:
        """Connects with a scheduler. Raises UsageProblem."""
        try:
            from distributed import Client
        except ImportError as error:
            raise UsageProblem(f"--scheduler needs Dask, which is not installed: {INSTALL}") from error
        try:
            client = Client(address, timeout=JOIN_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:  # TimeoutError among them
            text = f"--scheduler: nobody answers at {one_line(address, columns=80)}; is `dask scheduler` running there?"
            raise UsageProblem(text) from error
        try:
            yield cls(address, client)
        finally:
            with contextlib.suppress(OSError):
                client.close(timeout=JOIN_SECONDS)

    def refuse(self, protected: bool) -> None:
        """Asks each worker who it is. Raises UsageProblem where one is of another version, MissingProtection as it says."""
        try:
            self.client.wait_for_workers(1, timeout=JOIN_SECONDS)
        except TimeoutError as error:
            text = (
                f"the cluster at {self._address} has no workers; start some: dask worker {self._address} --nthreads 1"
            )
            raise UsageProblem(text) from error
        found = self._asked(None, protected)
        unlike = [f"{address} ({text})" for address, text in _unlike(found)]
        if unlike:
            more = f" and {len(unlike) - MOST_NAMED} more" if len(unlike) > MOST_NAMED else ""
            raise UsageProblem(
                f"not every worker of the cluster grades as this machine does: {', '.join(unlike[:MOST_NAMED])}{more}. "
                "Give all of them the same kit and the same libraries, or end them"
            )
        for address, about in sorted(found.items()):
            if isinstance(about, About) and about.missing:
                reasons = "; ".join(f"{name}: {reason}" for name, reason in about.missing.items())
                raise MissingProtection(f"The worker {address} lacks a protection that was demanded. {reasons}.")

    def threads(self) -> dict[str, int]:
        """How many threads each worker has that can be asked, by address."""
        try:
            found: dict[str, int] = self.client.nthreads()
        except (OSError, RuntimeError):
            return {}
        return {address: count for address, count in found.items() if address not in self.foreign}

    def look(self, note: Callable[[str], None]) -> None:
        """Asks those who they are that have joined since, where something went wrong."""
        with contextlib.suppress(OSError, RuntimeError):
            new = sorted(self.client.nthreads().keys() - self._known - self.foreign)
            for address, text in _unlike(self._asked(new, False) if new else {}):
                self.refuse_late(address, text, note)

    def refuse_late(self, address: str, text: str, note: Callable[[str], None]) -> None:
        """Asks a worker nothing any more that joined later and is of another version."""
        if address not in self.foreign:
            self.foreign.add(address)
            note(f"The worker {address} is not asked any more: {text}.")

    def _asked(self, addresses: Sequence[str] | None, protected: bool) -> dict[str, About | str]:
        """What workers say of themselves, by address; a text where one cannot."""
        said = self.client.run(
            clerk.say_who, encoded(Ask(protected)), workers=None if addresses is None else list(addresses),
            on_error="return",
        )  # fmt: skip
        found: dict[str, About | str] = {}
        for address, data in said.items():
            if isinstance(data, BaseException):
                text = "it has no such kit" if "ModuleNotFoundError" in repr(data) else "it gives no answer"
                found[address] = f"{text}: {one_line(f'{type(data).__name__}: {data}', columns=100)}"
                continue
            about = understood(data)
            if isinstance(about, About):
                found[address] = about
            else:
                last = about.text.strip().splitlines()[-1:] if isinstance(about, Failed) else []
                found[address] = f"its grading process does not start: {one_line(' '.join(last), columns=100)}"
        self._known |= found.keys()
        return found


def _unlike(found: dict[str, About | str]) -> Iterator[tuple[str, str]]:
    """Those that do not grade as this machine does, and why."""
    for address, about in sorted(found.items()):
        text = about if isinstance(about, str) else about.version.unlike(Version.here())
        if text:
            yield address, text
