"""One deadline in a digest: what it is called, how near it is, what it means, who is meant, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.core.bench import Bench
from engine.core.deadlines import CONDITION, FRESHNESS, STAGE, TIMER, WAIT, Deadline, WorkingDays
from engine.core.deadlines_said import inside, meaning, name_of
from engine.core.definition import Gate
from engine.core.gates import HOLDS, judge_from
from engine.core.unsound import frozen_by
from engine.sight import Sight
from engine.telling.letter import Letter
from engine.telling.seen import called, in_english, page_of, titles

FAR: Final = 100  # days; so far off, or so late, nobody counts in working days


@dataclass(frozen=True, slots=True)
class Item:
    """One deadline in a digest.

    Attributes:
        state: one of `engine.telling.digest.HEADINGS`: how pressing it is.
        working_days: how many are left; below 0 once it is late, None where nobody knows.
        held: the roles the reader holds that can do something about it; `yours` where the reader answers for it.
        can: the names of all who hold such a role; `others` of everybody else who is told.
        owner: the name of the person who answers for it.
    """

    deadline: Deadline
    sight: Sight
    state: str
    working_days: int | None
    held: tuple[str, ...]
    yours: bool
    can: tuple[str, ...]
    others: tuple[str, ...]
    owner: str | None = None

    @property
    def late(self) -> bool:
        """Whether its day has gone by; nobody is late for a wait."""
        return self.deadline.kind != WAIT and self.deadline.due < self.sight.today

    def name(self) -> str:
        """Returns what it is called, with its project: where six stages end on a day, only that tells them apart."""
        return f"{name_of(self.deadline, self.sight.workflow)}, {called(self.sight.project)}"


def tell(letter: Letter, item: Item) -> None:
    """Writes a deadline with all that is to be said of it."""
    one, sight = item.deadline, item.sight
    what, command = to_do(item)
    letter.item(
        item.name(),
        f"When: {_when_exactly(item)}{_nobody_works(item)}",
        f"What it means: {meaning(one, sight.workflow, late=item.late)}",
        _still_missing(item),
        "The project is on hold; this day stays all the same." if sight.project.hold is not None else "",
        _who(item),
        f"What to do: {what}",
        command=command,
        path=page_of(sight.project),
    )


def tell_shortly(letter: Letter, item: Item) -> None:
    """Writes a deadline in few words: what, where and when, and the way to it."""
    project = item.sight.project
    command = f"cocycle deadlines --project {project.id}"
    letter.item(item.name(), _when_exactly(item), command=command, path=page_of(project))


def near(item: Item) -> str:
    """Returns how near it is, as a subject begins: Overdue by 3 working days."""
    days, working = (item.deadline.due - item.sight.today).days, item.working_days
    if item.deadline.kind == WAIT:
        return "A wait is over"
    if days == 0:
        return "Due today"
    if days == 1:
        return "Due tomorrow"
    much = many(abs(working), "working day") if working and abs(days) <= FAR else many(abs(days), "day")
    return f"Due in {much}" if days > 0 else f"Overdue by {much}"


def _when_exactly(item: Item) -> str:
    """Returns how near it is with the day itself, in a sentence."""
    day, today = item.deadline.due, item.sight.today
    if item.deadline.kind == WAIT:
        return f"The wait is over {_on(day, today)}."
    return f"{near(item)}: it was due on {in_english(day)}." if item.late else f"{near(item)}, {in_english(day)}."


def _on(day: date, today: date) -> str:
    return f"since {in_english(day)}" if day < today else f"{'today, ' if day == today else 'on '}{in_english(day)}"


def _nobody_works(item: Item) -> str:
    act_by = WorkingDays(item.sight.calendar).act_by(item.deadline.due)
    if item.deadline.kind == WAIT or act_by == item.deadline.due or act_by < item.sight.today:
        return ""
    return f" Nobody works on that day: do it by {in_english(act_by)}."


def _still_missing(item: Item) -> str:
    """Returns how much the gates ahead still miss, for the end of a stage and of a wait; empty where it hangs on more.

    No plugin is asked for a reminder, so where a gate asks one nothing is said.
    """
    one, sight = item.deadline, item.sight
    project, workflow = sight.project, sight.workflow
    if one.kind not in (STAGE, WAIT) or one.passed or project.hold is not None:
        return ""
    ways = workflow.stages[project.stage].transitions
    gates = dict.fromkeys(t.gate for t in ways if t.gate is not None and one.gate in (None, t.gate))
    if not gates or frozen_by(workflow, project, sight.today, sight.calendar):
        return ""
    said = [_gate(sight, workflow.gates[gate]) for gate in gates]
    return " ".join(said) if all(said) else ""


def _gate(sight: Sight, gate: Gate) -> str:
    if any(part.type == "plugin" for top in gate.requires for part in top.family()):
        return ""
    project = sight.project
    bench = Bench(
        sight.workflow, project, sight.today, sight.calendar, project.entered_order, project.cycle, quiet=True
    )
    judgement = judge_from(bench, gate)
    if judgement.holds:
        return f"Nothing is missing at the {inside(gate.title)} but decisions."
    missing = sum(v.state not in HOLDS for v in judgement.verdicts)
    asked = sum(v.state != "not_applicable" for v in judgement.verdicts)
    return f"Still missing at the {inside(gate.title)}: {missing} of {asked} requirements." if missing else ""


def _who(item: Item) -> str:
    """Returns who is to do something about it: you, whoever answers for it, or those who can; and who else is told."""
    one, workflow = item.deadline, item.sight.workflow
    roles, decided = titles(workflow, list(one.who)), one.kind in (STAGE, WAIT)
    if item.yours:
        said = f"You answer for it. Once it is met, {roles} accepts that."
    elif one.owner is not None and item.owner:
        said = f"{item.owner} answers for it."
    elif item.held:
        said = f"You {'decide there' if decided else 'can do it'}, as {titles(workflow, list(item.held))}."
    elif item.can:
        said = f"This is for {roles}: {', '.join(item.can)}. You are told because {_why_you(item)}."
    elif one.who:
        return f"This is for {roles}, and nobody holds that role. Please have it filled."
    else:
        said = ""
    told = [name for name in item.others if name not in (item.owner, *(() if item.held else item.can))]
    return f"{said} Also told: {', '.join(told)}.".strip() if told else said


def _why_you(item: Item) -> str:
    return "it is late" if item.late else "you have a part in the project"


def to_do(item: Item) -> tuple[str, str]:
    """Returns what the reader can do about a deadline, in a sentence, and the command for it."""
    one = item.deadline
    look = f"cocycle gate {one.project}"
    if one.kind == CONDITION:
        return _about_condition(item), f"cocycle condition list {one.project}"
    if one.who and not item.held and not item.can:
        return (
            "Give somebody the role, as an admin.",
            f"cocycle person grant EMAIL {one.who[0]} --project {one.project}",
        )
    if one.who and not item.held:
        return f"Ask {either(item.can)} how it stands.", look
    if one.kind == STAGE:
        return "See what the stage still needs before it can end.", look
    if one.kind == WAIT:
        return "See what else the gate still needs.", look
    if one.kind in (FRESHNESS, TIMER):
        hand_in = "Hand in a newer record." if one.kind == FRESHNESS else "Once it is done, hand in its record."
        return hand_in, f"cocycle evidence add {one.project} {one.subject}"
    return "Meet it, or agree on a new day, before the waiver ends.", look


def _about_condition(item: Item) -> str:
    if item.yours or item.owner is None:
        return "Meet it, and have it accepted once it is met."
    accept = ", and accept it once it is met" if item.held else ""
    return f"Ask {item.owner} how it stands{accept}."


def either(names: Iterable[str]) -> str:
    """Returns names as people list them: A, B or C."""
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"


def many(number: int, one: str) -> str:
    """Returns 1 deadline, 2 deadlines."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
