"""Small plugins for tests: a good one, and the same with one thing about it changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.conformance.writing import write_plugin

NAME = "acme_visits"
HOOKS, JUDGE, EXAMINER, STAGE = (
    f"src/{NAME}/{file}" for file in ("__init__.py", "judging.py", "examining.py", "stage.yaml")
)


def good(folder: Path) -> Path:
    """Writes a plugin that keeps every rule; returns its folder."""
    return Path(write_plugin(NAME, folder)["folder"])


def changed(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """Writes the good plugin with texts of it replaced (file, what stands there, what is to stand there)."""
    plugin = good(folder)
    for file, old, new in changes:
        text = (plugin / file).read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold: {old}"
        (plugin / file).write_text(text.replace(old, new), encoding="utf-8")
    return plugin


def judging(folder: Path, body: str, imports: str = "") -> Path:
    """Writes the good plugin with another judge; `body` is what its function does, `imports` goes before it."""
    plugin = good(folder)
    indented = "".join(f"    {line}\n" for line in body.strip().splitlines())
    (plugin / JUDGE).write_text(
        f"from engine.hookspecs import Facts, Json, Verdict, met, pending, unmet\n{imports}\n\n"
        f"def judge_heard(facts: Facts, options: Json) -> Verdict:\n{indented}",
        encoding="utf-8",
    )
    return plugin


def faults(report: object) -> Mapping[str, list[str]]:
    """Returns the sentences of the faults of a report, by rule."""
    found: dict[str, list[str]] = {}
    for one in report.found:  # type: ignore[attr-defined]  # a Report; named loosely so that this file loads little
        if one.severity == "fault":
            found.setdefault(one.rule, []).append(one.says)
    return found
