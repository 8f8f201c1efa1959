"""The pages in docs say what the code does: events, error codes, settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from engine import api
from engine.core.errors import CocycleError
from engine.core.events import SCHEMA
from engine.settings import MEBIBYTE, Settings, settings_from
from terminal.failure import failure_of

from .house import DOCS, ROOT, modules, named, rows, sections, tree

KINDS = {
    "not_found": "NotFound",
    "conflict": "Conflict",
    "input": "InputRefused",
    "not_permitted": "NotPermitted",
    "rules": "RulesRefused",
}
OWN = "The command line's own"


def test_the_page_of_events_is_the_schema() -> None:
    """The page has every event with its number and exactly its members, each said to be where the schema has it."""
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    told = {}
    for head, body in sections(page, "### "):
        name, number = re.fullmatch(r"(\w+) \((\d+)\)", head).groups()  # type: ignore[union-attr]  # a head of another form fails here
        members = rows(body)
        assert all(meaning for _, _, meaning in members), head
        told[name] = (
            int(number),
            tuple(m for m, place, _ in members if place == "body"),
            tuple(m for m, place, _ in members if place == "words"),
        )
        assert len(members) == len(told[name][1]) + len(told[name][2]), head
    assert told == dict(SCHEMA)
    assert list(told) == list(SCHEMA), "in the order of the schema"


def codes(path: Path) -> Iterator[tuple[str, str]]:
    """Yields each (code, class or kind) that a file refuses with."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code":
                    yield ast.literal_eval(line.value), node.name
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            if called == "Refused":
                kind, code = map(_written_out, node.args[:2])
                assert kind, f"{named(path)}: a kind of refusal is written out"
                assert code, f"{named(path)}: a code is written out, so that it can be found"
                yield code, KINDS[kind]
            for code in [_written_out(k.value) for k in node.keywords if k.arg == "code"]:
                if code:
                    yield code, called


def _written_out(value: ast.expr) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def written() -> dict[str, set[str]]:
    """Returns each code of the page of errors with the classes it stands under."""
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for head, body in sections(page, "## "):
        for code, *words in rows(body):
            assert all(words), f"{code}: when, and what to do"
            found.setdefault(code, set()).add(head.partition(":")[0])
    return found


def test_every_error_code_of_the_engine_is_on_the_page() -> None:
    """Each code the engine refuses with stands on the page, under the class it is of, and no other code does."""
    used: dict[str, set[str]] = {}
    for path in modules("engine"):
        for code, kind in codes(path):
            used.setdefault(code, set()).add("InputRefused" if kind == "DefinitionError" else kind)
    del used["error"]  # of the class all others are children of, which is never raised itself
    told = {code: heads for code, heads in written().items() if heads != {OWN}}
    assert told == used


def test_every_error_code_of_the_command_line_is_on_the_page() -> None:
    """Each code that the command line adds of itself stands on the page, among its own, and no other code does."""
    engine = {code for path in modules("engine") for code, _ in codes(path)}
    used = {code for path in modules("terminal") for code, _ in codes(path)} - engine | {"bug"}
    assert {code for code, heads in written().items() if heads == {OWN}} == used


def test_every_class_of_errors_has_the_exit_code_the_page_says() -> None:
    """The page's exit code of each class is the one the command line leaves with, and no class is left out."""
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^## (\w+): exit code (\d+)$", page, re.MULTILINE))
    classes = {name: kind for name in api.__all__ if isinstance(kind := getattr(api, name), type)}
    kinds = {n: k for n, k in classes.items() if issubclass(k, CocycleError) and k.__bases__ == (CocycleError,)}
    assert told.keys() == kinds.keys()
    for name, kind in kinds.items():
        assert str(exit_code(kind("why"))) == told[name]


def exit_code(error: CocycleError) -> int:
    """Returns the exit code the command line gives to an error."""
    from terminal.asked import Asked

    return failure_of(error, [], Asked()).exit_code


