"""Letters about a gate: it was found shut, it is no longer sound, or it waits for nothing but a decision.

They say what the gate itself says, in its own words, as it stands when the letter is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.core.acts import ADD, DECIDE, SET_FIELD, SIGN
from engine.core.answer_json import summary
from engine.core.answered import Act, Answer
from engine.core.calendar import in_words
from engine.core.deadlines_said import inside
from engine.core.definition import Transition
from engine.core.gates import MET
from engine.core.records import role_title
from engine.core.unsound import REOPENS, WARNS
from engine.notices.people import holders
from engine.sight import Sight, acts_to_right, answered, unsound
from engine.telling.letter import Letter
from engine.telling.seen import NothingToSay, Seen, called, greeting, page_of, titles

MOST_ACTS: Final = 20
Json = Mapping[str, Any]


def write_refused(seen: Seen, person: str, about: Json) -> Letter:
    """Writes to somebody who can supply what a gate misses; raises NothingToSay where nothing is missing by now."""
    sight, gate = seen.sight(about["project"]), about["gate"]
    held = seen.roles(person, sight)
    way = _way(sight, gate, about["act"])
    found = answered(sight, way)
    project, title = sight.project, inside(sight.workflow.gates[gate].title)
    if found.open:
        raise NothingToSay("The gate is open by now.")
    if project.hold is not None:
        raise NothingToSay("The project is on hold by now.")
    letter = seen.letter()
    what = "Something" if any(act.act != DECIDE for act in found.acts) else "A decision"
    letter.about(f"{what} is missing at the {title}: {called(project)}")
    greeting(seen, letter, person)
    tried = seen.names(about["by"]) or "Somebody"
    letter.say(f"{tried} tried to pass the {title} of {called(project)} on {in_words(about['day'])}. It stayed shut.")
    letter.say(f"The gate says: “{summary(found)}”")
    first = [act for act in found.acts if act.act != DECIDE] or list(found.acts)  # decisions come once all is there
    mine, others = _parted(seen, sight, first, held)
    if not mine and any(holders(seen.tx, _roles(sight, act), project.id) for act in others):
        raise NothingToSay("By now what is missing is for others to supply.")
    _whats_mine(seen, letter, sight, found, mine)
    if others:
        letter.heading("What others can do")
        for act in others[:MOST_ACTS]:
            letter.item(_act(sight, act), _whose(seen, sight, act))
    letter.heading("The whole answer")
    letter.step("See everything the gate asks for:", f"cocycle gate {project.id}", page_of(project))
    letter.say(
        "You get this because you can supply something that is missing. It comes at most once a day for each gate."
    )
    return letter


def write_decide(seen: Seen, person: str, about: Json) -> Letter:
    """Writes to somebody whose decision is still missing; raises NothingToSay where it is not."""
    sight, gate = seen.sight(about["project"]), about["gate"]
    held = seen.roles(person, sight)
    found = answered(sight, _way(sight, gate, None))
    project, title = sight.project, inside(sight.workflow.gates[gate].title)
    if found.judgement is None or not found.judgement.holds or project.hold is not None or found.frozen:
        raise NothingToSay("The gate cannot be decided on at the moment.")
    if not found.undecided or person in {d.by for d in found.decisions}:
        raise NothingToSay("It was decided meanwhile.")
    mine = [role for role in found.undecided if role in held]
    letter = seen.letter()
    needed = "Your decision is needed" if mine else "A decision is needed, and nobody can take it"
    letter.about(f"{needed}: {title} of {called(project)}")
    greeting(seen, letter, person)
    letter.say(f"Everything the {title} of {called(project)} asks for is there. It waits for nothing but decisions.")
    letter.say(f"The gate says: “{summary(found)}”")
    if not mine:
        _nobody_holds(seen, letter, sight, found.undecided)
        return letter
    letter.say(f"You can decide as {titles(sight.workflow, mine)}.")
    letter.heading("What to do")
    letter.step("First look at what the gate rests on:", f"cocycle gate {project.id}", page_of(project))
    role = f" --role {mine[0]}" if len(mine) > 1 else ""
    letter.step("Then decide:", f"cocycle decide {project.id}{role}", page_of(project))
    dissent = f'cocycle decide {project.id}{role} --dissent "YOUR REASONS"'
    letter.step("Or, if you do not agree, record that instead, with your reasons:", dissent, page_of(project))
    letter.say("No date decides for you. The project stays where it is until the people who decide have done so.")
    return letter


def write_unsound(seen: Seen, person: str, about: Json) -> Letter:
    """Writes to somebody who decided at a gate that is no longer sound; raises NothingToSay where it is again."""
    sight = seen.sight(about["project"])
    seen.roles(person, sight)
    project, workflow = sight.project, sight.workflow
    passing = next((p for p in project.passings if p.seq == about["passing"]), None)
    if passing is None:
        raise NothingToSay("That passing of the gate is not on record.")
    why = unsound(sight, passing)
    if not why and not passing.reopened:
        raise NothingToSay("The gate is sound again.")
    gate = workflow.gates[passing.gate]
    title = inside(gate.title)
    letter = seen.letter()
    letter.about(f"No longer sound: the {title} of {called(project)}")
    greeting(seen, letter, person)
    you = "You decided on" if person in {d.by for d in passing.decisions} else "People decided on"
    letter.say(
        f"{you} the {title} of {called(project)}, which was passed on {in_words(passing.on)}. "
        "What it rested on does not stand any more."
    )
    if why:
        letter.heading("Why")
        for sentence in why:
            letter.item(sentence)
    letter.heading("What it means")
    letter.say(_meaning(sight, passing.reopened, gate.if_unsound, passing.from_stage))
    acts = () if passing.reopened else acts_to_right(sight, passing)
    right = [act for act in acts if act.act != DECIDE]
    if right:
        letter.heading("What puts it right")
        for act in right[:MOST_ACTS]:
            letter.item(_act(sight, act), _whose(seen, sight, act))
    letter.heading("What to do")
    letter.step("Look at the project:", f"cocycle project show {project.id}", page_of(project))
    if not passing.reopened:
        affirm = f"cocycle decide {project.id} --affirm {passing.seq}"
        letter.step("Once it rests on something good again, affirm the gate:", affirm, page_of(project))
    return letter


def _way(sight: Sight, gate: str, act: str | None) -> Transition:
    ways = sight.workflow.stages[sight.project.stage].transitions
    found = next((t for t in ways if t.gate == gate and act in (None, t.id)), None)
    if found is None:
        raise NothingToSay("The project has left that stage.")
    return found


def _parted(seen: Seen, sight: Sight, acts: Iterable[Act], held: frozenset[str]) -> tuple[list[Act], list[Act]]:
    """Returns what somebody can do now with the roles they hold, and what is for others; waits are nobody's."""
    mine: list[Act] = []
    others: list[Act] = []
    for act in acts:
        later = act.not_before is not None and act.not_before > sight.today
        (mine if not later and held.intersection(_roles(sight, act)) else others).append(act)
    return mine, others


