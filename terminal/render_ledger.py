"""Writes what came of verifying, and of what the ledger gives to strangers, for people to read."""

from __future__ import annotations

from typing import Any

from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count


def verified(page: Page, found: dict[str, Any], asked: Asked, export: str | None) -> None:
    """Writes what verifying found in a register, or in an export."""
    if found["ok"]:
        _whole(page, found, export)
    else:
        _altered(page, found, asked, export)
    for warning in found.get("warnings", ()):
        page.gap()
        page.say(f"Note: {warning}")


def _whole(page: Page, found: dict[str, Any], export: str | None) -> None:
    entries = count(found["size"], "entry", "entries")
    if export is None:
        page.say(f"Intact: {entries} of the ledger, and everything they recorded.")
        page.labelled("Projects", f"{found['states_checked']} replayed and found as stored", 0)
        page.labelled("Decisions", f"{found.get('rejudged', 0)} judged again, with the same answer", 0)
        for one in found.get("plugins", ()):
            many = count(one["verdicts"], "verdict")
            said = f"{many} of {one['plugin']} {one['version']} (digest {one['digest'][:12]}…) taken as recorded"
            if not one["digest"]:
                times = count(one["verdicts"], "time")
                said = f"{one['plugin']} did not answer {times}; taken as recorded, which keeps a gate shut"
            page.labelled("Plugins", said, 0)
        if (again := found.get("asked_again")) is not None:
            said = f"{again['same']} say the same when asked again, {again['not_asked']} could not be asked"
            page.labelled("", said, 0)
        for one in found.get("not_rejudged", ()):
            page.labelled("", f"Entry {one['seq']} was not judged again: {one['why']}", 0)
    else:
        page.say(f"Intact: {entries}, and the tree over them.")
        page.labelled("Checked", "each entry, each tile and the checkpoint; the register itself was not looked at", 0)
    if found.get("foreign"):
        some = count(found["foreign"], "entry is", "entries are")
        page.labelled("Foreign", f"{some} not of cocycle and not read; their place in the tree is right", 0)
    page.labelled("Erased", count(found["erased"], "item"), 0)
    for one in found.get("erasures", ()):
        page.labelled("", f"Entry {one['seq']} erased {count(one['items'], 'item')} of {one['what']}", 0)
    page.labelled("Root", found["root"], 0)


def _altered(page: Page, found: dict[str, Any], asked: Asked, export: str | None) -> None:
    page.say(f"Altered: {count(len(found['problems']), 'problem')}. What is stored is not what was recorded.")
    for problem in found["problems"]:
        whole = "The register" if export is None else "The export"
        place = whole if problem["seq"] is None else f"Entry {problem['seq']}"
        page.labelled(place, f"{problem['message']} [{problem['kind']}]", colour="red")
    page.gap()
    page.say("Keep this copy as it is, and compare it with a backup.")
    if export is None:
        page.heading("Next")
        page.command(asked.command("doctor", plain=True))


def proof(page: Page, found: dict[str, Any]) -> None:
    """Writes whether a receipt holds."""
    if not found["ok"]:
        for problem in found["problems"]:
            page.say(problem["message"])
        return
    page.say(f"It holds: these bytes are entry {found['index']} of the ledger {found['origin']}.")
    page.labelled("Checkpoint", f"signed over {count(found['size'], 'entry', 'entries')}", 0)
    page.labelled("Root", found["root"], 0)


def exported(page: Page, found: dict[str, Any], asked: Asked) -> None:
    """Writes what was exported, and how whoever gets it checks it."""
    entries, files = count(found["size"], "entry", "entries"), count(found["files"], "file")
    page.say(f"The ledger is in {found['export']}: {entries} in {files}, {found['written']} of them written now.")
    page.say("Whoever gets the folder needs nothing else but the public key, which they should get in another way.")
    page.heading("Next")
    page.command(asked.command("ledger", "public-key", plain=True))
    page.command(f"cocycle ledger verify --export {found['export']} --public-key …")
