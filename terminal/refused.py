"""Says what was refused in a project, in words: who tried what, why it was refused, how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from terminal.scene import Scene
from terminal.screen import Page
from terminal.words import count, day, plain_id

MOST_SHOWN = 10
NOT_KNOWN = "Somebody who is not known here"


def refused_words(tried: Mapping[str, Any], scene: Scene) -> str:
    """Returns what was tried and why it was refused, like `tried to move it to Procure; the gate was shut`."""
    from engine.api import REFUSALS

    return f"tried to {_wish(tried, scene)}; {REFUSALS.get(tried['code'], plain_id(tried['code']))}"


def render_refused(page: Page, found: Sequence[Mapping[str, Any]], scene: Scene) -> None:
    """Writes the newest of what was refused in a project; nothing where nothing was."""
    if not found:
        return
    page.heading("Refused attempts")
    for one in found[:MOST_SHOWN]:
        name = one["name"] or (NOT_KNOWN if one["person"] is None else "Somebody whose name was erased")
        since = day(one["since"])
        often = f" ({one['times']} times since {since})" if (one["times"] or 1) > 1 else f" ({since})"
        page.say(f"{name} {refused_words(one, scene)}{often}, ledger entry {one['seq']}.", 2)
    if len(found) > MOST_SHOWN:
        older = len(found) - MOST_SHOWN
        page.say(f"There {'is' if older == 1 else 'are'} {count(older, 'older one')}:", 2)
        page.command(scene.asked.command("project", "history", scene.project, plain=True))


def _wish(tried: Mapping[str, Any], scene: Scene) -> str:
    gate, requirement = tried.get("gate"), tried.get("requirement")
    at = "a gate" if gate is None else f"“{scene.titles['gates'].get(gate) or plain_id(gate)}”"
    about = "a requirement" if requirement is None else f"“{scene.requirement(requirement)}”"
    wishes = {
        "advance": f"move it to {scene.stage(tried['to'])}" if tried.get("to") else "move it on",
        "sign": f"sign {about}",
        "waive": f"waive {about}",
        "decide": f"decide on {at}",
        "affirm": f"affirm {at}",
        "condition met": f"accept a condition of {at} as met",
        "evidence add": f"hand in evidence for {about}",
        "evidence withdraw": f"withdraw evidence for {about}",
        "evidence regrade": f"judge evidence for {about} down",
        "erase": "erase what people wrote" if requirement is None else f"erase evidence for {about}",
        "project set": "set its fields",
        "hold": "put it on hold",
        "resume": "take it off hold",
    }
    return wishes.get(tried["verb"]) or plain_id(tried["verb"])
