"""The options that every command takes, before or after its own words, and what the process does at its edges."""

from __future__ import annotations

import importlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import click
import pytest

from terminal.act import Act, Family
from terminal.front import TABLE, entries, front

Run = Callable[..., CompletedProcess[str]]
CHECKOUT = Path(__file__).parents[2]
PIA = "pia@example.org"


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "--db", "cocycle.db", "project", "show", "G-1"),
        ("project", "--json", "--db", "cocycle.db", "show", "G-1"),
        ("project", "show", "--json", "G-1", "--db", "cocycle.db"),
        ("--db", "nowhere.db", "project", "show", "G-1", "--db", "cocycle.db", "--json"),
    ],
    ids=["before", "between", "after", "the last wins"],
)
def test_options_are_taken_anywhere(look: Run, words: tuple[str, ...]) -> None:
    """An option counts before, between and after the command's words, and the last one given wins."""
    ended = look(*words)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert json.loads(ended.stdout)["project"] == "G-1"


def test_the_environment_names_register_and_person(work: Run) -> None:
    """COCYCLE_DB and COCYCLE_ACTOR are used where the options are not given, and empty ones are not."""
    hold = ("project", "hold", "G-1", "--reason", "rain")
    assert work(*hold, env={"COCYCLE_ACTOR": ""}).returncode == 2
    assert work(*hold, env={"COCYCLE_ACTOR": "gil@example.org"}).returncode == 6
    assert work(*hold, "--as", PIA, env={"COCYCLE_ACTOR": "gil@example.org", "COCYCLE_DB": ""}).returncode == 0
    assert work("gate", "G-1", env={"COCYCLE_DB": "nowhere.db"}).returncode == 8


def test_the_table_and_the_modules_agree() -> None:
    """Every command of the table exists in its module under its name, with the line of help the table shows."""
    for name, module, line in entries():
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, Act | Family)
        assert (command.name, command.short_help) == (name, line)
    names = [name for section in TABLE.values() for name in section]
    assert len(names) == len(set(names))


def commands() -> list[tuple[str, ...]]:
    root = front()
    context = click.Context(root)
    found: list[tuple[str, ...]] = []
    for name, _, _ in entries():
        command = root.get_command(context, name)
        found += [(name, sub) for sub in command.commands] if isinstance(command, click.Group) else [(name,)]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    """Each command has a sentence of help, and words of help for each of its options."""
    command: click.Command = front()
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    assert command.help
    assert command.short_help
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{param.name} of {' '.join(words)}"


def test_help_answers_at_once(empty: Run) -> None:
    """`--help` lists every command without loading the engine, in well under a second even on a busy machine."""
    fastest = 10.0
    for _ in range(5):
        started = time.perf_counter()
        ended = empty("--help")
        fastest = min(fastest, time.perf_counter() - started)
        assert ended.returncode == 0
    assert fastest < 0.5
    assert all(name in ended.stdout for name, _, _ in entries())
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli", "--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    modules = {line.rpartition("|")[2].strip() for line in loaded.splitlines()}
    assert not {m for m in modules if m.split(".")[0] in ("engine", "pydantic", "yaml", "orjson", "sqlmodel")}


def test_completion_knows_commands_and_ids(look: Run) -> None:
    """A shell is offered commands, and the ids that stand in the register."""
    assert offered(look, "cocycle pro") == ["project"]
    assert offered(look, "cocycle gate ") == ["G-1"]
    assert offered(look, "cocycle sign G-1 ") == ["plan", "round", "notice", "quiet"]
    assert offered(look, "cocycle gate G-1 --to ") == ["dream", "dig", "harvest", "dropped"]
    assert offered(look, "cocycle project new T --workflow g") == ["garden"]


def test_completion_is_silent_where_there_is_nothing_to_read(empty: Run) -> None:
    """Without a register a shell is offered nothing, and nothing is said."""
    assert offered(empty, "cocycle gate ") == []


def offered(run: Run, typed: str) -> list[str]:
    words = shlex.split(typed) + ([""] if typed.endswith(" ") else [])
    env = {"_COCYCLE_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    ended = run(env=env)
    assert ended.stderr == ""
    return [line.partition(",")[2] for line in ended.stdout.splitlines() if line]


def test_a_closed_pipe_is_no_error(garden: Path) -> None:
    """A reader that goes away, as `head` does, is not complained of."""
    words = shlex.join([sys.executable, "-m", "cli", "workflow", "schema"])
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{words} | head -c 1"],
        cwd=garden,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "{", "")


def test_an_answer_that_cannot_be_printed_is_told(garden: Path) -> None:
    """With no room for the answer the exit code is 5, with a sentence."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "cli", "project", "list"],
            cwd=garden,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 5
    assert "cannot be printed" in ended.stderr
    assert "Traceback" not in ended.stderr


BROKEN = """
import os, signal, sys, time
import click
from terminal.front import Front
from terminal.process import run

@click.command()
def broken():
    {body}

class Broken(Front):
    def get_command(self, ctx, cmd_name):
        return broken

sys.exit(run(Broken(name="cocycle"), sys.argv[1:]))
"""
"""The command line with one command in it that ends badly."""


def end_badly(body: str, *words: str, env: dict[str, str] | None = None) -> CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BROKEN.format(body=body), "broken", *words],
        cwd=CHECKOUT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_interrupt_is_quiet() -> None:
    """Ctrl-C ends with 130 and without a word."""
    # whoever runs the tests in the background has SIGINT ignored, and so have all they start
    listening = "signal.signal(signal.SIGINT, signal.default_int_handler)"
    ended = end_badly(f"{listening}; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)")
    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + signal.SIGINT, "", "")


def test_a_bug_is_an_incident_with_a_number(tmp_path: Path) -> None:
    """What nobody meant exits with 70 and a number; where it happened is in the operator's log and nowhere else.

    What the error says is nowhere, since it may quote what people typed. Seen to fail when its text was written, too.
    """
    log = tmp_path / "log"
    ended = end_badly("raise KeyError('secret')", env={"COCYCLE_LOG": str(log)})
    assert (ended.returncode, ended.stdout) == (70, "")
    assert "secret" not in ended.stderr
    (line,) = log.read_text().splitlines()
    assert json.loads(line)["incident"] in ended.stderr
    assert json.loads(line)["traceback"].splitlines()[-1] == "builtins.KeyError"
    assert "secret" not in line


def test_a_bug_shows_nothing_without_a_log() -> None:
    """Without a log, or one that cannot be written, there is the number and no traceback at all."""
    for log in ("", "stderr", "/nowhere/log"):
        ended = end_badly("raise KeyError('secret')", env={"COCYCLE_LOG": log})
        assert ended.returncode == 70
        assert "incident" in ended.stderr
        assert "secret" not in ended.stderr
