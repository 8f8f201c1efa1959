"""Plugins and places as strangers have them: another layout, a folder above or below, words behind options."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.conformance.check import check
from engine.core.errors import InputRefused

from .plugins import HOOKS, good, judging

STRANGER = {
    "pyproject.toml": '[project]\nname = "acme"\nversion = "1"\n'
    '[project.entry-points."cocycle.plugins"]\nacme = "acme_code.hooks"\n',
    "acme_code/__init__.py": "",
    "acme_code/py.typed": "",
    "acme_code/hooks.py": """
import click
from engine.hookspecs import Exporter, Observer, Stage, hookimpl

@hookimpl
def cocycle_stages():
    text = "stage: {id: walk, title: Walk}\\ngate: {id: walk-gate, title: Walk gate, decided_by: [sro]}"
    return [Stage("walk", "Walk the place", text)]

@hookimpl
def cocycle_observers():
    return [Observer("count", "Counts", lambda entry, settings: 1 / 0)]

@hookimpl
def cocycle_commands():
    return [click.Command("greet")]

@hookimpl
def cocycle_exporters():
    return [Exporter("names", "Names", lambda what, settings: 1 / 0)]
""",
}


def test_a_layout_of_ones_own(tmp_path: Path) -> None:
    """Hooks in a module of a typed package are typed, and a stage need not use the roles of the check's own workflow.

    Exporters and observers are asked, and what always fails is told by its line; of a command it is said that nobody
    ran it.

    Seen to fail when py.typed was looked for in a folder of the module's name, when the roles around the stage were
    told as the stage's own, and when exporters and observers were only said to be there.
    """
    for name, text in STRANGER.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = check(str(tmp_path)).found
    rules = [one.rule for one in found]
    assert "proven/typed" not in rules, found
    assert "loads/stages" not in rules, found
    told = [(one.rule, one.subject) for one in found if "ZeroDivisionError" in one.says]
    assert set(told) == {("answers/told", "acme/count"), ("answers/files", "acme/names")}
    assert "Its commands were not run here" in " ".join(one.says for one in found)


def test_words_need_not_hold_what_an_option_says(tmp_path: Path) -> None:
    """Which requirement would help may be an option: the same words then stand for each that a definition names.

    Seen to fail when words were compared across definitions with other options.
    """
    plugin = judging(
        tmp_path,
        'what = "visit" if facts.own else "talk"\n'
        'return unmet(f"Hand in the record of a {what} first.", records=[str(options.get("first"))])',
    )
    hooks = plugin / HOOKS
    text = hooks.read_text(encoding="utf-8")
    old = '{"at_least": {"type": "integer", "title": "How many people at least", "default": 3}}'
    assert old in text
    hooks.write_text(text.replace(old, '{"first": {"type": "text", "title": "What goes first", "required": True}}'))
    told = [one.says for one in check(str(plugin)).found if one.rule == "explains/tells-apart"]
    assert told == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("acme_visits/pyproject.toml", "is a file; a plugin is checked by its folder"),
        ("acme_visits/src", "It lies in one that has: "),
        (".", "Name one of the folders in it: acme_visits."),
        ("empty", "is not the folder of a plugin: it has no pyproject.toml."),
    ],
)
def test_a_place_that_is_near_is_told(path: str, words: str, tmp_path: Path) -> None:
    """Whoever names a file, a folder above or a folder below is told which folder is meant.

    Seen to fail when a file was told not to be there, and no other folder was named.
    """
    good(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputRefused) as caught:
        check(str(tmp_path / path))
    assert words in caught.value.message
