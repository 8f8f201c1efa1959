"""The digest: everything that needs a person that day, in one letter, the most pressing first.

What was put into it is looked at again when it is written. What was seen to meanwhile, or moved to another day, is left
out; so is what is not that person's any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.core.deadlines import (
    CONDITION,
    CRITICAL,
    FRESHNESS,
    LAW,
    OVERDUE,
    SOON,
    STAGE,
    STATES,
    TIMER,
    WAIT,
    Deadline,
    WorkingDays,
    placed,
)
from engine.core.definition import Workflow
from engine.core.errors import NotFound
from engine.core.reminding import is_silent
from engine.due import without_plugins
from engine.notices.box import reminders_in
from engine.notices.people import reminded
from engine.sight import Sight
from engine.telling.letter import Letter
from engine.telling.seen import NothingToSay, Seen, called, greeting, in_english, page_of, titles

MOST_WHOLE: Final = 50
"""Deadlines told one by one; of those beyond it only the number, since nobody reads on so far."""

OPEN: Final = "open"
HEADINGS: Final[Mapping[str, str]] = {
    CRITICAL: "Critically overdue",
    OVERDUE: "Overdue",
    OPEN: "You can go on",
    SOON: "Due soon",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One deadline in a digest.

    Attributes:
        state: one of `HEADINGS`: how pressing it is.
        working_days: how many are left; below 0 once it is late, None where nobody knows.
        others: the names of who else is told; `owner` the name of the person who answers for it.
    """

    deadline: Deadline
    sight: Sight
    state: str
    working_days: int | None
    others: tuple[str, ...]
    owner: str | None = None

    def turn(self) -> tuple[int, date, str]:
        """Returns what items are sorted by."""
        return list(HEADINGS).index(self.state), self.deadline.due, self.deadline.id


def write_digest(seen: Seen, person: str, about: Mapping[str, Any]) -> Letter:
    """Writes somebody's digest of a day; raises NothingToSay where nothing in it needs them any more."""
    items = items_of(seen, person, str(about["day"]))
    if not items:
        raise NothingToSay("Everything in it was seen to meanwhile, or is somebody else's by now.")
    letter = seen.letter()
    letter.about(_subject(items))
    greeting(seen, letter, person)
    letter.say(_first_words(items))
    for state, heading in HEADINGS.items():
        some = [item for item in items[:MOST_WHOLE] if item.state == state]
        if some:
            letter.heading(f"{heading} ({len(some)})")
            for item in some:
                _tell(letter, item, person)
    if len(items) > MOST_WHOLE:
        letter.say(f"And {len(items) - MOST_WHOLE} more, which are less pressing.")
    letter.heading("All of yours")
    letter.step("The whole list, as it stands now:", "cocycle deadlines --mine --as YOUR-EMAIL", "/my-work")
    letter.say(
        "You get this because you can do something about each of these, or answer for it. It comes at most once a day. "
        "No date ever approves or refuses anything by itself."
    )
    return letter


def items_of(seen: Seen, person: str, day: str) -> list[Item]:
    """Returns what somebody's digest of a day tells as things stand, the most pressing first."""
    found: dict[str, Item] = {}
    for reminder in reminders_in(seen.tx, person, day):
        item = _item(seen, person, reminder)
        if item is not None:
            found[item.deadline.id] = item
    return sorted(found.values(), key=Item.turn)


def _item(seen: Seen, person: str, reminder: Mapping[str, Any]) -> Item | None:
    about = reminder["about"]
    try:
        sight = seen.sight(reminder["project"])
    except NotFound:
        return None
    derived = without_plugins(seen.room, sight.project, sight.workflow)
    one = next((d for d in derived.deadlines if d.id == about["deadline"]), None)
    if one is None or one.due.isoformat() != about["due"]:
        return None  # it was seen to, or it moved and begins anew with reminders of its own
    if is_silent(one.severity, on_hold=sight.project.hold is not None):
        return None
    late = one.kind != WAIT and sight.today > one.due
    told = reminded(seen.tx, sight.project.id, sight.workflow, one.who, one.owner, late=late or about["left"] < 0)
    if person not in told and not seen.then:
        return None
    working = WorkingDays(sight.calendar)
    stands = placed(one, sight.today, working)
    state = OPEN if one.kind == WAIT else SOON if stands is None else stands.state
    others = tuple(sorted(name for p in told if p != person and (name := seen.names(p))))
    left = working.left(sight.today, one.due)
    return Item(
        one,
        sight,
        state if state in HEADINGS else SOON,
        left,
        others,
        None if one.owner is None else seen.names(one.owner),
    )


def _subject(items: list[Item]) -> str:
    first = items[0]
    if len(items) == 1:
        name = name_of(first.deadline, first.sight.workflow)
        return f"{_when(first)}: {name}, {called(first.sight.project)}"
    late = sum(STATES.index(item.state) <= STATES.index(OVERDUE) for item in items if item.state in STATES)
    rest = f"{late} overdue, {len(items) - late} coming up" if late else f"{len(items)} coming up"
    return f"Your deadlines: {rest if late < len(items) else f'{late} overdue'}"


