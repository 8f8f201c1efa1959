"""Where everything of the house lies, and its source as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CODE = ("engine", "terminal", "plugins", "tests", "bench")
# what tools leave behind, and what is no part of the project
LEFT = {"__pycache__", ".git", ".venv", "demo", "mutants", "dist", "build", ".hypothesis"}


def modules(*folders: str) -> Iterator[Path]:
    """Yields the Python files in folders of the project, and `cli.py` where it is asked for."""
    for folder in folders:
        place = ROOT / folder
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


def tree(path: Path) -> ast.Module:
    """Returns the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """Returns a file's place in the project, for messages."""
    return path.relative_to(ROOT).as_posix()


def everything() -> Iterator[Path]:
    """Yields every file of the project, but for what tools left behind."""
    places = [ROOT]
    while places:
        for path in sorted(places.pop().iterdir()):
            if path.name in LEFT or path.name.endswith((".egg-info", "_cache")):
                continue
            if path.is_dir():
                places.append(path)
            elif not path.is_symlink() and not path.name.startswith(".coverage"):
                yield path


def rows(text: str) -> list[list[str]]:
    """Returns the cells of the tables in a page, heads and rules left out, marks of code taken off."""
    found = []
    for line in text.splitlines():
        if line.startswith("| `"):
            found.append([cell.strip().strip("`") for cell in line.strip().strip("|").split("|")])
    return found


def sections(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """Yields the head and the text of each section whose head begins with `mark` (like `## `)."""
    for part in f"\n{text}".split(f"\n{mark}")[1:]:
        head, _, body = part.partition("\n")
        yield head.strip(), body.partition("\n## ")[0] if mark != "## " else body
