"""The command that erases: the words and files of a record, a person, or what people typed in an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.words import count, plain_id, together

if TYPE_CHECKING:
    from terminal.screen import Page

GROUNDS = (
    "no_longer_necessary",
    "consent_withdrawn",
    "objection",
    "unlawful",
    "legal_obligation",
    "child_online",
    "unstated",
)
"""The grounds of UK GDPR article 17(1), (a) to (f), as the engine calls them, and that none was stated."""
MOST_TOLD = 20

Answer = Mapping[str, Any]


@click.command("erase", cls=Act, short_help="Erase a record's words, a person, or an entry's words.")
@click.argument("target", metavar="EVIDENCE|PERSON|SEQ")
@click.option(
    "--authority", required=True, metavar="TEXT", help="Who asked for it or decided it, and where that is written down."
)
@click.option("--second", required=True, metavar="EMAIL", help="The second person, who agreed to it.")
@click.option("--ground", type=click.Choice(GROUNDS), help="The ground in law, UK GDPR article 17(1); else unstated.")
@click.pass_obj
def erase(asked: Asked, target: str, authority: str, second: str, ground: str | None) -> None:
    """Erase what was written in a record (by its id), a person (by id or e-mail), or what people typed in one entry of
    the ledger (by its number): a title, a text, a reason, a dissent, a condition. It cannot be undone.

    Two people do it: an admin, and another admin or, for what is of a project, its SRO. The words, file names and files
    are gone for good; that they were there, and that they were erased, by whom and under which authority, stays on
    record. Gates that were passed on them stay passed. Do not write the name of the person into the authority: that
    text is kept.
    """
    with asked.changing() as engine:
        found = engine.erase(target, authority, second, ground=ground, **asked.writing)

        def render(page: Page) -> None:
            if found["replayed"]:
                page.say("This was done before under the same key; nothing was done again.")
            if "evidence" in found:
                _tell_evidence(page, found)
            elif "entry" in found:
                _tell_entry(page, asked, found)
            else:
                _tell_person(page, asked, found)
            page.say("Backups, exports and copies that were made before still hold everything; remove them.", 2)
            if found["left"]:
                page.gap()
                page.say(found["left"])

        asked.answer(found, render)


def _tell_evidence(page: Page, found: Answer) -> None:
    erased, stays = found["erased"], found["stays"]
    page.say(
        f"Erased {found['evidence']}: {count(erased['words'], 'thing')} that people had typed and"
        f" {count(erased['files'], 'file')} are gone. It counts for no gate that is still to be passed."
    )
    page.heading("What stays")
    page.say("That it was handed in, by whom and when, with its dates, choices and numbers.", 2)
    for one in stays["rests"]:
        page.say(f"The {plain_id(one['gate'])} was passed on it (entry {one['seq']}); its recorded verdict stands.", 2)
    for file in stays["files"]:
        page.say(
            f"A file that {together(file['used_by'])} brought, too. It goes once that is erased: SHA-256"
            f" {file['sha256']}",
            2,
        )


def _tell_entry(page: Page, asked: Asked, found: Answer) -> None:
    page.say(f"Erased {count(found['erased']['words'], 'thing')} that people had typed in entry {found['entry']}.")
    page.heading("What stays")
    page.say("That it happened, when and by whom, with its dates, choices and numbers.", 2)
    page.say("The same words where they stand in another entry: erase them there, too.", 2)
    for seq in found["stays"]["corrections"]:
        page.say(f"What entry {seq} said to correct it. To erase that, too:", 2)
        page.command(asked.command("erase", str(seq), "--authority", "…", "--second", "…"))


def _tell_person(page: Page, asked: Asked, found: Answer) -> None:
    records = found["stays"]["records"]
    page.say(f"Erased {found['person']}: their name and e-mail are gone. They hold no role and can do nothing here.")
    page.heading("What stays")
    page.say(f"{found['person']}, wherever they acted. It no longer leads to anybody.", 2)
    page.say("What others wrote about them: no program can find that. Erase it record by record where it is found.", 2)
    if records:
        page.say(f"{count(len(records), 'record')} that they handed in themselves.", 2)
        page.heading("To erase those, too")
        for one in records[:MOST_TOLD]:
            page.command(asked.command("erase", one["evidence"], "--authority", "…", "--second", "…"))
        if len(records) > MOST_TOLD:
            page.say(f"And {len(records) - MOST_TOLD} more; --json lists them all.", 2)
        page.gap()
