"""Where a definition looks for its base: beside its file, among the shipped workflows, in the register."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from engine.api import DefinitionError, Engine, check_definition, create_register
from engine.bases import FileBases, shipped
from engine.definitions.compile import compile_definition
from tests.bundled import BRINGS
from tests.definitions.shelves import overlay_of

EXAMPLE = (Path(__file__).parents[1] / "examples" / "two-gates.yaml").read_bytes()
ADMIN = "admin@example.org"


def checked(folder: Path, extends: str, **keys: Any) -> dict[str, Any]:
    file = folder / "mine.yaml"
    file.write_bytes(overlay_of(f'extends: "{extends}"\nchange:\n  - add_role: {{id: carer}}\n'))
    return check_definition(file.read_bytes(), "mine.yaml", file=file, **keys)


def rules(found: dict[str, Any]) -> list[str]:
    return [p["rule"] for p in found["problems"] if p["severity"] == "error"]


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    """A register of its own."""
    made, _ = create_register(tmp_path / "r.db", origin="example.org/r", admin=ADMIN)
    yield made
    made.close()


@pytest.mark.parametrize("name", ["two-gates.yaml", "./two-gates.yaml", "../beside/two-gates.yaml"])
def test_a_path_is_relative_to_the_file(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base beside the file is found from the file's folder, wherever one stands."""
    folder = tmp_path / "beside"
    folder.mkdir()
    (folder / "two-gates.yaml").write_bytes(EXAMPLE)
    monkeypatch.chdir("/")
    assert checked(folder, name)["ok"]


def test_a_base_looks_beside_its_own_file(tmp_path: Path) -> None:
    """A base that builds on another by a path looks from where it lies itself."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "two-gates.yaml").write_bytes(EXAMPLE)
    (tmp_path / "deep" / "middle.yaml").write_bytes(overlay_of("extends: two-gates.yaml\n" + CHANGE))
    assert checked(tmp_path, "deep/middle.yaml")["ok"]


CHANGE = "change:\n  - add_role: {id: driver}\n"


def test_shipped_workflows_are_found_without_a_register(tmp_path: Path) -> None:
    """A workflow that comes with cocycle is built on by its id, with no register anywhere."""
    assert checked(tmp_path, "commissioning-cycle")["ok"]


def test_shipped_definitions_have_no_mistakes() -> None:
    """Every definition that comes with cocycle loads, those that build on another included."""
    for file in shipped():
        compiled = compile_definition(file.read_bytes(), file.parent.name, FileBases(file), BRINGS)
        assert compiled.workflow.id == file.parent.name


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "/etc/passwd.yaml",
        "./folder",
        "folder.yaml",
        "missing.yaml",
        "pipe.yaml",
        "socket.yaml",
        "loop.yaml",
        "to-text.yaml",
        "huge.yaml",
        "..",
        "../",
        ".yaml",
        "a/../../../../../../../../../../../../../etc/hostname",
        "nosuchworkflow",
    ],
)
def test_what_is_no_definition_is_a_mistake_and_is_not_read(tmp_path: Path, name: str) -> None:
    """Paths to anything but a plain .yaml file of a size that is read are one mistake at `extends`, said at once.

    Seen to fail when the size was left to the reader, which read ten megabytes to say that they are too many.
    """
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "secret.txt").write_text("secret: hunter2\n")
    (tmp_path / "to-text.yaml").symlink_to(tmp_path / "secret.txt")
    with (tmp_path / "huge.yaml").open("wb") as huge:
        huge.truncate(10_000_000)
    listening = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    try:
        os.chdir(tmp_path)  # the name of a socket is short
        listening.bind("socket.yaml")
        found = checked(tmp_path, name)
    finally:
        os.chdir(here)
        listening.close()
    (problem,) = found["problems"]
    assert (problem["rule"], problem["path"], problem["line"]) == ("extends/base", "extends", 5)
    # nothing that was in a file, and nothing about mistakes in one, which would say that it was read
    assert not any(word in problem["message"] for word in ("hunter2", "root:", "of its own"))


def test_a_circle_of_files_is_found_however_they_are_named(tmp_path: Path) -> None:
    """A file that builds on itself by another name, or through a link, is a circle."""
    (tmp_path / "link.yaml").symlink_to(tmp_path / "mine.yaml")
    assert rules(checked(tmp_path, "./mine.yaml")) == ["extends/circle"]
    assert rules(checked(tmp_path, "link.yaml")) == ["extends/circle"]


def test_loading_builds_on_what_the_register_has(engine: Engine, tmp_path: Path) -> None:
    """A workflow that the register has loaded is built on by its id, and checked against a closed register, too."""
    engine.load_definition(EXAMPLE, "two-gates.yaml", actor=ADMIN)
    raw = overlay_of("id: two-gates-with-carers\nextends: two-gates\nchange:\n  - add_role: {id: carer}\n")
    loaded = engine.load_definition(raw, "mine.yaml", actor=ADMIN)
    assert loaded["workflow"] == "two-gates-with-carers"
    shown = engine.workflow("two-gates-with-carers")
    assert shown["definition_text"].encode() == raw
    assert "carer" in {role["id"] for role in shown["roles"]}
    assert checked(tmp_path, "two-gates", register=str(tmp_path / "r.db"))["definition"] is not None
    assert rules(checked(tmp_path, "two-gates", register=str(tmp_path / "none.db"))) == ["extends/base"]


def test_a_newer_version_may_build_on_the_one_that_is_loaded(engine: Engine) -> None:
    """A definition may build on the loaded one of its own id: that is complete, so there is no circle."""
    engine.load_definition(EXAMPLE, "two-gates.yaml", actor=ADMIN)
    before = engine.workflow("two-gates")["definition"]
    raw = overlay_of("id: two-gates\nextends: two-gates\nchange:\n  - add_role: {id: carer}\n")
    assert engine.load_definition(raw, "x", actor=ADMIN)["definition"] != before


def test_text_that_came_from_no_file_names_no_file(engine: Engine, tmp_path: Path) -> None:
    """A definition that was handed in as text cannot make the machine open a file."""
    (tmp_path / "two-gates.yaml").write_bytes(EXAMPLE)
    raw = overlay_of(f"extends: {os.path.relpath(tmp_path)}/two-gates.yaml\n")
    with pytest.raises(DefinitionError, match="A file cannot be named here"):
        engine.load_definition(raw, "mine.yaml", actor=ADMIN)
