"""The command that keeps a register swept: worker, which is run as a service of the machine."""

from __future__ import annotations

import json
import math
import re
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.screen import print_answer, print_complaint, safe
from terminal.words import count

if TYPE_CHECKING:
    from engine.api import Engine

NUMBER = re.compile(r"[\d,.]+")
COUNTED = {
    "delivered": ("delivery sent", "deliveries sent"),
    "failed": ("to be tried again", "to be tried again"),
    "dead": ("given up", "given up"),
    "reminders": ("reminder written", "reminders written"),
}
LETTERS = {
    "sent": ("letter to a person sent", "letters to people sent"),
    "failed": ("letter put off", "letters put off"),
    "dead": ("letter given up", "letters given up"),
}
"""What a round counts, in words for one and for more; a round that did none of it is not told."""


def _a_number(_ctx: click.Context, _param: click.Parameter, given: float) -> float:
    """Refuses what is called a number and is none, which a range lets through."""
    if math.isnan(given):
        raise click.BadParameter("nan is not in the range 1<=x<=240.")
    return given


@click.command("worker", cls=Act, short_help="Run the scheduler: sweep once a minute, until it is stopped.")
@click.option(
    "--every",
    type=click.FloatRange(1, 240),
    callback=_a_number,
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="The time from one round to the next, 1 to 240.",
)
@click.pass_obj
def worker(asked: Asked, every: float) -> None:
    """Run the scheduler in the foreground, until it is stopped. Have it run as a service of the machine.

    Each round does what `cocycle sweep` does, so nobody has to run that. It prints a line where something was done or
    went wrong, and with --json each line is an object. Several workers can run at once: everything is done once.

    SIGTERM and Ctrl-C end it after what is in hand. It holds nothing that could be lost, however it ends. Where the
    register cannot be used it waits for it. Where it is stuck itself, and no round ended for ten minutes, it exits
    with 70, so that it is started anew.
    """
    from engine.api import Scheduler, open_log, open_register
    from terminal.incident import record

    with asked.changing() as engine:  # what is wrong from the beginning is told as any command tells it
        register = engine.database.path
    settings = asked.settings()
    log = open_log(settings.log)

    def opening() -> Engine:
        return open_register(asked.register, settings=settings, log=log)

    def broke(error: Exception) -> str:
        number, words = record(error, ["worker"])
        return f"Incident {number}. {words}"

    lines = Lines(as_json=asked.json)
    scheduler = Scheduler(opening, lines.ended, broke, every=every)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda _sign, _frame: scheduler.stop())
    lines.say(
        {"started": str(register), "every": every}, f"The worker looks after {register}, every {_seconds(every)}."
    )
    scheduler.run()
    rounds = count(scheduler.rounds.made, "round", "rounds")
    lines.say({"stopped": scheduler.rounds.made}, f"The worker was told to stop, and has, after {rounds}.")


def _seconds(number: float) -> str:
    return "second" if number == 1 else f"{number:g} seconds"


class Lines:
    """What a worker prints: a line where there is something to tell."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._told: list[tuple[str, str]] = []  # the problems of the last round: the same again is not told again

    def ended(self, found: Mapping[str, Any]) -> None:
        """Tells of a round that ended, or that none does any more."""
        if "stuck" in found:
            words = f"No round has ended for {found['stuck']:g} seconds. The worker ends, to be started anew."
            print_complaint(f"{words}\n")
            return
        problems = [one["message"] for one in found["problems"]]
        alike = [(one["code"], NUMBER.sub("", one["message"])) for one in found["problems"]]
        news = alike != self._told  # how many seconds a clock is behind is no news
        said = [count(found[name], *words) for name, words in COUNTED.items() if found.get(name)]
        said += ["the newest checkpoint taken to outside places"] if found.get("anchored") and not problems else []
        told = found.get("notices") or {}
        said += [count(told[name], *words) for name, words in LETTERS.items() if told.get(name)]
        if news:
            said += [f"look here: {message}" for message in problems] or ["in order again"]
        self._told = alike
        if said:
            self.say(found, "; ".join(said))

    def say(self, found: Mapping[str, Any], words: str) -> None:
        """Prints a line, as an object with `at` or as a sentence after the time."""
        now = datetime.now(UTC)
        if self._as_json:
            print_answer(json.dumps({"at": now.isoformat(timespec="seconds"), **found}, default=str) + "\n")
        else:
            print_answer(f"{now:%Y-%m-%d %H:%M:%S} UTC  {safe(words)}\n")
        sys.stdout.flush()
