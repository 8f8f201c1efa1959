"""What was refused, and what was corrected, as people read it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]
GIL, NAN, PIA, ADA, AUD = (f"{name}@example.org" for name in ("gil", "nan", "pia", "ada", "aud"))


def test_a_refusal_says_where_it_is_on_record(work: Run) -> None:
    """Whoever is refused is told that it is on record, with its place; between two entries there is nothing to tell.

    Seen to fail when the place was told whether there was an entry or not.
    """
    first, second = (work("project", "hold", "G-1", "--reason", "r", "--as", GIL) for _ in range(2))
    assert (first.returncode, second.returncode) == (6, 6)
    place = re.search(r"That it was refused is on record: ledger entry (\d+)\.", first.stderr)
    assert place is not None
    assert json.loads(work("ledger", "leaf", place[1]).stdout)["event"] == "refused"
    assert "on record" not in second.stderr
    third = json.loads(work("project", "hold", "G-1", "--reason", "r", "--as", GIL, "--json").stdout)
    assert third["error"]["details"] == {"recorded": 3}


def test_a_project_shows_who_tried_what(work: Run) -> None:
    """A project's page and history say who tried what, why it was refused, how often and since when, in plain words."""
    for _ in range(3):
        work("advance", "G-1", "--as", GIL)
    work("project", "set", "G-1", "budget=1", "--as", "mallory@example.org")
    work("sign", "G-1", "plan", "--as", GIL)
    shown = " ".join(work("project", "show", "G-1").stdout.split())
    assert re.search(
        r"Refused attempts .*Gil Gardener tried to move it to Dig; the gate was shut \(3 times since \d+ \w+ \d{4}\),"
        r" ledger entry \d+\.",
        shown,
    )
    assert "Somebody who is not known here tried to set its fields; only people the register knows may (" in shown
    assert "mallory" not in shown
    history = " ".join(work("project", "history", "G-1").stdout.split())
    assert "Gil Gardener Refused: tried to move it to Dig; the gate was shut (3 times that day)." in history
    assert (
        "Somebody who is not known here Refused: tried to set its fields; only people the register knows may."
        in history
    )


def test_a_project_without_a_refusal_says_nothing_of_it(look: Run) -> None:
    """Where nothing was refused the page has no heading for it."""
    assert "Refused attempts" not in look("project", "show", "G-1", "--as-of", "12").stdout


def test_only_the_newest_attempts_stand_on_the_page(work: Run) -> None:
    """The page shows ten things at most, and the command that shows the others."""
    attempts = [("project", "set", "G-1", "budget=1"), ("project", "hold", "G-1", "--reason", "r")]
    attempts += [("project", "resume", "G-1", "--reason", "r"), ("advance", "G-1")]
    for by in (GIL, NAN, AUD):
        for words in attempts:
            work(*words, "--as", by)
    shown = work("project", "show", "G-1").stdout
    part = shown.partition("Refused attempts")[2]
    found = json.loads(work("project", "show", "G-1", "--json").stdout)["refused"]
    assert len(found) > 10
    assert part.count("ledger entry") == 10
    older = len(found) - 10
    assert f"There {'is' if older == 1 else 'are'} {older} older one{'' if older == 1 else 's'}:" in part
    assert "cocycle project history G-1" in part


def test_a_correction_is_made_and_read(work: Run) -> None:
    """`correct` answers with its own place, and the history shows the correction right below what it corrects."""
    history = json.loads(work("project", "history", "G-1", "--json").stdout)["history"]
    seq = str(history[-1]["seq"])
    made = work("correct", seq, "--reason", "It was June, not May.", "--second", PIA, "--as", GIL)
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(rf"Entry {seq} is corrected by entry \d+\. Nothing else was changed\.\n", made.stdout)
    lines = work("project", "history", "G-1").stdout
    below = " ".join(lines[lines.index(f"\n{seq} ") if f"\n{seq} " in lines else lines.index(seq) :].split())
    assert f"Gil Gardener Corrected entry {seq}, with Pia Manager: It was June, not May." in below
    answer = json.loads(work("correct", seq, "--reason", "And again.", "--second", ADA, "--as", PIA, "--json").stdout)
    assert answer["events"] == ["corrected"]


def test_a_correction_that_may_not_be_is_refused_in_words(work: Run) -> None:
    """An entry that is not there is not found (8); somebody who may not, or one person twice, is told so (6)."""
    nowhere = work("correct", "999", "--reason", "r", "--second", PIA, "--as", ADA)
    assert (nowhere.returncode, nowhere.stdout) == (8, "")
    assert "The ledger has no entry 999" in nowhere.stderr
    for first, second in ((NAN, PIA), (PIA, PIA), (AUD, PIA)):
        ended = work("correct", "1", "--reason", "r", "--second", second, "--as", first)
        assert ended.returncode == 6, ended.stderr
        assert "ledger entry" in ended.stderr
