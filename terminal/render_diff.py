"""Two definitions beside each other on the screen: what the second asks more, less and otherwise than the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.screen import Page

GROUPS: Mapping[str, str] = {
    "more": "Asks more",
    "less": "Asks less",
    "otherwise": "Asks otherwise",
    "other": "Other changes",
}


def render_diff(page: Page, found: Mapping[str, Any], names: tuple[str, str]) -> None:
    """Writes a comparison: which two definitions, then the changes in their groups."""
    for name, side in zip(names, (found["a"], found["b"]), strict=True):
        page.say(f"{name}: {side['title']} ({side['workflow']}, version {side['version']})")
    for kind, title in GROUPS.items():
        changes = [change for change in found["changes"] if change["kind"] == kind]
        if changes:
            page.heading(title)
        for change in changes:
            page.item(change["says"])
    if not found["same"]:
        return
    page.gap()
    digests = {found["a"]["definition"], found["b"]["definition"]}
    differ = "" if len(digests) == 1 else " They are written differently, so their digests differ."
    page.say(f"The two definitions mean the same.{differ}")
