"""What must lie beside a plugin's code: tests, a README that names what the plugin brings, the mark of types."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from engine.conformance.rules import Found

LEFT_OUT: Final = {"__pycache__", "node_modules", "build", "dist", "site-packages"}
FEWEST_WORDS: Final = 40


def faults_beside(name: str, folder: Path, package: Path | None, brings: Iterable[str]) -> Iterator[Found]:
    """Yields what is missing in the folder of a plugin.

    Args:
        name: of the plugin.
        folder: with its pyproject.toml.
        package: the folder of the package that holds its hooks; None where it is a single module.
        brings: everything it brings, as PLUGIN/ID.
    """
    if not any(_has_tests(file) for file in _python_files(folder)):
        says = "There are no tests. Write some in tests/, as functions whose names begin with test_."
        yield Found("proven/tested", "fault", name, says)
    yield from readme_faults(name, folder, brings)
    yield from _untyped(name, package)


def faults_installed(name: str, package: Path | None) -> Iterator[Found]:
    """Yields what is missing in a plugin that is installed; its tests and its README are not installed with it."""
    says = "Its tests are not installed with it, so nobody looked for them here; check its folder for that."
    yield Found("proven/tested", "note", name, says)
    says = "Its README is not installed with it, so nobody looked at it here; check its folder for that."
    yield Found("proven/documented", "note", name, says)
    yield from _untyped(name, package)


def _untyped(name: str, package: Path | None) -> Iterator[Found]:
    """Yields that neither a package nor one it lies in has the mark of types."""
    while package is not None and not (package / "py.typed").is_file():
        package = package.parent if (package.parent / "__init__.py").is_file() else None
    if package is None:
        says = "There is no file py.typed beside the hooks; with it, type checkers believe the plugin's types."
        yield Found("proven/typed", "fault", name, says)


def readme_faults(name: str, folder: Path, brings: Iterable[str]) -> Iterator[Found]:
    """Yields what is missing in the README of a folder."""
    readme = next((file for file in sorted(folder.glob("README*")) if file.is_file()), None)
    if readme is None:
        says = "There is no README. Say in one what the plugin brings, and how it is used."
        yield Found("proven/documented", "fault", name, says)
        return
    text = readme.read_text(encoding="utf-8", errors="replace")
    if len(re.findall(r"\w+", text)) < FEWEST_WORDS:
        yield Found("proven/documented", "fault", readme.name, "The README says too little to use the plugin by.")
    for use in brings:
        if use not in text:
            says = f"The README does not name {use}; say what it is, and how it is used."
            yield Found("proven/documented", "fault", use, says)


def _python_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith(".") or path.name in LEFT_OUT:
            continue
        if path.is_dir():
            yield from _python_files(path)
        elif path.suffix == ".py" and path.name.startswith("test"):
            yield path


def _has_tests(file: Path) -> bool:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, OSError):
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name.startswith("test") for node in ast.walk(tree))
