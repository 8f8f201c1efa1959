"""The digest: everything that needs a person that day, in one letter, the most pressing first.

What was put into it is looked at again when it is written. What was seen to meanwhile, or moved to another day, is left
out; so is what is not that person's any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from engine.core.deadlines import CRITICAL, OVERDUE, SOON, WAIT, WorkingDays, placed
from engine.core.errors import NotFound
from engine.core.reminding import is_silent
from engine.due import without_plugins
from engine.notices.box import reminders_in
from engine.notices.people import holders, reminded, roles_in
from engine.telling.letter import Letter
from engine.telling.reminder import Item, many, near, tell, tell_shortly
from engine.telling.seen import NothingToSay, Seen, greeting

MOST_WHOLE: Final = 10
"""Deadlines told with all there is to say; the others in two lines each, so that forty can still be looked through."""

MOST_TOLD: Final = 50
"""Deadlines told one by one; of those beyond it only the number, since nobody reads on so far."""

OVER: Final = "over"
HEADINGS: Final[Mapping[str, str]] = {
    CRITICAL: "Critically overdue",
    OVERDUE: "Overdue",
    SOON: "Due soon",
    OVER: "Waits that are over",
}
"""The headings, in their order: what somebody has to do comes before what somebody may do."""


def write_digest(seen: Seen, person: str, about: Mapping[str, Any]) -> Letter:
    """Writes somebody's digest of a day; raises NothingToSay where nothing in it needs them any more."""
    items = items_of(seen, person, str(about["day"]), *about.get("earlier", ()))
    if not items:
        raise NothingToSay("Everything in it was seen to meanwhile, or is somebody else's by now.")
    letter = seen.letter()
    letter.about(_subject(items))
    greeting(seen, letter, person)
    letter.say(_first_words(items))
    told = 0
    for state, heading in HEADINGS.items():
        some = [item for item in items if item.state == state]
        if some and told < MOST_TOLD:
            letter.heading(f"{heading} ({len(some)})")
        for item in some[: MOST_TOLD - told]:
            (tell if told < MOST_WHOLE else tell_shortly)(letter, item)
            told += 1
    if len(items) > MOST_TOLD:
        letter.say(f"And {len(items) - MOST_TOLD} more, which are less pressing.")
    letter.heading("All of yours")
    letter.step("The whole list, as it stands now:", "cocycle deadlines --mine --as YOUR-EMAIL", "/my-work")
    letter.say(
        "You get this because you can do something about each of these, or answer for it, or because it is late. It "
        "comes at most once a day. No date ever approves or refuses anything by itself."
    )
    return letter


def items_of(seen: Seen, person: str, *days: str) -> list[Item]:
    """Returns what somebody's digest of these days tells as things stand, the most pressing first."""
    found: dict[str, Item] = {}
    for reminder in (one for day in days for one in reminders_in(seen.tx, person, day)):
        item = _item(seen, person, reminder)
        if item is not None:
            found[item.deadline.id] = item
    return sorted(found.values(), key=_turn)


def _turn(item: Item) -> tuple[int, date, str]:
    return list(HEADINGS).index(item.state), item.deadline.due, item.deadline.id


def _item(seen: Seen, person: str, reminder: Mapping[str, Any]) -> Item | None:
    about = reminder["about"]
    try:
        sight = seen.sight(reminder["project"])
    except NotFound:
        return None
    project, workflow = sight.project, sight.workflow
    derived = without_plugins(seen.room, project, workflow)
    one = next((d for d in derived.deadlines if d.id == about["deadline"]), None)
    if one is None or one.due.isoformat() != about["due"]:
        return None  # it was seen to, or it moved and begins anew with reminders of its own
    if is_silent(one.severity, on_hold=project.hold is not None):
        return None
    late = one.kind != WAIT and sight.today > one.due
    told = reminded(seen.tx, project.id, workflow, one.who, one.owner, late=late or about["left"] < 0)
    if person not in told and not seen.then:
        return None
    working = WorkingDays(sight.calendar)
    stands = placed(one, sight.today, working)
    state = OVER if one.kind == WAIT else SOON if stands is None else stands.state
    roles = roles_in(seen.tx, person, project.id, workflow)
    return Item(
        one,
        sight,
        state if state in HEADINGS else SOON,
        working.left(sight.today, one.due),
        tuple(role for role in one.who if role in roles),
        one.owner == person,
        _names(seen, holders(seen.tx, one.who, project.id)),
        _names(seen, (p for p in told if p != person)),
        None if one.owner is None else seen.names(one.owner),
    )


def _names(seen: Seen, people: Any) -> tuple[str, ...]:
    return tuple(sorted(name for p in people if (name := seen.names(p))))


def _subject(items: Sequence[Item]) -> str:
    first = items[0]
    if len(items) == 1:
        return f"{near(first)}: {first.name()}"
    return f"Your deadlines: {_counted(items)}. First: {first.name()}"


def _counted(items: Sequence[Item]) -> str:
    """Returns how many of each there are, as a subject says it: 1 overdue, 3 coming up."""
    late, over = sum(item.late for item in items), sum(item.state == OVER for item in items)
    ahead = len(items) - late - over
    said = [f"{late} overdue"] if late else []
    said += [f"{ahead} coming up"] if ahead else []
    said += [f"{many(over, 'wait')} over"] if over else []
    return ", ".join(said)


def _first_words(items: Sequence[Item]) -> str:
    if len(items) == 1:
        return "A wait is over." if items[0].state == OVER else "One deadline needs you."
    projects = len({item.sight.project.id for item in items})
    where = f" in {projects} projects" if projects > 1 else ""
    if all(item.state == OVER for item in items):
        return f"{many(len(items), 'wait')}{where} are over."
    return f"{len(items)} deadlines{where} need you. The most pressing comes first."
