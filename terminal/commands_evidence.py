"""The commands about evidence: add, form, list, show, get, withdraw, regrade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.complete import levels, projects, requirements
from terminal.done import changing_project, tell_done
from terminal.screen import Page
from terminal.words import count, level, size

EVIDENCE = click.argument("evidence_id", metavar="ID")
REASON = click.option("--reason", required=True, metavar="TEXT", help="Why, in words.")


@click.group("evidence", cls=Family, short_help="Hand in evidence, look at it, withdraw or regrade it.")
def evidence() -> None:
    """Hand in evidence, look at it, withdraw it or judge it down."""


@evidence.command("add", short_help="Hand in a record for a requirement.")
@click.argument("project", metavar="PROJECT", shell_complete=projects)
@click.argument("requirement", metavar="REQUIREMENT", shell_complete=requirements)
@click.option("--level", "claimed", metavar="L", shell_complete=levels, help="The level at which people took part.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of the record; may be repeated.")
@click.option("--record", metavar="FILE.yaml", type=click.Path(), help="Fields from a file; --set wins over it.")
@click.option("--file", "files", multiple=True, metavar="FILE", type=click.Path(), help="A file; may be repeated.")
@click.option("--happened-on", metavar="DATE", help="When it happened; today where it is not said.")
@click.option("--personal", is_flag=True, help="The files hold personal data.")
@click.pass_obj
def add(
    asked: Asked,
    project: str,
    requirement: str,
    claimed: str | None,
    values: tuple[str, ...],
    record: str | None,
    files: tuple[str, ...],
    happened_on: str | None,
    personal: bool,
) -> None:
    """Hand in a record for a requirement, with its files. A newer record supersedes the one before."""
    from terminal.given import fields_given, paths_given

    with changing_project(asked, project) as engine:
        engine.version(project)  # a project that is not there is told before a field that is wrong
        found = engine.add_evidence(
            project,
            requirement,
            level=claimed,
            facts=fields_given(values, record),
            files=paths_given(files),
            happened_on=happened_on,
            personal=personal,
            **asked.writing,
        )
        title = requirement if asked.json else engine.titles(project)["requirements"].get(requirement, requirement)
        taken = found["files"]
        sizes = ", ".join(f"{f['name'] or 'a file'} ({size(f['size'])})" for f in taken)
        with_files = f" with {count(len(taken), 'file')}: {sizes}" if taken else ""
        sentence = f"Handed in {found['evidence']} for “{title}”{with_files}."
        tell_done(engine, asked, found, sentence + _examined(found), project, more=lambda page: _found(page, found))


def _examined(found: Mapping[str, Any]) -> str:
    """Returns what the examiner of its kind says of a record that was just handed in; empty where nobody looked."""
    examined = found.get("examined")
    if examined is None:
        return ""
    who = f"the plugin {examined['plugin']}"
    match examined["state"]:
        case "failed":
            return " It does not count: it could not be examined. Hand it in again later."
        case "faulty":
            return f" It does not count as it is. Examined by {who}:"
        case _:
            return f" Examined by {who}: no fault was found."


def _found(page: Page, found: Mapping[str, Any]) -> None:
    if found.get("examined") is not None:
        from terminal.render_evidence import render_found

        render_found(page, found["examined"])


@evidence.command("form", short_help="Print an empty form for a record.")
@click.argument("project", metavar="PROJECT", shell_complete=projects)
@click.argument("requirement", metavar="REQUIREMENT", shell_complete=requirements)
@click.pass_obj
def form(asked: Asked, project: str, requirement: str) -> None:
    """Print an empty form for a record, to be kept as a file, filled in, and handed in with `add … --record FILE`."""
    from terminal.record_form import empty_form
    from terminal.scene import scene_of
    from terminal.screen import print_answer, print_json

    with asked.reading() as engine:
        text = empty_form(scene_of(engine, asked, project), requirement)
        if asked.json:
            print_json({"project": project, "requirement": requirement, "form": text})
        else:
            print_answer(text)


@evidence.command("list", short_help="List the evidence of a project.")
@click.argument("project", metavar="PROJECT", shell_complete=projects)
@click.pass_obj
def listing(asked: Asked, project: str) -> None:
    """List everything that was handed in for a project, oldest first, and what became of it."""
    from terminal.render_evidence import render_evidence_list
    from terminal.scene import scene_of

    with asked.reading() as engine:
        found = engine.evidence_list(project)
        asked.answer(
            found, lambda page: render_evidence_list(page, found["evidence"], scene_of(engine, asked, project))
        )


@evidence.command("show", short_help="Show a record whole.")
@EVIDENCE
@click.pass_obj
def show(asked: Asked, evidence_id: str) -> None:
    """Show a record whole: its fields, its files, its level, and who signed it."""
    from terminal.render_evidence import render_evidence
    from terminal.scene import scene_of

    with asked.reading() as engine:
        found = engine.evidence_show(evidence_id)
        asked.answer(found, lambda page: render_evidence(page, found, scene_of(engine, asked, found["project"])))


@evidence.command("get", short_help="Print the bytes of a record's file.")
@EVIDENCE
@click.argument("filename", metavar="[FILENAME]", required=False)
@click.pass_obj
def get(asked: Asked, evidence_id: str, filename: str | None) -> None:
    """Print the bytes of a record's file, nothing added; name the file where there are several.

    Its bytes are checked against what was handed in before they are printed.
    """
    from terminal.screen import print_bytes

    with asked.reading() as engine:
        print_bytes(engine.evidence_get(evidence_id, filename))


@evidence.command("withdraw", short_help="Withdraw a record, with a reason.")
@EVIDENCE
@REASON
@click.pass_obj
def withdraw(asked: Asked, evidence_id: str, reason: str) -> None:
    """Withdraw a record, with a reason. It stays readable; the record before it counts again."""
    with asked.changing() as engine:
        found = engine.withdraw(evidence_id, reason, **asked.writing)
        tell_done(engine, asked, found, f"Withdrew {evidence_id}; its signatures lapsed.", found["project"])


@evidence.command("regrade", short_help="Judge a record down to a lower level (auditors).")
@EVIDENCE
@click.option("--level", "judged", required=True, metavar="L", help="The level it is judged to be.")
@REASON
@click.pass_obj
def regrade(asked: Asked, evidence_id: str, judged: str, reason: str) -> None:
    """Judge a record down to a lower level of participation, with a reason. Only an auditor may."""
    with asked.changing() as engine:
        found = engine.regrade(evidence_id, judged, reason, **asked.writing)
        sentence = f"Judged {evidence_id} down to {level(judged)}; its signatures lapsed."
        tell_done(engine, asked, found, sentence, found["project"])
