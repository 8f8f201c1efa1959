"""`cocycle plugin list | new | check`, as somebody types them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from terminal.plugins_named import BUNDLED

from .conftest import Ended, Run, run_in

Answer = dict[str, Any]


def answer(ran: Ended) -> Answer:
    """Returns the JSON object that a command printed."""
    found: Answer = json.loads(ran.stdout)
    return found


@pytest.fixture
def work_folder(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path


@pytest.fixture
def run(work_folder: Path) -> Run:
    """Runs the command line in that folder."""
    return run_in(work_folder)


def test_what_is_bundled_is_listed(run: Run) -> None:
    """Every plugin that comes with cocycle is listed, active, with a version, a digest and what it brings."""
    listed = answer(run("plugin", "list", "--json"))
    plugins = {one["name"]: one for one in listed["plugins"]}
    for name in BUNDLED:
        assert plugins[name].keys() >= {"name", "version", "digest", "from", "active", "hooks", "brings", "error"}
        assert (plugins[name]["from"], plugins[name]["active"]) == ("bundled", True)
        assert len(plugins[name]["digest"]) == 64
    assert "ocds/notice" in plugins["ocds"]["brings"]
    assert "cocycle_exporters" in plugins["ocds"]["hooks"]
    assert listed["protections"]
    assert all(one.keys() == {"name", "holds", "says"} for one in listed["protections"])


def test_a_plugin_that_is_not_active_is_not_run(run: Run, work_folder: Path) -> None:
    """A plugin that is not active is listed without what it brings; one that is broken is listed with its error.

    Seen to fail when every plugin that was found was said to be active, and one that was only named to be installed.
    """
    folder = work_folder / "plugins" / "loud"
    folder.mkdir(parents=True)
    (folder / "loud.py").write_text("raise RuntimeError('I was run.')\n", encoding="utf-8")
    table = '[project]\nname = "l"\nversion = "1"\n[project.entry-points."cocycle.plugins"]\nloud = "loud"\n'
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    listed = answer(run("plugin", "list", "--json", "--plugins-dir", "plugins", env={"COCYCLE_PLUGINS": "none"}))
    plugins = {one["name"]: one for one in listed["plugins"]}
    assert not plugins["ocds"]["active"]
    assert plugins["ocds"]["hooks"] == plugins["ocds"]["brings"] == []
    assert "I was run" in plugins["loud"]["error"]
    shown = run("plugin", "list", "--plugins-dir", "plugins", env={"COCYCLE_PLUGINS": "none"})
    assert shown.returncode == 0
    assert "ocds 0.1.0: not active, comes with cocycle." in shown.stdout
    assert "I was run" in shown.stdout
    assert "loud 1: cannot be used, in the plugins folder." in shown.stdout
    shown = run("plugin", "list", env={"COCYCLE_PLUGINS": "nonsense"})
    assert "nonsense: cannot be used.\n" in shown.stdout


def test_a_new_plugin_is_written_and_passes(run: Run, work_folder: Path) -> None:
    """`plugin new` writes a folder, says what to type next, and that passes the highest level."""
    ran = run("plugin", "new", "night_visits")
    assert ran.returncode == 0
    assert ran.stdout.rstrip().endswith("cocycle plugin check night_visits")
    assert (work_folder / "night_visits" / "src" / "night_visits" / "stage.yaml").is_file()
    ran = run("plugin", "check", "night_visits", "--level", "4")
    assert ran.stdout.startswith("night_visits 0.1.0: Good. It reaches level 4 of 4, Proven.\n")
    assert ran.returncode == 0


def test_a_name_with_dashes_is_that_of_the_folder(run: Run, work_folder: Path) -> None:
    """A plugin can be asked for by a name with dashes: its folder is called so, and the plugin itself `night_visits`.

    Seen to fail when the folder took the name of the plugin.
    """
    assert run("plugin", "new", "night-visits").stdout.rstrip().endswith("cocycle plugin check night-visits")
    assert (work_folder / "night-visits" / "src" / "night_visits" / "stage.yaml").is_file()
    assert "cocycle plugin check night-visits\n" in (work_folder / "night-visits" / "README.md").read_text("utf-8")
    assert run("plugin", "check", "night-visits").stdout.startswith("night_visits 0.1.0: Good.")
    for name in ("-visits", "night visits", "Night-Visits", "-"):
        assert run("plugin", "new", name).returncode == 2
    assert os.listdir(work_folder) == ["night-visits"]


def test_nothing_is_written_over(run: Run, work_folder: Path) -> None:
    """What is there already stays as it is, whatever it is, and the answer says so.

    Seen to fail when only a folder counted as being there.
    """
    (work_folder / "visits").write_text("mine", encoding="utf-8")
    (work_folder / "link").symlink_to("nowhere")
    (work_folder / "folder").mkdir()
    for name in ("visits", "link", "folder"):
        ran = run("plugin", "new", name)
        assert ran.returncode == 2
        assert "nothing is written over" in ran.stderr
    assert sorted(os.listdir(work_folder)) == ["folder", "link", "visits"]
    assert (work_folder / "visits").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("new", "Night-Visits"), 2, "The name of a plugin is 1 to 40 small letters"),
        (("new", "class"), 2, "class is a word of Python"),
        (("new", "json"), 2, "There is a Python package json already"),
        (("new", "click"), 2, "There is a Python package click already"),
        (("new", "engine"), 2, "engine is a name of cocycle's own"),
        (("new", "webhook"), 2, "A plugin webhook comes with cocycle already"),
        (("new", "../up"), 2, "The name of a plugin is 1 to 40 small letters"),
        (("new", "visits", "--in", "nowhere"), 2, "There is no folder nowhere"),
        (("check", "nowhere"), 8, "There is no folder nowhere, and no plugin of that name"),
        (("check", "."), 2, ". is not the folder of a plugin"),
        (("check", "ocds", "--level", "5"), 2, "5 is not in the range"),
        (("list", "--at", "2026-01-01"), 2, "--at is taken by"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, words: tuple[str, ...], code: int, says: str) -> None:
    """A name that no plugin can have, or a place where none is, is refused with a sentence and nothing is written."""
    ran = run("plugin", *words)
    assert ran.returncode == code
    assert says in ran.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_told(run: Run, work_folder: Path) -> None:
    """A new plugin for a folder that cannot be written to is refused with exit code 5, and nothing is left behind."""
    folder = work_folder / "shut"
    folder.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    ran = run("plugin", "new", "visits", "--in", "shut")
    assert ran.returncode == 5
    assert os.listdir(folder) == []


def test_a_plugin_with_faults_is_exit_code_2(run: Run, work_folder: Path) -> None:
    """A check that finds a fault below the level asked for leaves with 2, and says which rule and how to go on."""
    run("plugin", "new", "visits")
    judge = work_folder / "visits" / "src" / "visits" / "judging.py"
    text = judge.read_text(encoding="utf-8").replace("No visit is on record yet. Hand in one that", "no visit")
    judge.write_text(text, encoding="utf-8")
    ran = run("plugin", "check", "visits")
    assert ran.returncode == 2
    assert ran.stdout.startswith("visits 0.1.0: Not good enough. It reaches level 2 of 4, Answers. Level 3, Explains,")
    assert "[explains/sentences]" in ran.stdout
    assert "For level 3     mend explains/sentences." in ran.stdout
    assert run("plugin", "check", "visits", "--level", "2").returncode == 0
    found = answer(run("plugin", "check", "visits", "--json"))
    assert (found["level"], found["asked"], found["ok"]) == (2, 3, False)
    assert [one["missing"] for one in found["levels"]] == [[], [], ["explains/sentences"], []]
    (fault,) = found["findings"]
    assert fault.keys() == {"rule", "level", "severity", "subject", "message", "example"}
    assert fault["example"]["question"]["records"] == []


def test_an_installed_plugin_is_checked_by_its_name(run: Run) -> None:
    """A plugin that is here can be checked by its name, and its tests, which are not, are only a note."""
    found = answer(run("plugin", "check", "equality_impact", "--json", "--level", "4"))
    assert found["ok"], found["findings"]
    assert found["measured"]["questions"] > 100
    assert {one["severity"] for one in found["findings"]} <= {"note"}