def _first_words(items: list[Item]) -> str:
    if len(items) == 1:
        return "One deadline needs you."
    projects = len({item.sight.project.id for item in items})
    where = f" in {projects} projects" if projects > 1 else ""
    return f"{len(items)} deadlines{where} need you. The most pressing comes first."


def name_of(one: Deadline, workflow: Workflow) -> str:
    """Returns what a deadline is called in a heading, or in a subject."""
    if one.kind == STAGE:
        return f"The end of the stage {one.title}"
    if one.kind == CONDITION:
        number = one.occurrence.rpartition(".")[2]
        return f"Condition {number} of the {_inside(workflow.gates[one.subject].title)}"
    return one.what if one.kind == TIMER else one.title


def _tell(letter: Letter, item: Item, person: str) -> None:
    one, sight = item.deadline, item.sight
    what, command = to_do(one)
    if one.kind == CONDITION and item.owner is not None and one.owner != person:
        what = f"Ask {item.owner} how it stands, and accept it once it is met."
    letter.item(
        name_of(one, sight.workflow),
        f"Project: {called(sight.project)}",
        f"When: {_when(item)}{_the_day(item)}.{_nobody_works(item)}",
        f"What it is: {_meaning(one, sight.workflow)}",
        "The project is on hold; this day stays all the same." if sight.project.hold is not None else "",
        _whose(item, person),
        f"What to do: {what}",
        command=command,
        path=page_of(sight.project),
    )


def _when(item: Item) -> str:
    """Returns how near it is, as a sentence begins: Overdue by 3 working days."""
    days, working = (item.deadline.due - item.sight.today).days, item.working_days
    if item.deadline.kind == WAIT:
        return "A wait is over"
    if days == 0:
        return "Due today"
    if days == 1:
        return "Due tomorrow"
    near = _many(abs(working), "working day") if working and abs(days) <= 100 else _many(abs(days), "day")
    return f"Due in {near}" if days > 0 else f"Overdue by {near}"


def _the_day(item: Item) -> str:
    """Returns the day itself, as the sentence goes on."""
    day, days = in_english(item.deadline.due), (item.deadline.due - item.sight.today).days
    if item.deadline.kind == WAIT:
        return f" since {day}" if days < 0 else f" today, {day}" if days == 0 else f" on {day}"
    return f": it was due on {day}" if days < 0 else f", {day}"


def _nobody_works(item: Item) -> str:
    act_by = WorkingDays(item.sight.calendar).act_by(item.deadline.due)
    if item.deadline.kind == WAIT or act_by == item.deadline.due or act_by < item.sight.today:
        return ""
    return f" Nobody works on that day: do it by {in_english(act_by)}."


def _meaning(one: Deadline, workflow: Workflow) -> str:
    if one.kind == CONDITION:
        return f"The gate was passed on this condition: “{one.says}”" if one.says else "Its words were erased."
    gate = None if one.gate is None or one.kind == TIMER else workflow.gates[one.gate].title
    said = f"{one.what}{'' if gate is None else f'; the {_inside(gate)} rests on it' if one.passed else ''}."
    if one.kind == TIMER:
        said = f"Part of “{one.title}”."
    if gate is not None and not one.passed:
        said = f"{one.what}, for the {_inside(gate)}."
    if one.one_of:
        said += f" It is one of the ways to meet “{one.one_of}”."
    if one.basis is not None and one.basis.kind == "law" and one.severity == LAW:
        said += f" The law asks for it ({one.basis.source})."
    return said


def _whose(item: Item, person: str) -> str:
    """Returns who answers for it or can do it, and who else is told."""
    one, roles = item.deadline, titles(item.sight.workflow, list(item.deadline.who))
    if one.owner == person:
        who = f"You answer for it. Once it is met, {roles} accepts that."
    elif one.owner is not None and item.owner:
        who = f"{item.owner} answers for it."
    else:
        who = f"Who can do it: {roles}." if one.who else ""
    others = [name for name in item.others if name != item.owner]
    return f"{who} Also told: {', '.join(others)}." if others else who


def to_do(one: Deadline) -> tuple[str, str]:
    """Returns what a person can do about a deadline, in a sentence, and the command for it."""
    look = f"cocycle gate {one.project}"
    if one.kind == STAGE:
        return "See what the stage still needs before it can end.", look
    if one.kind == WAIT:
        return "See what can be done next.", look
    if one.kind == CONDITION:
        return "Meet it, and have it accepted once it is met.", f"cocycle condition list {one.project}"
    if one.kind in (FRESHNESS, TIMER):
        hand_in = "Hand in a newer record." if one.kind == FRESHNESS else "Once it is done, hand in its record."
        return hand_in, f"cocycle evidence add {one.project} {one.subject}"
    return "Meet it, or agree on a new day, before the waiver ends.", look


def _inside(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _many(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
