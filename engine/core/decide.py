"""The living room: `decide` rules on every wish about a project, and `preview` says beforehand what it would say.

    decide(project, command, workflow, actor, moment) -> Accepted(events) | Refused(reasons)

Deciding is a pure function of what was recorded. Whatever it looks at is in the ledger first: the project is a fold of
its events, the workflow is pinned by its digest, the roles of the actor were granted by events, and the moment is
written into the event it makes. So any ruling can be made again, years later, by a stranger, and must come out the
same. There is no second door: the command line, the pages, the scheduler and the plugins all come through here, and
nothing else makes an event of a project.

Reasons are weighed in one order, so that the same wish always hears the same one first: not found, wrong input, not
permitted, against the rules. (That a key was used before, or that someone else moved the project meanwhile, is for
the journal to say, which alone knows.)

Two consequences are drawn here for all wishes alike. A decision to pass a gate is bound to the whole answer it was made
on. So when a wish changes that answer, the decisions made on the old one lapse, by an event of their own, in the same
breath: nobody's name may stand under something they did not see. And a gate that was passed stays watched: when a wish
takes away what it rested on, that is recorded beside it, and where the gate says so the project goes back to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.core.commands import (
    AddEvidence,
    Advance,
    Affirm,
    Command,
    Decide,
    EraseEvidence,
    EraseWords,
    Hold,
    MeetCondition,
    OpenProject,
    Regrade,
    Resume,
    SetFields,
    Sign,
    Waive,
    Withdraw,
)
from engine.core.definition import Transition, Workflow
from engine.core.events import Entry, Event
from engine.core.gates import ERROR, judge
from engine.core.opinions import on_record
from engine.core.outcome import Accepted, Actor, Hearing, Moment, Outcome, Refused
from engine.core.project import Project, evolve
from engine.core.rulings import afterwards, assent, erasing, evidence, moves, opening
from engine.core.soundness import NOTHING, losses
from engine.core.unsound import is_strict, reopening

WATCHED = (AddEvidence, Withdraw, Regrade, EraseEvidence, Waive, MeetCondition)
"""The wishes that can take something from a gate that was passed, or put something in its place.

