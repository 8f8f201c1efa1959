"""The command `deadlines`: what is overdue, due soon, and due later, in one project or in all."""

from __future__ import annotations

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.complete import projects
from terminal.mistake import Mistake


@click.command("deadlines", cls=Act, short_help="List what is due, overdue or expiring.")
@click.option("--project", metavar="P", shell_complete=projects, help="Only those of this project.")
@click.option("--within", type=int, metavar="DAYS", help="Only what is due in so many days, or was due before.")
@click.option("--mine", is_flag=True, help="Only what you can do something about: see --as.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's, also where --as says who you are.")
@click.option("--limit", type=int, metavar="N", help="A page of so many, the earliest days first.")
@click.option("--after", metavar="CURSOR", help="Go on after a page: what it gave as next.")
@click.pass_obj
def deadlines(
    asked: Asked,
    project: str | None,
    within: int | None,
    mine: bool,
    everybody: bool,
    limit: int | None,
    after: str | None,
) -> None:
    """List what is due, overdue or expiring, the most pressing first.

    Everything follows from what is on record and from the workflow: how long a stage should take, waits that run,
    evidence that expires, waivers that end, conditions, and what has to be published in time. A day never approves or
    refuses anything; it only tells you. With --at it is the list as it would look on that day.

    Where --as or COCYCLE_ACTOR says who you are it is your list: what one of your roles can do something about, and
    what you own. Whoever looks after all projects (programme managers, admins, auditors) sees everybody's. So does
    everybody with --all.
    """
    from terminal.render_deadlines import render_deadlines

    if mine and asked.person is None:
        raise Mistake("Say who you are, so that yours can be found: --as EMAIL, or set COCYCLE_ACTOR.", code="usage")
    if mine and everybody:
        raise Mistake("Say --mine or --all, not both.", code="usage")
    with asked.reading(takes_at=True) as engine:
        found = engine.deadlines(
            project,
            within=within,
            at=asked.at,
            mine=asked.person if mine else None,
            acting=None if everybody else asked.person,
            limit=limit,
            after=after,
        )
    asked.answer(found, lambda page: render_deadlines(page, found, asked, project, within))
