"""Two sets of rules beside each other on the screen: what was recorded at each gate, and what the others would say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from terminal.screen import Page
from terminal.words import OUTCOMES, STATES, count, day, inside, together

Row = Mapping[str, Any]
GROUPS: Mapping[str, str] = {
    "lost": "Would not hold there",
    "gained": "Would hold there",
    "otherwise": "Otherwise there",
    "new": "Asked for there only",
    "not_there": "Not asked for there",
    "cannot_be_compared": "Cannot be compared",
}
"""The heading for each way in which a requirement may differ."""


def render_what_if(page: Page, found: Row) -> None:
    """Writes which two definitions, then each gate: what was recorded, what it would have been, and why."""
    entry = f", entry {found['entry']}"
    page.say(f"{found['project']} as it stood on {day(found['as_of'])}{entry}, under other rules.")
    for name, side in (("Its rules", found["own"]), ("Other rules", found["other"])):
        page.labelled(
            name, f"{side['title']} ({side['workflow']}, version {side['version']}, {side['definition'][:12]})", 0
        )
    if not found["gates"]:
        page.gap()
        page.say("It has passed no gate, and stands before none; there is nothing to compare.")
    for gate in found["gates"]:
        _gate(page, gate)
    for key, heading in (("only_there", "Gates there only"), ("only_here", "Gates here only")):
        if found[key]:
            page.heading(heading)
        for gate in found[key]:
            page.item(f"{gate['title']} [{gate['gate']}]")
    page.gap()
    page.say("Nothing was changed. This is what the rules would say; nobody decided it.")


def _gate(page: Page, gate: Row) -> None:
    page.heading(gate["title"])
    if gate["seq"] is None:
        page.labelled("Recorded", f"{gate['recorded']} on {day(gate['on'])}")
    else:
        outcome = OUTCOMES.get(gate["recorded"], gate["recorded"])
        page.labelled("Recorded", f"{outcome} on {day(gate['on'])}, ledger entry {gate['seq']}")
    page.labelled("There", _would_be(gate))
    rows = list(_leaves(gate["requirements"]))
    for change, title in GROUPS.items():
        these = [row for row in rows if row["change"] == change]
        if these:
            page.say(f"{title}:", 2)
        for row in these:
            page.item(_sentence(row), 4)
    if gate["unevidenced"]:
        named = together(p["title"] for p in gate["unevidenced"])
        page.say(f"Nothing that is met evidences there: {named}.", 2)
    if gate["undecided"]:
        named = together(f"the {inside(role['title'])}" for role in gate["undecided"])
        page.say(f"Who would still have to decide there: {named}.", 2)
    same = sum(row["change"] == "same" for row in rows)
    if same:
        page.say(f"The same in both: {count(same, 'requirement')}.", 2)


def _would_be(gate: Row) -> str:
    match gate["would_be"]:
        case None:
            return "the other rules have no such gate"
        case "open" | "shut" as state:
            return f"it would {'be' if gate['seq'] is None else 'have been'} {state}"
    return "it cannot be said, because not everything can be compared"


def _leaves(rows: Any) -> Iterator[Row]:
    """Yields each requirement; of a group its parts too, where any of them is not the same."""
    for row in rows:
        yield row
        yield from _leaves([one for one in row["of"] if one["change"] != "same"])


def _sentence(row: Row) -> str:
    states = [
        _state(row["recorded"]) + " here" if row["recorded"] else "",
        _state(row["would_be"]) + " there" if row["would_be"] and row["would_be"] != "cannot_be_compared" else "",
    ]
    said = ", ".join(state for state in states if state)
    return " ".join([f"“{row['title']}” [{row['id']}]" + (f": {said}." if said else "."), *row["why"]])


def _state(state: str) -> str:
    return inside(STATES[state][0]) if state in STATES else state
