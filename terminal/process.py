"""Runs the command line as a process: every way it can end becomes one exit code and at most one message."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from terminal.asked import Asked
from terminal.failure import Failure, failure_of, tell
from terminal.mistake import Mistake, Unprintable
from terminal.screen import print_answer

INTERRUPTED = 130
NO_ROOM = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)


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
        _refuse_broken_text(words)
        return _invoke(front, list(words), asked)
    except BrokenPipeError:
        _let_go_of_output()
        return 0
    except (KeyboardInterrupt, EOFError, click.Abort):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the edge of the process: whatever it is, it ends here in one sentence
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            error = Unprintable(error)
        # a mistake in the words is found before the options are read, so the words themselves are looked at, too
        return _failed(failure_of(error, words, asked), as_json=asked.json or "--json" in words)


def _refuse_broken_text(words: Sequence[str]) -> None:
    """Refuses what is not text: bytes that are no UTF-8 could be neither recorded nor found again."""
    surroundings = [f"{name}={os.environ[name]}" for name in ("COCYCLE_DB", "COCYCLE_ACTOR") if name in os.environ]
    for word in (*words, *surroundings):
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise Mistake(f"{word} is not text in UTF-8.", code="usage")


def _invoke(front: click.Group, words: list[str], asked: Asked) -> int:
    exit_code = 0
    try:
        with front.make_context("cocycle", words, obj=asked) as ctx:
            front.invoke(ctx)
    except click.exceptions.Exit as wanted:
        exit_code = wanted.exit_code
    print_answer("")  # flushed here, where a failure to print can still be told
    return exit_code


def _failed(failure: Failure, *, as_json: bool) -> int:
    try:
        tell(failure, as_json=as_json and failure.code != "unprintable")
    except BrokenPipeError:
        pass
    except (OSError, Unprintable):
        _tell_without_output(failure)
    if failure.code == "unprintable" or as_json:
        _settle_output()
    return failure.exit_code


def _tell_without_output(failure: Failure) -> None:
    """Tells a failure on standard error, standard output being gone; the exit code says it even if that is, too."""
    _let_go_of_output()
    try:
        tell(failure, as_json=False)
    except OSError:
        return


def _settle_output() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _let_go_of_output()


def _complete(front: click.Group, asked: Asked) -> int:
    from click.shell_completion import shell_complete

    instruction = os.environ["_COCYCLE_COMPLETE"]
    try:
        return shell_complete(front, {"obj": asked}, "cocycle", "_COCYCLE_COMPLETE", instruction)
    except Exception:  # noqa: BLE001  # a shell that completes a word must never be shown an error
        return 1


def _speak_plainly() -> None:
    """Lets a screen that cannot show a letter show its number, and gives a closed stream somewhere to go."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # as long as the process lives
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_output() -> None:
    """Points standard output at nothing, so that flushing it at exit does not fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
