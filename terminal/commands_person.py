"""The commands about people: add, grant, revoke, list."""

from __future__ import annotations

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.complete import projects, roles
from terminal.done import tell_done
from terminal.scene import REGISTER_ROLES
from terminal.words import inside, plain_id

IN_PROJECT = click.option(
    "--project", metavar="P", shell_complete=projects, help="In this project only; else in the whole register."
)
ROLE = click.argument("role", metavar="ROLE", shell_complete=roles)


@click.group("person", cls=Family, short_help="Add people, give and take roles.")
def person() -> None:
    """Add people, give them roles and take them away. Only an admin may."""


@person.command("add", short_help="Add a person.")
@click.argument("email", metavar="EMAIL")
@click.option("--name", required=True, metavar="NAME", help="Their name, as others will read it.")
@click.option("--role", "given", multiple=True, metavar="ROLE", shell_complete=roles, help="A role; may be repeated.")
@IN_PROJECT
@click.pass_obj
def add(asked: Asked, email: str, name: str, given: tuple[str, ...], project: str | None) -> None:
    """Add a person, with roles in the register or in one project."""
    with asked.changing() as engine:
        found = engine.add_person(email, name, roles=list(given), project=project, **asked.writing)
        named = engine.titles(project)["roles"] if project and not asked.json else {}
        titles = ", ".join(inside(named.get(r) or plain_id(r)) for r in given)
        held = f" as {titles}{_where(project)}" if given else ""
        tell_done(engine, asked, found, f"Added {name} ({email}){held}.", project)


@person.command("grant", short_help="Give a person a role.")
@click.argument("email", metavar="EMAIL")
@ROLE
@IN_PROJECT
@click.pass_obj
def grant(asked: Asked, email: str, role: str, project: str | None) -> None:
    """Give a person a role, in the register or in one project."""
    with asked.changing() as engine:
        found = engine.grant(email, role, project=project, **asked.writing)
        tell_done(engine, asked, found, f"{email} now holds the role {role}{_where(project)}.", project)


@person.command("revoke", short_help="Take a role from a person.")
@click.argument("email", metavar="EMAIL")
@ROLE
@IN_PROJECT
@click.pass_obj
def revoke(asked: Asked, email: str, role: str, project: str | None) -> None:
    """Take a role from a person. What they signed and decided stands."""
    with asked.changing() as engine:
        found = engine.revoke(email, role, project=project, **asked.writing)
        tell_done(engine, asked, found, f"{email} no longer holds the role {role}{_where(project)}.", project)


@person.command("list", short_help="List the people and their roles.")
@click.pass_obj
def listing(asked: Asked) -> None:
    """List everyone the register knows, with their roles; a role held in one project is followed by its id."""
    from terminal.screen import Page

    with asked.reading() as engine:
        found = engine.people()

        def render(page: Page) -> None:
            if not found["people"]:
                page.say("Nobody is known here yet. The first person is added as admin, by themself:")
                page.command(asked.command("person", "add", "EMAIL", "--name", "NAME", "--role", "admin"))
                return
            rows = [
                (
                    one["name"] or "(name erased)",
                    one["email"] or "(e-mail erased)",
                    "" if one["active"] else "Not active",
                    ", ".join(_role(r) for r in one["roles"]) or "no role",
                )
                for one in found["people"]
            ]
            page.columns(rows, 0)

        asked.answer(found, render)


def _where(project: str | None) -> str:
    return f" in {project}" if project else ""


def _role(name: str) -> str:
    role, _, project = name.partition("@")
    title = inside(REGISTER_ROLES[role]) if role in REGISTER_ROLES else role
    return f"{title} in {project}" if project else title