def _roles(sight: Sight, act: Act) -> tuple[str, ...]:
    """Returns who is meant by an act: handing in is anyone's, and meant are those who sign it, where somebody does."""
    if act.act == ADD and act.requirement is not None:
        return sight.workflow.requirements[act.requirement].signed_by or act.roles
    return act.roles


def _whats_mine(seen: Seen, letter: Letter, sight: Sight, found: Answer, mine: list[Act]) -> None:
    """Writes what somebody can do, one item a requirement: what is missing there, and what they can do about it."""
    if not mine:
        roles = dict.fromkeys(role for act in found.acts for role in _roles(sight, act))
        _nobody_holds(seen, letter, sight, roles)
        return
    letter.heading("What you can do")
    verdicts = {} if found.judgement is None else found.judgement.by_id()
    about: dict[str, list[Act]] = {}
    for act in mine[:MOST_ACTS]:
        about.setdefault(act.requirement or act.act, []).append(act)
    for acts in about.values():
        requirement = acts[0].requirement
        if requirement is None:
            for act in acts:
                letter.item(_act(sight, act), command=_command(sight, act))
            continue
        title = sight.workflow.requirements[requirement].title
        can = ", then ".join(_verb(sight, act) for act in acts)
        verdict = verdicts.get(requirement)
        why = () if verdict is None else (_anew(sight, found, requirement),) if verdict.state == MET else verdict.why
        letter.item(title, *why, f"You can {can}.", command=_command(sight, acts[0]))


