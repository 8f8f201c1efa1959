"""The commands about the ledger: verify, and what is given to strangers so that they can verify it themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from terminal import render_ledger
from terminal.act import Family
from terminal.asked import Asked
from terminal.commands_anchor import anchor
from terminal.commands_ledger_keys import recover, rotate_key
from terminal.mistake import Mistake
from terminal.screen import page_for, print_bytes, print_complaint, print_json
from terminal.verifying import Against, text_of, verified_export, verified_register, verify_batch


@click.group("ledger", cls=Family, short_help="Verify the ledger, and give others the proof of what it holds.")
def ledger() -> None:
    """Verify the ledger, and give others the proof of what it holds. Nothing here adds to the ledger by reading it."""


@ledger.command("verify", short_help="Check that what is stored is what was recorded.")
@click.option("--export", "folder", metavar="DIR", help="Verify an exported ledger instead; it needs no register.")
@click.option("--public-key", metavar="TEXT", help="The key that you were told is the ledger's.")
@click.option("--checkpoint", "checkpoints", metavar="FILE", multiple=True, help="A checkpoint that you kept.")
@click.option("--receipt", "receipts", metavar="FILE", multiple=True, help="A receipt that you kept.")
@click.option("--ask-plugins", is_flag=True, help="Put what plugins were asked to them again, too.")
@click.option("--batch", is_flag=True, help="Verify each register or export named on a line of standard input.")
@click.pass_context
def verify(
    ctx: click.Context,
    folder: str | None,
    public_key: str | None,
    checkpoints: tuple[str, ...],
    receipts: tuple[str, ...],
    ask_plugins: bool,
    batch: bool,
) -> None:
    """Check that what is stored is what was recorded: every entry, every word, every file, every project's state.

    A checkpoint or a receipt that you kept shows whether the ledger is still the one it was then.

    What plugins judged is taken as it was recorded; with --ask-plugins the same plugins are asked once more.

    It exits with 3 where anything was altered, and says what and where. With --batch each answer is JSON on one line.
    """
    asked: Asked = ctx.obj
    asked.refuse_at()
    if public_key is not None:
        from engine.api import checked_public_key

        public_key = checked_public_key(public_key)
    if batch:
        if folder is not None or checkpoints or receipts or ask_plugins:
            raise Mistake("--batch takes what to verify from standard input, and no other files.", code="usage")
        if not verify_batch(asked, public_key):
            ctx.exit(3)
        return
    if folder is not None and ask_plugins:
        raise Mistake("An export is verified without any plugin; --ask-plugins goes with a register.", code="usage")
    if folder == "":
        raise Mistake("Name the folder of the export.", code="usage")
    against = Against(public_key, [text_of(f) for f in checkpoints], [text_of(f) for f in receipts], ask_plugins)
    found = verified_register(asked, against) if folder is None else verified_export(folder, against)
    asked.answer(found, lambda page: render_ledger.verified(page, found, asked, folder))
    if not found["ok"]:
        ctx.exit(3)


@ledger.command("checkpoint", short_help="Print the ledger's size and root, signed.")
@click.pass_obj
def checkpoint(asked: Asked) -> None:
    """Print the ledger's size and root, signed. Kept by others, it shows later whether anything was changed."""
    with asked.reading() as engine:
        found = engine.checkpoint()
    _print_exactly(asked, found, found["checkpoint"], found["warnings"])


@ledger.command("receipt", short_help="Print the proof that an entry is in the ledger.")
@click.argument("seq", metavar="SEQ", type=int)
@click.pass_obj
def receipt(asked: Asked, seq: int) -> None:
    """Print the proof that an entry is in the ledger, with a signed checkpoint; checking it needs no register."""
    with asked.reading() as engine:
        found = engine.receipt(seq)
    _print_exactly(asked, found, found["receipt"], found["warnings"])


@ledger.command("leaf", short_help="Print the exact bytes of an entry.")
@click.argument("seq", metavar="SEQ", type=int)
@click.pass_obj
def leaf(asked: Asked, seq: int) -> None:
    """Print the exact bytes of an entry of the ledger, nothing added."""
    with asked.reading() as engine:
        print_bytes(engine.leaf(seq))


@ledger.command("consistency", short_help="Print the proof that an older ledger is the beginning of a newer one.")
@click.argument("old", metavar="OLD", type=int)
@click.argument("new", metavar="NEW", type=int)
@click.pass_obj
def consistency(asked: Asked, old: int, new: int) -> None:
    """Print the proof that the first OLD entries are the beginning of the first NEW: one hash a line, in base64."""
    with asked.reading() as engine:
        found = engine.consistency(old, new)
    _print_exactly(asked, found, "".join(f"{hash_}\n" for hash_ in found["hashes"]))


@ledger.command("export", short_help="Write the ledger into a folder, for anybody to verify.")
@click.argument("folder", metavar="DIR")
@click.pass_obj
def export(asked: Asked, folder: str) -> None:
    """Write the ledger into a folder, for anybody to verify; an older export of it there is brought up to date.

    Words that people typed and files are not in it. Its layout is that of C2SP tlog-tiles.
    """
    if not folder:
        raise Mistake("Name the folder to export to.", code="usage")
    with asked.reading() as engine:
        found = engine.export(folder)
    asked.answer(found, lambda page: render_ledger.exported(page, found, asked))
    if not asked.json:
        _warn(found["warnings"])


@ledger.command("public-key", short_help="Print the key that the ledger's signatures are checked with.")
@click.pass_obj
def public_key(asked: Asked) -> None:
    """Print the key that the ledger's signatures are checked with. It is no secret: the more have it, the better."""
    with asked.reading() as engine:
        found = engine.public_key()
    _print_exactly(asked, found, found["public_key"] + "\n")


@ledger.command("check-proof", short_help="Check a receipt against an entry; it needs no register.")
@click.option("--leaf", "leaf_file", metavar="FILE", required=True, help="The exact bytes of the entry.")
@click.option("--receipt", "receipt_file", metavar="FILE", required=True, help="The receipt.")
@click.option("--public-key", metavar="TEXT", required=True, help="The key that you were told is the ledger's.")
@click.pass_context
def check_proof(ctx: click.Context, leaf_file: str, receipt_file: str, public_key: str) -> None:
    """Check that a receipt shows an entry to be in the ledger. It needs no register, and exits with 3 where not."""
    from engine.api import check_proof as check
    from terminal.read_file import read_file

    asked: Asked = ctx.obj
    asked.refuse_at()
    found = check(read_file(leaf_file), text_of(receipt_file), public_key)
    asked.answer(found, lambda page: render_ledger.proof(page, found))
    if not found["ok"]:
        ctx.exit(3)


def _print_exactly(asked: Asked, found: dict[str, Any], text: str, warnings: Iterable[str] = ()) -> None:
    """Prints an answer whose every byte counts; with --json as a member of an object."""
    if asked.json:
        print_json(found)
        return
    print_bytes(text.encode())
    _warn(warnings)


def _warn(warnings: Iterable[str]) -> None:
    page = page_for("err")
    for warning in warnings:
        page.say(f"Note: {warning}")
    if warnings:
        print_complaint(page.text())


for command in (anchor, rotate_key, recover):
    ledger.add_command(command)