def test_the_page_of_settings_is_the_settings() -> None:
    """The page names every variable that is read, and every member of the settings, with its default."""
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    told = {row[0]: row[2] for row in rows(page)}
    source = "".join(path.read_text(encoding="utf-8") for path in modules("engine", "terminal", "cli.py"))
    assert told.keys() == set(re.findall(r"\bCOCYCLE_[A-Z_]+\b", source)) - {"COCYCLE_PLUGIN_"}  # one a plugin's own
    assert {f.name for f in fields(Settings)} <= set(re.findall(r"`(\w+)`", page))
    default = settings_from({})
    assert default == Settings()
    assert told == {
        "COCYCLE_DB": default.register,
        "COCYCLE_ACTOR": str(default.actor).lower(),
        "COCYCLE_LOG": default.log or "none",
        "COCYCLE_MAX_FILE_MB": str(default.most_file_bytes // MEBIBYTE),
        "COCYCLE_EXTRA_HOLIDAYS": "none" if not default.extra_holidays else "some",
        "COCYCLE_ANCHOR_FOLDERS": "some" if default.places.folders else "none",
        "COCYCLE_ANCHOR_MAIL": "some" if default.places.mail else "none",
        "COCYCLE_MAIL_SERVER": "some" if default.places.server else "none",
        "COCYCLE_MAIL_FROM": default.places.sender or "none",
        "COCYCLE_URL": default.url or "none",
        "COCYCLE_PLUGINS": " ".join(default.plugins),
        "COCYCLE_PLUGINS_DIR": default.plugins_dir or "none",
        "COCYCLE_WITNESSES": "some" if default.places.witnesses else "none",
    }


@pytest.mark.parametrize(("given", "size"), [("1", 1), ("512", 512), ("513", 64), ("0", 64), ("-1", 64), ("big", 64)])
def test_settings_are_read_from_the_surroundings(given: str, size: int) -> None:
    """What the surroundings say is taken; a size that is no number within bounds is left at its default."""
    said = settings_from(
        {"COCYCLE_DB": "a.db", "COCYCLE_ACTOR": "a@b", "COCYCLE_LOG": "l", "COCYCLE_MAX_FILE_MB": given}
    )
    assert said == Settings("a.db", "a@b", "l", size * MEBIBYTE)


@pytest.mark.parametrize(
    ("given", "active"),
    [
        ("", ()),
        ("none", ()),
        ("bundled", ("bundled",)),
        ("bundled, acme acme", ("bundled", "acme")),
        ("ocds", ("ocds",)),
    ],
)
def test_the_setting_of_plugins_is_a_list_of_names(given: str, active: tuple[str, ...]) -> None:
    """The list is exact, with commas or spaces; `none` and an empty text are no plugins; names are taken once."""
    assert settings_from({"COCYCLE_PLUGINS": given}).plugins == active


def test_a_plugin_has_variables_of_its_own() -> None:
    """A variable of a plugin is told from another's by two underscores, whatever their names begin with.

    Seen to fail when one underscore divided them: `acme` was handed what was meant for `acme_more`.
    """
    said = settings_from({"COCYCLE_PLUGIN_ACME__URL": "a", "COCYCLE_PLUGIN_ACME_MORE__KEY_ID": "b"})
    assert said.plugin_settings == {"acme": {"url": "a"}, "acme_more": {"key_id": "b"}}


def test_every_page_is_linked() -> None:
    """Every page in docs is reached from the README or the index, and every link in them leads to a file."""
    linked: set[Path] = set()
    for page in (ROOT / "README.md", *DOCS.glob("*.md")):
        if not page.exists():
            continue
        targets = [t.partition("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))]
        inside = {(page.parent / t).resolve() for t in targets if t and "://" not in t}
        assert not [t for t in inside if not t.exists()], f"{named(page)} links to what is not there"
        if page in (ROOT / "README.md", DOCS / "README.md"):
            linked |= inside
    assert {p for p in DOCS.glob("*.md") if p.name != "README.md"} <= linked
