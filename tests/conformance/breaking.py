"""Ways to break the good plugin, each in one place and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .plugins import HOOKS, changed, good, judging

Break = Callable[[Path], Path]
NOT_YET = 'return unmet("No visit is on record yet. Hand in one.")'


def by_text(file: str, old: str, new: str) -> Break:
    """Returns a way to break the good plugin by putting one text in the place of another."""
    return lambda folder: changed(folder, (file, old, new))


def by_judge(body: str, imports: str = "") -> Break:
    """Returns a way to break the good plugin by giving it another judge."""
    return lambda folder: judging(folder, body, imports)


def by_hook(hook: str, shape: str, one: str) -> Break:
    """Returns a way to break the good plugin by having it bring one thing more, by another hook."""
    brought = f"@hookimpl\ndef cocycle_{hook}() -> list[{shape}]:\n    return [{one}]\n\n\n"
    imports = (
        "from engine.hookspecs import CannotExport, Channel, DeliveryFailed, ExportedFile, Exporter, Observer\n\n\n"
    )
    first = "@hookimpl\ndef cocycle_stages"
    return lambda folder: changed(folder, (HOOKS, first, imports + brought + first))


def exporting(files: str) -> Break:
    """Returns a way to break the good plugin by an exporter; `files` are what it makes of `what`."""
    return by_hook("exporters", "Exporter", f'Exporter("names", "Names", lambda what, settings: {files}, whole=False)')


def observing(line: str) -> Break:
    """Returns a way to break the good plugin by an observer; `line` is what it makes of `entry` and `settings`."""
    return by_hook("observers", "Observer", f'Observer("count", "Counts", lambda entry, settings: {line})')


def without(*paths: str) -> Break:
    """Returns a way to break the good plugin by taking files away."""

    def take(folder: Path) -> Path:
        plugin = good(folder)
        for path in paths:
            for file in plugin.glob(path):
                file.unlink()
        return plugin

    return take
