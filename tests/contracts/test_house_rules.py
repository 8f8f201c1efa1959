"""The rules of the house: who may import what, how long a file is, what must not stand in one."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bases import FileBases, shipped
from engine.definitions.compile import problems_in

from ..bundled import BRINGS
from .house import CODE, ROOT, everything, modules, named, tree

LONGEST = 400


def imports(path: Path) -> set[str]:
    """Returns the top-level names of everything a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).partition(".")[0])
    return found


def test_only_the_machine_imports_transitions() -> None:
    """`engine/core/machine.py` is the one file of the product that imports transitions."""
    users = [
        named(p) for p in modules("engine", "terminal", "plugins", "bench", "cli.py") if "transitions" in imports(p)
    ]
    assert users == ["engine/core/machine.py"]


# parts of the standard library through which the world comes in
WORLDLY = {"asyncio", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "socket"}
WORLDLY |= {"sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "zoneinfo"}


def test_the_core_needs_nothing_but_the_language_and_the_machine() -> None:
    """The core imports the standard library, itself and transitions: no clock of the machine, no disk, no network."""
    for path in modules("engine/core"):
        assert imports(path) <= (sys.stdlib_module_names | {"engine", "transitions"}) - WORLDLY, named(path)
        source = ast.unparse(tree(path))
        assert not re.search(r"\b(datetime\.now|date\.today|utcnow|open\(|environ)", source), named(path)


def test_the_composition_root_only_composes() -> None:
    """cli.py, a module and so no root of import-linter's, imports the terminal and nothing else of ours.

    Seen red: with `import engine.core` in it.
    """
    assert imports(ROOT / "cli.py") <= {"__future__", "sys", "terminal"}


def test_the_floors_hold() -> None:
    """Who may import whom, as pyproject.toml has it, is kept by every file."""
    command = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stdout


def loaded_by(statement: str) -> set[str]:
    """Returns the top-level modules that are loaded once a statement ran in a process of its own."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100, check=True
    )
    return {name.partition(".")[0] for name in json.loads(ran.stdout)}


def test_deciding_loads_neither_database_nor_yaml() -> None:
    """`import engine.core.decide` loads no database, no YAML, no pydantic, and nothing that talks to the network."""
    heavy = {
        "sqlite3",
        "pysqlite3",
        "sqlalchemy",
        "sqlmodel",
        "alembic",
        "yaml",
        "pydantic",
        "structlog",
        "click",
        "ssl",
    }
    assert not loaded_by("import engine.core.decide") & heavy


def test_the_front_door_is_quick_to_open() -> None:
    """`import engine.api` loads none of the packages that take long to import and most commands never need."""
    slow = {"sqlmodel", "sqlalchemy", "alembic", "pydantic", "structlog", "yaml", "cryptography"}
    assert not loaded_by("import engine.api") & slow


def test_every_shipped_workflow_is_without_a_problem() -> None:
    """Each definition that comes with cocycle compiles with neither a mistake nor a warning."""
    files = list(shipped())
    assert [f.parent.name for f in files] == sorted(f.name for f in (ROOT / "workflows").iterdir() if f.is_dir())
    for file in files:
        compiled, problems = problems_in(file.read_bytes(), file.name, FileBases(file), BRINGS)
        assert compiled is not None
        assert [(p.line, p.message) for p in problems] == []


def test_no_file_is_too_long() -> None:
    """No Python file of ours is longer than 400 lines."""
    lengths = {named(p): len(p.read_text(encoding="utf-8").splitlines()) for p in modules(*CODE, "cli.py")}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}


def public(path: Path) -> Iterator[tuple[str, bool]]:
    """Yields each public class, function and method of a file by name, and whether it has a docstring."""

    def inside(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, bool]]:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            yield f"{prefix}{node.name}", bool(ast.get_docstring(node))
            if isinstance(node, ast.ClassDef):
                yield from inside(node.body, f"{prefix}{node.name}.")

    yield from inside(tree(path).body, f"{named(path)}: ")


def test_everything_public_says_what_it_is() -> None:
    """Every module, public class, public function and public method of the engine has a docstring."""
    without = [name for path in modules("engine") for name, documented in public(path) if not documented]
    without += [named(path) for path in modules("engine", "terminal") if not ast.get_docstring(tree(path))]
    assert without == []


def test_a_test_states_its_law() -> None:
    """Every test has a docstring of its own: the law it tests."""
    without = []
    for path in modules("tests"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                without.append(f"{named(path)}: {node.name}")
    assert without == []


# put together here, so that this very file does not hold what it looks for
FORBIDDEN = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.~/-])/(?:root|home/[a-z]+|Users/[A-Za-z]+)/[a-z.]",
        rf"(?<![\w.~/-]){re.escape(ROOT.parent.as_posix().rstrip('/'))}/{re.escape(ROOT.name)}\b",
        rf"(?<![\w.~/-]){re.escape(ROOT.parent.as_posix())}/shared\b",
        r"\b(?:files\.)?" + r"py" + r"(?:pi\.org|thonhosted\.org)",
        r"registry\." + r"(?:npmjs|yarnpkg)\.",
        r"\b(?:proxy\.golang|crates)" + r"\.(?:org|io)\b",
        r"(?:localhost|127\.0\.0\.1):\d{2,5}/simple",
    )
]


def test_nothing_of_this_machine_stands_in_a_file() -> None:
    """No text file holds a path of the machine it was written on, or the address of a package registry."""
    found = []
    for path in everything():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}: {match.group()}" for pattern in FORBIDDEN if (match := pattern.search(text))]
    assert found == []


@pytest.mark.parametrize("text", [f"see {ROOT}/x", "https://py" + "pi.org/simple", "/home" + "/sam/.cache"])
def test_what_is_forbidden_is_recognised(text: str) -> None:
    """The search for paths and registries finds them where they are."""
    assert any(pattern.search(text) for pattern in FORBIDDEN)
