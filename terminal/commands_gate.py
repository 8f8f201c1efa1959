"""The commands at a gate: gate, sign, waive, decide, advance."""

from __future__ import annotations

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.complete import projects, requirements, roles, stages
from terminal.done import changing_project, tell_done
from terminal.words import OUTCOMES, day, inside, plain_id

PROJECT = click.argument("project", metavar="PROJECT", shell_complete=projects)
REQUIREMENT = click.argument("requirement", metavar="REQUIREMENT", shell_complete=requirements)
TO = click.option("--to", metavar="STAGE", shell_complete=stages, help="The stage to go to, where there is a choice.")
WAY = click.option("--act", metavar="ID", help="The way that is meant, by its id, where two gates lead to one stage.")


@click.command("gate", cls=Act, short_help="Say what is missing before the gate opens, and what to do next.")
@PROJECT
@TO
@WAY
@click.option("--as-of", metavar="WHEN", help="As it stood then: a date, a time, or a ledger index.")
@click.pass_obj
def gate(asked: Asked, project: str, to: str | None, act: str | None, as_of: str | None) -> None:
    """Say what is missing before the gate opens, and what to do next.

    The answer is complete: every requirement with its reasons, a smallest set of acts that opens the gate in an order
    that works, and the earliest date. It exits with 0 whether the gate is open or shut, and changes nothing.

    With --as-of it is the answer of that moment, rebuilt from the ledger alone. With --at as well, what stood then is
    judged as on that other day.
    """
    from terminal.render_gate import render_gate
    from terminal.then import scene_at

    with asked.reading(takes_at=True) as engine:
        found = engine.gate(project, to=to, act=act, at=asked.at, as_of=as_of)
        asked.answer(found, lambda page: render_gate(page, found, *scene_at(engine, asked, found, as_of)))


@click.command("sign", cls=Act, short_help="Sign a requirement.")
@PROJECT
@REQUIREMENT
@click.option("--role", metavar="ROLE", shell_complete=roles, help="The role to sign in, where you hold several.")
@click.option("--look", is_flag=True, help="Only look at what would be signed; sign nothing.")
@click.pass_obj
def sign(asked: Asked, project: str, requirement: str, role: str | None, look: bool) -> None:
    """Sign the newest record of a requirement, or a requirement that needs no record.

    A signature is bound to what was signed: it lapses when that is superseded, withdrawn or judged down. Where the
    record claims more than its facts carry, that is shown first, and on a terminal you are asked. Look before you
    sign with --look, which needs no person and changes nothing.
    """
    from terminal.signing import look_at, seen_first, show_again

    if look:
        look_at(asked, project, requirement)
        return
    with changing_project(asked, project) as engine:
        seen = seen_first(engine, asked, project, requirement)
        found = engine.sign(project, requirement, role=role, expect=seen, **asked.writing)
        show_again(engine, asked, found, seen)
        titles = {} if asked.json else engine.titles(project)
        title = titles.get("requirements", {}).get(requirement, requirement)
        as_role = inside(titles.get("roles", {}).get(found["role"], found["role"]))
        tell_done(engine, asked, found, f"Signed “{title}” as {as_role}.", project)


@click.command("waive", cls=Act, short_help="Let a requirement be until a day, with a second person.")
@PROJECT
@REQUIREMENT
@click.option("--reason", required=True, metavar="TEXT", help="Why it may be let be.")
@click.option("--until", required=True, metavar="DATE", help="The last day of the waiver.")
@click.option("--second", required=True, metavar="EMAIL", help="The second person who answers for it.")
@click.pass_obj
def waive(asked: Asked, project: str, requirement: str, reason: str, until: str, second: str) -> None:
    """Let a requirement be until a day, with a reason and a second person.

    It stays visible as waived, with what it would have said. What the law requires cannot be waived.
    """
    with changing_project(asked, project) as engine:
        found = engine.waive(project, requirement, reason, until, second, **asked.writing)
        titles = {} if asked.json else engine.titles(project)["requirements"]
        sentence = f"Waived “{titles.get(requirement, requirement)}” until {day(found.get('until') or until)}."
        tell_done(engine, asked, found, sentence, project)


