"""The commands about projects: open, list, show, plan, set, hold, resume, history."""

from __future__ import annotations

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.complete import projects, roles, stages, workflows
from terminal.done import changing_project, tell_done
from terminal.words import count

PROJECT = click.argument("project_id", metavar="PROJECT", shell_complete=projects)
REASON = click.option("--reason", required=True, metavar="TEXT", help="Why, in words.")


@click.group("project", cls=Family, short_help="Open projects, look at them, hold and resume them.")
def project() -> None:
    """Open projects, look at them, set their fields, hold and resume them."""


@project.command("new", short_help="Open a project.")
@click.argument("title", metavar="TITLE")
@click.option("--workflow", required=True, metavar="W", shell_complete=workflows, help="The workflow it follows.")
@click.option("--id", "project_id", metavar="P", help="Its id, like CC-005; one is made where none is given.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of the project; may be repeated.")
@click.pass_obj
def new(asked: Asked, title: str, workflow: str, project_id: str | None, values: tuple[str, ...]) -> None:
    """Open a project in the first stage of a workflow. The definition it begins under is its own for life."""
    from terminal.given import fields_given

    with asked.changing() as engine:
        if values:
            engine.workflow(workflow)  # a workflow that is not there is told before a field that is wrong
        fields = fields_given(values)
        found = engine.new_project(title, workflow, project_id=project_id, fields=fields, **asked.writing)
        tell_done(engine, asked, found, f"Opened the project {found['project']}: {title}.", found["project"])


@project.command("list", short_help="Show the projects as a board, stage by stage.")
@click.option("--stage", metavar="S", shell_complete=stages, help="Only those in this stage.")
@click.option("--workflow", metavar="W", shell_complete=workflows, help="Only those of this workflow.")
@click.option("--overdue", is_flag=True, help="Only those past the date they were expected by.")
@click.option(
    "--stuck", is_flag=True, help="Only those that wait longer than expected, the longest first, and whom to ask."
)
@click.option(
    "--unsound",
    is_flag=True,
    help="Only those with a passed gate that is no longer sound; their stored files are hashed again, too.",
)
@click.option("--waiting-for", metavar="ROLE", shell_complete=roles, help="Only those that wait for this role.")
@click.option("--limit", type=int, default=50, show_default=True, metavar="N", help="The most projects to show.")
@click.option("--after", metavar="CURSOR", help="Go on after this one; it is the `next` of the page before.")
@click.pass_obj
def listing(
    asked: Asked,
    stage: str | None,
    workflow: str | None,
    overdue: bool,
    stuck: bool,
    unsound: bool,
    waiting_for: str | None,
    limit: int,
    after: str | None,
) -> None:
    """Show the projects as a board, stage by stage: what each waits for, and what is overdue or no longer sound.

    Stored files are not read for the board. With --unsound those that passed gates rest on are hashed again, which
    takes as long as reading them does, and the reasons are shown.
    """
    from datetime import date

    from terminal.render_project import render_board
    from terminal.render_stuck import render_stuck
    from terminal.scene import scene_of

    with asked.reading(takes_at=True) as engine:
        found = engine.projects(
            stage=stage,
            workflow=workflow,
            overdue=overdue,
            unsound=unsound,
            stuck=stuck,
            waiting_for=waiting_for,
            limit=limit,
            after=after,
            at=asked.at,
        )
        one_of = {} if asked.json else {p["workflow"]: p["project"] for p in found["projects"]}
        scenes = {w: scene_of(engine, asked, p) for w, p in one_of.items()}
        today = asked.at or date.today().isoformat()  # noqa: DTZ011  # the reader's own day marks what is overdue
        filters = [
            word
            for name, value in (("--stage", stage), ("--workflow", workflow), ("--waiting-for", waiting_for))
            if value is not None
            for word in (name, value)
        ]
        filters += ["--overdue"] if overdue else []
        filters += ["--unsound"] if unsound else []
        if stuck:
            asked.answer(found, lambda page: render_stuck(page, found, asked, today, filters))
            return
        asked.answer(found, lambda page: render_board(page, found, asked, scenes, today, filters))


@project.command("show", short_help="Show where a project is, since when, and what it waits for.")
@PROJECT
@click.option("--as-of", metavar="WHEN", help="As it stood then: a date, a time, or a ledger index.")
@click.pass_obj
def show(asked: Asked, project_id: str, as_of: str | None) -> None:
    """Show where a project is, since when, what it waits for, and whether the gates it passed are still sound.

    With --as-of it is shown as it stood then, rebuilt from the ledger alone. With --at as well, what stood then is
    judged as on that other day.
    """
    from terminal.render_project import render_project
    from terminal.then import scene_at

    with asked.reading(takes_at=True) as engine:
        found = engine.project(project_id, at=asked.at, as_of=as_of)
        asked.answer(found, lambda page: render_project(page, found, *scene_at(engine, asked, found, as_of)))


@project.command("plan", short_help="Show what was planned, how far it slipped, and a forecast.")
@PROJECT
@click.option("--as-of", metavar="WHEN", help="As it stood then: a date, a time, or a ledger index.")
@click.pass_obj
def plan(asked: Asked, project_id: str, as_of: str | None) -> None:
    """Show when each stage was planned to be left, when it was, and when the others can be expected.

    Planned dates are frozen when the project is opened and when a gate is passed. A forecast is made from the finished
    stages of other projects of the same workflow, where there are five or more.
    """
    from terminal.render_plan import render_plan
    from terminal.then import scene_at

    with asked.reading() as engine:
        found = engine.plan(project_id, as_of=as_of)
        asked.answer(found, lambda page: render_plan(page, found, *scene_at(engine, asked, found, as_of)))


@project.command("set", short_help="Set fields of a project.")
@PROJECT
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE…")
@click.pass_obj
def set_fields(asked: Asked, project_id: str, values: tuple[str, ...]) -> None:
    """Set fields of a project. `FIELD=` without a value takes the field away."""
    from terminal.given import fields_given

    with changing_project(asked, project_id) as engine:
        engine.version(project_id)  # a project that is not there is told before a field that is wrong
        fields = fields_given(values)
        found = engine.set_fields(project_id, fields, **asked.writing)
        tell_done(engine, asked, found, f"Set {count(len(fields), 'field')} of {project_id}.", project_id)


@project.command("hold", short_help="Put a project on hold.")
@PROJECT
@REASON
@click.pass_obj
def hold(asked: Asked, project_id: str, reason: str) -> None:
    """Put a project on hold. Evidence may still arrive; nothing is decided and nothing moves."""
    with changing_project(asked, project_id) as engine:
        found = engine.hold(project_id, reason, **asked.writing)
        tell_done(engine, asked, found, f"{project_id} is on hold.", project_id)


@project.command("resume", short_help="Take a project off hold.")
@PROJECT
@REASON
@click.pass_obj
def resume(asked: Asked, project_id: str, reason: str) -> None:
    """Take a project off hold."""
    with changing_project(asked, project_id) as engine:
        found = engine.resume(project_id, reason, **asked.writing)
        tell_done(engine, asked, found, f"{project_id} goes on.", project_id)


@project.command("history", short_help="Show everything that happened in a project.")
@PROJECT
@click.pass_obj
def history(asked: Asked, project_id: str) -> None:
    """Show everything that happened in a project, oldest first, each with its place in the ledger."""
    from terminal.render_project import render_history
    from terminal.scene import scene_of

    with asked.reading() as engine:
        found = engine.history(project_id)
        asked.answer(
            found,
            lambda page: render_history(page, found["history"], scene_of(engine, asked, project_id)),
        )
