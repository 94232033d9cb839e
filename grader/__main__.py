"""The program `grader`: exit statuses, and errors as sentences."""

from __future__ import annotations

import io
import sys

from grader import neutral

neutral.forget_working_folder()  # before anything else is imported: it may hold a random.py or a torch.py


from grader.exits import EARNED, guarded, interrupted  # noqa: E402

_GRADING = ("check", "batch", "pictures", "doctor", "audit")  # the commands that need PyTorch


def main() -> None:
    """Runs the command line and exits with the status that the contract gives to what happened."""
    from grader import launch

    arguments = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")  # a path may have letters that a console's encoding lacks
    try:
        if not {"-h", "--help"} & set(arguments):
            if arguments[:1] == ["watch"]:
                launch.ahead(1, talks=True)
            elif arguments[:1] and arguments[0] in _GRADING:
                launch.ahead(1 if arguments[0] == "batch" else 2)  # a batch has as many copies of one as it wants
        status = run(arguments)
    except KeyboardInterrupt:  # before there was anything to interrupt
        status = interrupted()
    finally:
        launch.leave()
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Runs the command line with these arguments and returns the exit status."""
    return guarded(lambda: _command(arguments))


def _command(arguments: list[str]) -> int:
    from grader.cli import app

    status = app(args=arguments, prog_name="grader", standalone_mode=False)
    return status if isinstance(status, int) else EARNED


if __name__ == "__main__":
    main()
