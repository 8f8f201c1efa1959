"""The command `audit pack`: everything recorded about a project, in a bag that strangers can check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.complete import projects
from terminal.screen import Page
from terminal.words import count, size


@click.command("pack", cls=Act, short_help="Pack a project's record for people who check it without us.")
@click.argument("project", metavar="P", shell_complete=projects)
@click.option("--out", required=True, metavar="DIR|FILE.zip", help="Where to put it: a new folder, or a new .zip.")
@click.option("--sample", type=int, metavar="N", help="Draw N records of evidence for a sampling audit.")
@click.option("--seed", type=int, metavar="N", help="Draw them by this number, so that they can be drawn again.")
@click.option("--without-personal", is_flag=True, help="Keep back personal files, their names, and e-mail addresses.")
@click.option("--force", is_flag=True, help="Replace the pack that is there.")
@click.pass_obj
def pack(
    asked: Asked, project: str, out: str, sample: int | None, seed: int | None, without_personal: bool, force: bool
) -> None:
    """Pack a project's record: its entries with receipts, its evidence, its rules, and each decision on a gate.

    The pack can be read in a browser and checked with verify.py, which lies in it and needs nothing but Python. It
    holds names and, unless you say --without-personal, personal files: share it only with those who may see them.
    """
    with asked.reading() as engine:
        found = engine.pack(
            project, Path(out), sample=sample, seed=seed, without_personal=without_personal, force=force
        )
    asked.answer(found, lambda page: _render(page, found))


def _render(page: Page, found: Mapping[str, Any]) -> None:
    page.say(f"Packed {found['project']} to {found['pack']} ({size(found['bytes'])}), and checked the pack.")
    page.labelled("Entries", f"{found['entries']} of the project, each with its receipt", 0)
    page.labelled("Decisions", count(found["decisions"], "page"), 0)
    page.labelled("Files", count(found["files"], "file"), 0)
    if found["sample"] is not None:
        page.labelled("Sample", f"{count(len(found['sample']), 'record')}, drawn by the seed {found['seed']}", 0)
    if found["without_personal"]:
        page.say("Personal files and e-mail addresses were kept back.")
    else:
        page.say("It holds names, e-mail addresses and files about persons. Share it only with those who may see them.")
    page.gap()
    page.say("Give the register's public key to whoever checks the pack, by another way than the pack:")
    page.command(found["public_key"])
    page.say("And the SHA-256 of its verify.py, for whoever does not trust the one in the pack:")
    page.command(found["verify_sha256"])
    page.heading("Next")
    page.say("In the folder of the pack:")
    page.command("python3 verify.py --public-key KEY")