def _anew(sight: Sight, found: Answer, requirement: str) -> str:
    """Returns why something that is there already has to be handed in or signed once more."""
    every, handed_in = sight.workflow.requirements, {act.requirement for act in found.acts if act.act == ADD}
    before = [f"“{r.title}”" for r in every.values() if r.supports == requirement and r.id in handed_in]
    if not before:
        return "It is there already, and it does not do for something else that is asked for."
    named = " and ".join(before)
    return f"It is there already, but {named} would come after it and not count for it. It is taken anew."


def _verb(sight: Sight, act: Act) -> str:
    if act.act == ADD:
        return "hand it in"
    return f"sign it as the {role_title(sight.workflow, str(act.detail['role']))}"


def _nobody_holds(seen: Seen, letter: Letter, sight: Sight, roles: Iterable[str]) -> None:
    """Writes to whoever can give a role, since nobody holds one that is needed."""
    every = list(roles)
    vacant = [role for role in every if not holders(seen.tx, [role], sight.project.id)] or every
    letter.heading("What you can do")
    letter.say(f"Nobody holds the role of {titles(sight.workflow, vacant)} in this project. Please have it filled.")
    grant = f"cocycle person grant EMAIL {vacant[0] if vacant else 'ROLE'} --project {sight.project.id}"
    letter.step("An admin gives roles:", grant, page_of(sight.project))


def _act(sight: Sight, act: Act) -> str:
    workflow, project = sight.workflow, sight.project
    title = "" if act.requirement is None else f"“{workflow.requirements[act.requirement].title}”"
    day = "" if act.not_before is None or act.not_before <= sight.today else f", from {in_words(act.not_before)} on"
    if act.act == ADD:
        return f"Hand in {title}{day}"
    if act.act == SIGN:
        return f"Sign {title} as the {role_title(workflow, str(act.detail['role']))}{day}"
    if act.act == SET_FIELD:
        return f"Set “{act.detail['title']}” of {project.id}"
    if act.act == DECIDE:
        return f"Decide as the {role_title(workflow, str(act.detail['role']))}{day}"
    return f"Wait: {title} is over{'' if act.not_before is None else f' on {in_words(act.not_before)}'}"


def _command(sight: Sight, act: Act) -> str:
    project = sight.project.id
    if act.act == ADD:
        return f"cocycle evidence add {project} {act.requirement}"
    if act.act == SIGN:
        return f"cocycle sign {project} {act.requirement} --role {act.detail['role']}"
    if act.act == SET_FIELD:
        return f"cocycle project set {project} {act.detail['field']}=VALUE"
    if act.act == DECIDE:
        return f"cocycle decide {project} --role {act.detail['role']}"
    return f"cocycle gate {project}"


def _whose(seen: Seen, sight: Sight, act: Act) -> str:
    roles = _roles(sight, act)
    if not roles:
        return "Nobody has to do anything for it."
    if len(roles) == len(sight.workflow.roles):
        return "Anybody with a role in the project can do it."
    people = sorted(name for p in holders(seen.tx, roles, sight.project.id) if (name := seen.names(p)))
    if not people:
        return f"This is for {titles(sight.workflow, list(roles))}, and nobody holds that role."
    return f"This is for {titles(sight.workflow, list(roles))}: {', '.join(people)}."


def _meaning(sight: Sight, reopened: bool, if_unsound: str, back: str) -> str:
    stage = sight.workflow.stages[back].title
    if reopened:
        return f"The project went back to {stage}. The gate is to be passed again."
    if if_unsound == WARNS:
        return "The work can go on. The project is shown as not sound until this is put right and the gate is affirmed."
    if if_unsound == REOPENS:
        return f"The project goes back to {stage} with the next thing that is done, and the gate is passed again."
    return "The project cannot pass any gate until this is put right and the gate is affirmed."
