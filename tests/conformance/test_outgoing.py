"""What goes out of a plugin that is checked: nothing; and what it is asked with is what a register would hand over."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.conformance.check import check
from engine.conformance.portfolio import documents, entries, notices, sample
from engine.hookshapes import Entry, Notice
from tests.hosting.folders import write_plugin

from .made_portfolio import made

ROOT = Path(__file__).parents[2]
SENDS = """
import socket

def observe(entry, settings):
    try:
        with socket.create_connection(("127.0.0.1", {port}), timeout=2) as line:
            line.sendall(b"told")
    except OSError:
        {otherwise}
    return str(sorted(settings))

@hookimpl
def cocycle_observers():
    return [Observer("post", "Posts", observe)]
"""
ASKS = """
def export(what, settings):
    if "prefix" not in settings:
        raise CannotExport("There is no prefix. Set COCYCLE_PLUGIN_ACME__PREFIX.")
    return [ExportedFile(f"{settings['prefix']}.txt", "text/plain", b"x")]

def observe(entry, settings):
    if settings:
        raise DeliveryFailed("has settings")
    return "Nothing to do."

@hookimpl
def cocycle_observers():
    return [Observer("post", "Posts", observe)]

@hookimpl
def cocycle_exporters():
    return [Exporter("list", "A list", export)]
"""


def members(value: Any) -> Any:
    """Returns which members JSON has, and of what type the values are; of a list all that one of its items has."""
    if isinstance(value, dict):
        return {name: members(one) for name, one in value.items()}
    if isinstance(value, list):
        return [members(one) for one in value]
    return None if value is None else type(value).__name__


def test_the_sample_is_what_a_register_hands_over() -> None:
    """The sample that exporters are asked with has the members of what the engine hands over, of the same types.

    Where this fails, `python -m tests.conformance.made_portfolio` makes the sample anew.
    Seen to fail when a member of a record was taken out of the sample.
    """
    assert members(sample()) == members(made())


def test_what_is_told_has_the_members_of_its_shape() -> None:
    """Each made-up entry and notice has exactly the members that observers and channels are handed."""
    told = list(entries())
    assert [Entry(**one).name for one in told]
    assert {"project_opened", "advanced", "waived", "held"} <= {one["name"] for one in told}
    assert {Notice(**one).kind for one in notices()} == {"digest", "refused", "unsound", "decide"}


def test_an_exporter_of_one_project_is_handed_one() -> None:
    """One that makes sense of a single project gets exactly one each time; one of many also gets none, and all."""
    assert {len(one["projects"]) for _, one in documents(whole=False)} == {1}
    assert {len(one["projects"]) for _, one in documents(whole=True)} == {0, 1, 3}


@pytest.mark.parametrize("otherwise", ["raise", 'raise DeliveryFailed("The receiver cannot be reached.") from None'])
def test_nothing_is_sent_while_a_plugin_is_checked(otherwise: str, tmp_path: Path) -> None:
    """An observer that would send reaches nobody in the check; it is said that nobody saw it deliver, and no fault.

    Seen to fail when the check ran observers with the network that they have at other times.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        code = SENDS.format(port=server.getsockname()[1], otherwise=otherwise)
        found = check(str(write_plugin(tmp_path, "acme", code))).found
        with pytest.raises(BlockingIOError):
            server.accept()
    assert [one.says for one in found if one.subject == "acme/post" and one.rule == "answers/told"] == []
    (note,) = [one.says for one in found if one.subject == "acme/post" and one.severity == "note"]
    assert "Only tests of your own can show that it delivers." in note
    assert ("It tried to reach the network" in note) == (otherwise == "raise")


def test_exporters_are_handed_the_settings_of_their_plugin_and_observers_none(tmp_path: Path) -> None:
    """With its settings an exporter makes its files; without, what it says is passed on. Nobody is told with settings.

    Seen to fail when observers were handed the settings, too: with them, the real receivers would be told.
    """
    place = str(write_plugin(tmp_path, "acme", ASKS))
    (note,) = [one for one in check(place).found if one.subject == "acme/list" and one.severity == "note"]
    assert "It made no file of any of the projects. It says “There is no prefix." in note.says
    found = check(place, settings={"acme": {"prefix": "a"}, "other": {"secret": "s"}}).found
    assert [one for one in found if one.subject == "acme/list" and one.rule != "proven/documented"] == []
    assert [one.rule for one in found if one.subject == "acme/post"] == ["proven/tested"]


def test_what_an_observer_was_told_is_shown_as_an_example(tmp_path: Path) -> None:
    """On the command line the example is the entry that it failed with, in one line.

    Seen to fail when only questions and records could be shown: the command broke.
    """
    code = """
    @hookimpl
    def cocycle_observers():
        return [Observer("post", "Posts", lambda entry, settings: settings["url"])]
    """
    place = str(write_plugin(tmp_path, "acme", code))
    done = subprocess.run(
        [sys.executable, "-m", "cli", "plugin", "check", place], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert "With an entry project_opened: The plugin acme failed: KeyError: 'url'" in done.stdout
    assert 'For example {"told": {"seq": ' in done.stdout
