"""Runs the command line as a process: every way it can end becomes one exit code and at most one message."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from terminal.asked import Asked
from terminal.failure import Failure, failure_of, tell

INTERRUPTED = 130


def run(front: click.Group, words: Sequence[str]) -> int:
    """Runs the command that the words name, and returns the exit code of the contract.

    Nothing escapes: what is no deliberate error is a bug, told by an incident number, its traceback in the
    operator's log only.
    """
    _speak_plainly()
    asked = Asked()
    try:
        if "_COCYCLE_COMPLETE" in os.environ:
            return _complete(front, asked)
        return _invoke(front, list(words), asked)
    except BrokenPipeError:
        _let_go_of_output()
        return 0
    except (KeyboardInterrupt, EOFError, click.Abort):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the edge of the process: whatever it is, it ends here in one sentence
        return _failed(failure_of(error, words), asked, words)


def _invoke(front: click.Group, words: list[str], asked: Asked) -> int:
    try:
        with front.make_context("cocycle", words, obj=asked) as ctx:
            front.invoke(ctx)
            sys.stdout.flush()
    except click.exceptions.Exit as wanted:
        sys.stdout.flush()
        return wanted.exit_code
    return 0


def _failed(failure: Failure, asked: Asked, words: Sequence[str]) -> int:
    # a mistake in the words is found before the options are read, so the words themselves are looked at, too
    try:
        tell(failure, as_json=asked.json or "--json" in words)
    except BrokenPipeError:
        _let_go_of_output()
    except OSError:  # a screen that cannot be written to: the exit code still says what happened
        pass
    return failure.exit_code


def _complete(front: click.Group, asked: Asked) -> int:
    from click.shell_completion import shell_complete

    instruction = os.environ["_COCYCLE_COMPLETE"]
    try:
        return shell_complete(front, {"obj": asked}, "cocycle", "_COCYCLE_COMPLETE", instruction)
    except Exception:  # noqa: BLE001  # a shell that completes a word must never be shown an error
        return 1


def _speak_plainly() -> None:
    """Lets a screen that cannot show a letter show its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_output() -> None:
    """Points standard output at nothing, so that flushing at exit does not complain of the closed pipe again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
