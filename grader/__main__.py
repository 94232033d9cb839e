"""The program `grader`: exit statuses, and errors as sentences."""

from __future__ import annotations

import sys

from grader import neutral

neutral.forget_working_folder()  # before anything else is imported: it may hold a random.py or a torch.py

from collections.abc import Callable  # noqa: E402

from grader.exits import EARNED, GRADER_FAILED, INTERRUPTED, WRONG_USAGE, UsageProblem  # noqa: E402

_GRADING = ("check", "pictures", "doctor", "audit")  # the commands that need PyTorch


def main() -> None:
    """Runs the command line and exits with the status that the contract gives to what happened."""
    from grader import launch

    arguments = sys.argv[1:]
    if arguments[:1] and arguments[0] in _GRADING and not {"-h", "--help"} & set(arguments):
        launch.ahead()
    try:
        status = run(arguments)
    except KeyboardInterrupt:  # before there was anything to interrupt
        status = _interrupted()
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


def guarded(work: Callable[[], int]) -> int:
    """Runs a command's work; what it raises becomes a sentence and an exit status."""
    import click

    from grader.program import command

    try:
        return work()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as problem:
        return _complain(f"{problem.format_message()} Try {command('--help')}", WRONG_USAGE)
    except UsageProblem as problem:
        return _complain(str(problem), WRONG_USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has left, as `head` does
        return EARNED
    except Exception as error:
        return _fail(error)


def _interrupted() -> int:
    # Python ends `python -m` by SIGINT, whatever its status, if the last text that it executed was interrupted; every
    # data class that is imported executes one.
    exec("")
    return _complain("Interrupted.", INTERRUPTED)


def _complain(text: str, status: int) -> int:
    from grader.report.text import visible

    print(f"grader: {visible(text)}", file=sys.stderr)
    return status


def _fail(error: Exception) -> int:
    """The grader's own failure: never the student's, and said so."""
    import os
    import traceback

    if os.environ.get("GRADER_TRACEBACK"):
        traceback.print_exception(error)
    text = f"the grader itself failed, which says nothing about the work: {type(error).__name__}: {error}"
    return _complain(f"{text}\n(GRADER_TRACEBACK=1 shows where.)", GRADER_FAILED)


if __name__ == "__main__":
    main()
