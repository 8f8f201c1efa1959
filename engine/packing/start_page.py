"""The start page of a pack, and the page of the sample that an auditor looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.core.events import Entry
from engine.packing import html
from engine.packing.decision_page import record_card
from engine.packing.gathering import Gathered
from engine.packing.history import happened
from engine.packing.readme import NOT_PROVEN, PROVEN, commands
from engine.packing.sample import ALGORITHM

Json = Mapping[str, Any]


def start_page(found: Gathered, decisions: Sequence[Json], records: Sequence[Json], sample: Json | None) -> bytes:
    """Returns index.html."""
    return html.page(f"Evidence pack of project {found.project.id}", _start(found, decisions, records, sample))


def _start(found: Gathered, decisions: Sequence[Json], records: Sequence[Json], sample: Json | None) -> Iterator[str]:
    project, workflow, zone = found.project, found.workflow, found.workflow.time_zone
    last = found.everything()[-1]
    yield html.paragraph(html.typed(project.title), "lead")
    yield html.paragraph(
        "This pack holds what was recorded about one project: what people handed in, who signed, which rules applied,"
        " and how each decision on a gate was made. It can be read, kept and checked without us."
    )
    yield html.facts(
        [
            ("Project", html.code(project.id)),
            ("Follows", html.text(f"{workflow.title}, version {workflow.version}")),
            ("Now in", html.text(workflow.stages[project.stage].title)),
            ("Entries", f"{len(found.entries)} of the project, numbered from 1 with none left out"),
            ("Last entry in this pack", f"{last.seq}, {html.text(html.moment(zone, last.at))} ({html.text(zone)})"),
            ("Register", html.code(found.signed.checkpoint.origin)),
            ("Size of its ledger", f"{found.signed.checkpoint.size} entries"),
        ]
    )
    yield "<h2>Decisions on gates</h2>"
    if not decisions:
        yield html.paragraph("No gate has been passed yet, and nobody was refused to pass one.")
    else:
        rows = [
            (
                html.link(f"data/decisions/{told['seq']:06d}.html", html.text(told["gate_title"])),
                _outcome(found, told),
                html.day(told["day"]),
                html.text(told["summary"]),
            )
            for told in decisions
        ]
        yield html.table(
            "Every gate that was passed, or was shut when somebody tried", ["Gate", "Outcome", "Day", "In short"], rows
        )
    yield "<h2>Check it yourself</h2>"
    yield html.paragraph(
        "You need Python 3.9 or newer, which many computers have. Open a terminal in the folder of this page. Ask the"
        " register for its public key by another way than this pack, and type:"
    )
    yield "".join(f"<pre>{html.text(line)}</pre>" for line in commands()[:1])
    yield html.paragraph(
        "The answer is one of three: intact, altered (and at which entry), or rewritten. "
        + html.link("README.txt", "README.txt")
        + " has all the commands."
    )
    yield "<h3>What an answer proves</h3>" + html.bullets(html.text(one) for one in PROVEN)
    yield "<h3>What it does not prove</h3>" + html.bullets(html.text(one) for one in NOT_PROVEN)
    if sample is not None:
        yield "<h2>Sample for an audit</h2>"
        yield html.paragraph(
            html.link("data/sample.html", f"{len(sample['records'])} records, drawn by a seed")
            + " for a sampling audit."
        )
    yield "<h2>Rules that applied</h2>"
    yield html.bullets(
        f"{html.text(row.title)}, version {html.text(row.version)}:"
        f" {html.link(f'data/definitions/{row.digest}.yaml', 'as it was written')},"
        f" {html.link(f'data/definitions/{row.digest}.json', 'as it is judged by')}"
        for row in found.definitions
    )
    yield "<h2>Evidence</h2>"
    if not records:
        yield html.paragraph("Nothing has been handed in.")
    yield from (record_card(record, "", 3) for record in records)
    yield "<h2>Everything that happened</h2>"
    about = [e for e in found.register if e.event.body.get("project") == project.id]
    rows = [
        (
            html.link(f"data/{'events' if e.event.project else 'register'}/{e.seq:06d}.json", str(e.seq)),
            html.text(html.moment(zone, e.at)),
            _who(found, e),
            happened(e, workflow, found.name),
        )
        for e in sorted([*found.entries, *about], key=lambda e: e.seq)
    ]
    yield html.table("The project's entries, oldest first", ["Entry", "When", "Who", "What"], rows)


def _outcome(found: Gathered, told: Json) -> str:
    """Returns how a decision ended, and what became of the gate since."""
    if told["kind"] == "refused":
        return "Refused"
    said = "Passed with conditions" if told["conditions"] else "Passed"
    since = [p for p in found.project.passings if p.seq == told["seq"]]
    if any(p.reopened for p in since):
        return f"{said}. Reopened since"
    if any((p.lost or p.overdue) and not p.affirmations for p in since):
        return f"{said}. Found no longer sound since"
    return said


def _who(found: Gathered, entry: Entry) -> str:
    """Returns who did something; somebody who was refused may be nobody that the register knows."""
    if entry.event.name == "refused" and entry.by == "system":
        return "Somebody the register does not know"
    return html.typed(found.name(entry.by))


def sample_page(sample: Json, records: Sequence[Json]) -> bytes:
    """Returns the page of a sample; `records` are those that were drawn, in the order they were drawn."""
    return html.page("Sample for an audit", _sample(sample, records), home="../index.html")


def _sample(sample: Json, records: Sequence[Json]) -> Iterator[str]:
    yield html.paragraph(
        f"{len(records)} of {sample['of']} records of evidence. Whoever knows the seed and the records can draw the"
        " same sample again, so nobody could choose what is looked at.",
        "lead",
    )
    chosen = (
        "It was given by whoever made this pack."
        if sample["seed_given"]
        else ("Nobody gave one, so it is the root of the ledger in the pack’s checkpoint, which nobody can choose.")
    )
    yield html.facts([("Seed", html.code(sample["seed"])), ("Where the seed is from", chosen)])
    yield html.paragraph(
        f"How it was drawn: for each record take the SHA-256 of three lines, each with a line end: “{ALGORITHM}”, the"
        " seed, and the record’s id. The records with the smallest numbers are the sample, smallest first."
    )
    rows = [
        (
            str(place),
            html.link(f"#{r['evidence']}", html.code(r["evidence"])),
            html.text(r["requirement_title"]),
            "☐",
            "",
        )
        for place, r in enumerate(records, 1)
    ]
    yield html.table("To be filled in by the auditor", ["Number", "Evidence", "For", "Looked at", "Notes"], rows)
    yield "<h2>The records</h2>"
    yield from (record_card(record, "../", 3) for record in records)