An erasure takes nothing from it; but what time, or somebody at the disk, has taken by then is drawn while it shows.
"""


def decide(
    project: Project | None,
    command: Command,
    workflow: Workflow,
    actor: Actor,
    moment: Moment,
    altered: frozenset[str] = NOTHING,
) -> Outcome:
    """Rules on a wish.

    Args:
        project: what stands; None only for OpenProject.
        command: the wish.
        workflow: the definition the project is pinned to.
        actor: who wishes it, with the roles they hold.
        moment: when, and the calendar that counts.
        altered: the records whose stored files were found to be other bytes than were handed in; what comes of it is
            in the events.

    Returns:
        Accepted with the events it makes, or Refused with every reason; nothing is raised for a refusal.
    """
    hearing = Hearing(workflow, actor, moment, altered)
    if project is None:
        assert isinstance(command, OpenProject), "only OpenProject is decided without a project"
        return opening.open_project(command, hearing)
    if altered:  # nothing is said of what the project has not
        hearing = replace(hearing, altered=altered.intersection(project.records))
    outcome = _rule(project, command, hearing)
    if isinstance(outcome, Accepted):
        return _with_consequences(project, command, outcome, hearing)
    return outcome


def _rule(project: Project, command: Command, hearing: Hearing) -> Outcome:
    match command:
        case SetFields():
            return opening.set_fields(project, command, hearing)
        case AddEvidence():
            return evidence.add_evidence(project, command, hearing)
        case Withdraw():
            return evidence.withdraw(project, command, hearing)
        case Regrade():
            return evidence.regrade(project, command, hearing)
        case EraseEvidence():
            return erasing.erase_evidence(project, command, hearing)
        case EraseWords():
            return erasing.erase_words(project, command, hearing)
        case Sign():
            return assent.sign(project, command, hearing)
        case Waive():
            return assent.waive(project, command, hearing)
        case Decide():
            return assent.decide_gate(project, command, hearing)
        case Affirm():
            return afterwards.affirm(project, command, hearing)
        case MeetCondition():
            return afterwards.meet_condition(project, command, hearing)
        case Advance():
            return moves.advance(project, command, hearing)
        case Hold():
            return moves.hold(project, command, hearing)
        case Resume():
            return moves.resume(project, command, hearing)
        case OpenProject():  # pragma: no branch  # the last kind of command there is: mypy holds the match to all
            return Refused("conflict", "id_taken", f"There is a project {project.id} already.")


def _with_consequences(project: Project, command: Command, outcome: Accepted, hearing: Hearing) -> Accepted:
    """Adds what the events bring with them: decisions that lapse, what passed gates have lost, and the way back."""
    judging = bool(project.passings) and _weighs(project, command, hearing.workflow)
    dated = any(p.conditions for p in project.passings)
    # deciding makes no answer another, and a move clears the decisions itself
    may_lapse = bool(project.decisions) and not isinstance(command, Decide | Advance)
    if not (judging or dated or may_lapse):
        return outcome
    workflow, moment, more = hearing.workflow, hearing.moment, []
    # what an entry said is gone from the project by folding it anew, and not by an event that could say it again
    start = command.without if isinstance(command, EraseWords) else project
    after = _folded(start, outcome.events, hearing)
    if may_lapse and (lapsed := _lapsed(project, after, hearing)) is not None:
        more.append(lapsed)
    lost = losses(project, after, workflow, moment.today, moment.calendar, hearing.altered, judging=judging)
    more += lost
    if judging and (back := reopening(workflow, _folded(after, lost, hearing), moment.today)) is not None:
        more.append(back)
    return Accepted((*outcome.events, *more))


def _weighs(project: Project, command: Command, workflow: Workflow) -> bool:
    """True where passed gates are judged again because of a wish.

    Where some gate freezes or reopens, whatever is done draws what time alone has taken away. Deciding and passing a
    gate have looked already, and are refused where there is something to draw.
    """
    if isinstance(command, WATCHED):
        return True
    passes = isinstance(command, Decide) or (isinstance(command, Advance) and _gated(project, command, workflow))
    return is_strict(workflow) and not passes


def _gated(project: Project, command: Advance, workflow: Workflow) -> bool:
    found = moves.find_transition(project, workflow, command.to, command.act)
    return isinstance(found, Transition) and found.gate is not None


def _folded(project: Project, events: Iterable[Event], hearing: Hearing) -> Project:
    """Returns the project as it will be once these events are sealed; what the journal gives them is not known yet."""
    for event in events:
        entry = Entry(-1, hearing.moment.at, hearing.actor.person, project.version + 1, "", event)
        project = evolve(project, entry)
    return project


def _lapsed(before: Project, after: Project, hearing: Hearing) -> Event | None:
    """Returns the event of the decisions whose answer is another now, with what plugins said; None where none is."""
    moment, lapsed = hearing.moment, []
    opinions: dict[str, Any] = {}
    for name in dict.fromkeys(d.gate for d in before.decisions):
        gate = hearing.workflow.gates[name]
        judgement = judge(hearing.workflow, gate, after, moment.today, moment.calendar, quiet=True)
        # a plugin that broke down gave no other answer: till it gives one the gate is shut, and what was decided waits
        if any(v.opinion is not None and v.opinion.state == ERROR for v in judgement.by_id().values()):
            continue
        changed = [d.id for d in before.decisions if d.gate == name and d.binds != judgement.binds]
        lapsed += changed
        if changed:
            opinions |= on_record(judgement.by_id().values(), after.records)
    if not lapsed:
        return None
    return Event("decisions_lapsed", before.id, {"decisions": lapsed} | ({"opinions": opinions} if opinions else {}))


@dataclass(frozen=True, slots=True)
class Preview:
    """A way out of the stage, and what would be said to this person if they took it now."""

    transition: Transition
    outcome: Outcome

    @property
    def allowed(self) -> bool:
        """True where it would be accepted."""
        return isinstance(self.outcome, Accepted)

    @property
    def why_not(self) -> str:
        """Why it would be refused; empty where it would not be."""
        return self.outcome.message if isinstance(self.outcome, Refused) else ""


def preview(project: Project, workflow: Workflow, actor: Actor, moment: Moment) -> list[Preview]:
    """Returns every way out of the stage with what `decide` would say: the same function, nothing recorded."""
    found = []
    for transition in workflow.stages[project.stage].transitions:
        reason = "(preview)" if transition.reason_required else None
        command = Advance(to=transition.to, act=transition.id, reason=reason)
        found.append(Preview(transition, decide(project, command, workflow, actor, moment)))
    return found
