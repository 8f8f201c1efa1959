"""What is done beside the acts: sweep, and the log of what plugins were told, plugin deliveries and redeliver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.mistake import Mistake
from terminal.screen import Page
from terminal.words import count, moment

STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("Waiting", "yellow"),
    "delivered": ("Delivered", "green"),
    "dead": ("Given up", "red"),
}
CONTRADICTED = "contradicted"


@click.command("sweep", cls=Act, short_help="Do now what the scheduler would do: remind, deliver, anchor, clear away.")
@click.pass_context
def sweep(ctx: click.Context) -> None:
    """Do now what the scheduler would do.

    It reminds people of what is due, and sends the notices that wait. It tells plugins what was recorded since the last
    time, and tries again what failed and is due. It takes the newest checkpoint to the outside places that have not got
    it. It clears old copies of what was erased out of the files.

    `cocycle worker` does it once a minute; without one, have this run every few minutes. What goes wrong in one part
    does not stop the others. A plugin that could not be told is no failure of the sweep, since it is tried again. It
    exits with 5 where another part could not be done, with 4 where the clock of this machine is behind or far ahead,
    and with 3 where an outside place holds what this ledger contradicts.
    """
    asked: Asked = ctx.obj
    with asked.changing() as engine:
        found = engine.sweep()
    if not found["problems"]:
        asked.answer(found, lambda page: render_sweep(page, found, asked))
        return
    gravest = min(found["problems"], key=_exit_of)
    error = {"code": gravest["code"], "message": gravest["message"], "details": {}}
    asked.answer({**found, "error": error}, lambda page: render_sweep(page, found, asked))
    ctx.exit(_exit_of(gravest))


def _exit_of(problem: Mapping[str, str]) -> int:
    """Returns the exit code of the contract for what went wrong in a part of a sweep; the smaller, the graver."""
    return 3 if problem["code"] == CONTRADICTED else 4 if problem["part"] == "clock" else 5


@click.command("deliveries", cls=Act, short_help="List what plugins were told, and what is still to be sent.")
@click.argument("name", required=False)
@click.option("--state", type=click.Choice(list(STATES)), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N", help="The most.")
@click.pass_obj
def deliveries(asked: Asked, name: str | None, state: str | None, limit: int) -> None:
    """List what plugins were told, newest first, and what is still to be sent.

    NAME is a plugin, or one of its observers as PLUGIN/OBSERVER. Each line says when it was tried last, how it ended,
    and in the observer's own words what came of it. What was delivered is listed for 90 days.
    """
    with asked.reading() as engine:
        found = engine.deliveries(name, state=state, limit=limit)
    asked.answer(found, lambda page: _render_deliveries(page, found, asked))


@click.command("redeliver", cls=Act, short_help="Have something sent once more, or what was never sent.")
@click.argument("ids", metavar="ID…", nargs=-1, type=click.IntRange(min=1))
@click.option("--all-dead", is_flag=True, help="Everything that was given up.")
@click.option("--from", "seq", type=click.IntRange(min=0), metavar="SEQ", help="What --to was not told of since SEQ.")
@click.option("--to", "observer", metavar="PLUGIN/OBSERVER", help="Whom to tell, with --from.")
@click.pass_obj
def redeliver(asked: Asked, ids: tuple[int, ...], all_dead: bool, seq: int | None, observer: str | None) -> None:
    """Have deliveries sent once more with the next sweep, by their ids. They go out under the ids they had.

    With --from an observer is told of entries of the ledger that it was not told of, because it was not active then.
    """
    if (seq is None) != (observer is None):
        raise Mistake("Say both --from SEQ and --to PLUGIN/OBSERVER.", code="usage")
    if bool(ids) + all_dead + (observer is not None) != 1:
        raise Mistake("Say one of these: ids of deliveries, --all-dead, or --from with --to.", code="usage")
    with asked.changing() as engine:
        if seq is not None and observer is not None:
            found = engine.observe_from(observer, seq)
        else:
            found = engine.redeliver(ids, all_dead=all_dead)
    asked.answer(found, lambda page: _render_again(page, found, asked))


def render_sweep(page: Page, found: Mapping[str, Any], asked: Asked) -> None:
    """Writes what a sweep did: reminders, deliveries, notices, outside places, and what could not be done."""
    if found["fired"]:
        due, told = count(found["fired"], "deadline"), count(found["reminders"], "reminder")
        page.say(f"Deadlines: {due} came to a day of reminding; {told} written into people's digests.")
    said = [f"{count(found['delivered'], 'delivery', 'deliveries')} sent"]
    said += [f"{found['failed']} to be tried again"] if found["failed"] else []
    said += [f"{found['dead']} given up"] if found["dead"] else []
    said += [f"{found['waiting']} waiting"] if found["waiting"] else []
    page.say(f"Plugins: {', '.join(said)}.")
    if found["failed"] or found["dead"]:
        page.command(asked.command("plugin", "deliveries", plain=True))
    wait_for_server = _say_notices(page, found["notices"], asked)
    for place in (found["anchored"] or {"places": []})["places"]:
        if not place["failure"]:
            page.say(f"Outside places: {place['place']} has the newest checkpoint.")
    for problem in found["problems"]:
        page.labelled("Look here", problem["message"], colour="red")
    if not found["problems"]:
        but = ", but no mail went out" if wait_for_server else ""
        page.say(f"Everything that was due has been seen to{but}.")


def _say_notices(page: Page, found: Mapping[str, Any] | None, asked: Asked) -> bool:
    """Writes what came of the notices; returns True where some wait because nobody set a mail server."""
    if found is None or not any(found[name] for name in ("sent", "needless", "failed", "dead", "waiting")):
        return False
    said = [f"{count(found['sent'], 'notice')} to people sent"]
    said += [f"{found['needless']} not needed any more"] if found["needless"] else []
    said += [f"{found['failed']} to be tried again"] if found["failed"] else []
    said += [f"{found['dead']} given up"] if found["dead"] else []
    said += [f"{found['waiting']} waiting"] if found["waiting"] else []
    unserved = bool(found["waiting"]) and not found["server"]
    without = " No mail server is set, so none goes out by e-mail: see COCYCLE_MAIL_SERVER." if unserved else ""
    page.say(f"Notices: {', '.join(said)}.{without}")
    if found["failed"] or found["dead"] or found["sent"] or unserved:
        page.say("To read them:")
        page.command(asked.command("notices", plain=True))
    return unserved


def _render_deliveries(page: Page, found: Mapping[str, Any], asked: Asked) -> None:
    if not found["deliveries"]:
        page.say("Nothing was sent yet that is listed here, and nothing waits to be.")
    for one in found["deliveries"]:
        word, colour = STATES[one["state"]]
        about = f"{one['id']}: {one['to']}" + ("" if one["entry"] is None else f", ledger entry {one['entry']}")
        page.labelled(word, f"{about}. {_when(one)}", colour=colour)
        if one["told"]:
            page.beside(one["told"])
    for observer in found["observers"]:
        behind = count(observer["behind"], "entry", "entries")
        page.say(f"{observer['observer']} is told of entry {observer['next']} next; {behind} to go.")
    if found["counts"]["dead"]:
        page.say("To have sent again what was given up, once you know why it was:")
        page.command(asked.command("plugin", "redeliver", "--all-dead", plain=True))


def _when(one: Mapping[str, Any]) -> str:
    tries = count(one["tries"], "try", "tries")
    if one["state"] == "waiting":
        return f"After {tries}, next on {moment(one['next_at'])}." if one["tries"] else "With the next sweep."
    return f"After {tries}, on {moment(one['done_at'])}."


def _render_again(page: Page, found: Mapping[str, Any], asked: Asked) -> None:
    if "next" in found:
        page.say(f"{found['observer']} is told of what was recorded from entry {found['next']} on and it did not get.")
    else:
        page.say(f"{count(found['due'], 'delivery', 'deliveries')} will be sent with the next sweep.")
        for number in found["busy"]:
            page.say(f"{number} is being sent at this moment.")
    page.command(asked.command("sweep", plain=True))