@click.command("decide", cls=Act, short_help="Record your decision to pass the gate, or your dissent.")
@PROJECT
@TO
@WAY
@click.option("--role", metavar="ROLE", shell_complete=roles, help="The role to decide in, where you hold several.")
@click.option("--dissent", metavar="TEXT", help="Record your dissent, in words, instead.")
@click.option(
    "--affirm",
    type=int,
    metavar="SEQ",
    help="Affirm the gate passed at this entry of the ledger, once what it lost is put right.",
)
@click.pass_obj
def decide(
    asked: Asked,
    project: str,
    to: str | None,
    act: str | None,
    role: str | None,
    dissent: str | None,
    affirm: int | None,
) -> None:
    """Record your decision to pass the gate, or your dissent.

    A decision is possible once every requirement holds, and is bound to the whole answer: it lapses when that changes.
    The last decision does not move the project; `cocycle advance` does.

    With --affirm it is about a gate that was passed before and is no longer sound: once all it rested on holds again,
    each of those who decide says so, and the last of them makes it sound.
    """
    if affirm is not None:
        _affirm(asked, project, affirm, role, [("--to", to), ("--act", act), ("--dissent", dissent)])
        return
    with changing_project(asked, project) as engine:
        found = engine.decide(project, to=to, act=act, role=role, dissent=dissent, **asked.writing)
        found = engine.give_out(found)
        titles = {} if asked.json else engine.titles(project)
        at = titles.get("gates", {}).get(found["gate"], plain_id(found["gate"]))
        as_role = inside(titles.get("roles", {}).get(found["role"], plain_id(found["role"])))
        verb = "Recorded your dissent at" if dissent is not None else "Decided to pass"
        tell_done(engine, asked, found, f"{verb} “{at}” as {as_role}.", project)


def _affirm(asked: Asked, project: str, seq: int, role: str | None, other: list[tuple[str, str | None]]) -> None:
    if beside := [name for name, value in other if value is not None]:
        raise click.UsageError(f"--affirm is about a gate that was passed already; leave out {' and '.join(beside)}.")
    with changing_project(asked, project, passed=True) as engine:
        found = engine.affirm(project, seq, role=role, **asked.writing)
        found = engine.give_out(found)
        titles = {} if asked.json else engine.titles(project)
        at = titles.get("gates", {}).get(found["gate"], plain_id(found["gate"]))
        as_role = inside(titles.get("roles", {}).get(found["role"], plain_id(found["role"])))
        end = "it is sound again." if found["heals"] else "others still have to."
        sentence = f"Affirmed “{at}” (entry {seq}) as {as_role}; {end}"
        tell_done(engine, asked, found, sentence, project, passed=not found["heals"])


@click.command("advance", cls=Act, short_help="Move a project to its next stage.")
@PROJECT
@TO
@click.option("--act", metavar="ID", help="The transition to take, by its id, like send_back.")
@click.option("--reason", metavar="TEXT", help="Why; some transitions require it.")
@click.option(
    "--condition", "conditions", multiple=True, metavar="TEXT", help="Pass with a condition; may be repeated."
)
@click.option("--owner", "owners", multiple=True, metavar="EMAIL", help="Who meets the condition; one for each.")
@click.option("--due", "dues", multiple=True, metavar="DATE", help="By when; one for each.")
@click.pass_obj
def advance(
    asked: Asked,
    project: str,
    to: str | None,
    act: str | None,
    reason: str | None,
    conditions: tuple[str, ...],
    owners: tuple[str, ...],
    dues: tuple[str, ...],
) -> None:
    """Move a project to its next stage, through the gate where one stands.

    Where the gate is shut nothing is moved: the answer says what is missing, as `cocycle gate` does, and the exit
    code is 4.
    """
    from terminal.given import conditions_given

    given = conditions_given(conditions, owners, dues)
    with changing_project(asked, project) as engine:
        seen = engine.version(project)
        found = engine.advance(project, to=to, act=act, reason=reason, conditions=given, expect=seen, **asked.writing)
        found = engine.give_out(found)
        stages = {} if asked.json else engine.titles(project)["stages"]
        before, after = (stages.get(found[end], found[end]) for end in ("from", "to"))
        how = f": {OUTCOMES.get(found['outcome'], found['outcome'])}" if found.get("outcome") else ""
        tell_done(engine, asked, found, f"Moved {project} from {before} to {after}{how}.", project)
