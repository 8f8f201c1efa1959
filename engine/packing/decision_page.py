"""The page about one decision on a gate: what was required, what stood, and who decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.core.gates import HOLDS
from engine.packing import html

Json = Mapping[str, Any]
BASES = {"law": "Law", "guide": "Guidance", "good_practice": "Good practice", "local": "Local rule"}


def decision_page(told: Json, zone: str) -> bytes:
    """Returns the page of a decision, from what `telling` tells of it; moments are shown in a time zone."""
    verb = "passed" if told["kind"] == "passed" else "refused"
    title = f"{told['gate_title']}: {verb} on {html.day(told['day'])}"
    return html.page(title, _body(told, zone), home="../../index.html")


def _body(told: Json, zone: str) -> Iterator[str]:
    yield html.paragraph(html.text(told["summary"]), "lead")
    where = html.text(f"{told['from_title']} to {told['to_title']}" if told["to_title"] else told["from_title"])
    yield html.facts(
        [
            ("Project", f"{html.code(told['project'])} {html.typed(told['title'])}"),
            ("From and to", where),
            ("Recorded", f"{html.text(html.moment(zone, told['at']))}, entry {told['seq']} of the ledger"),
            ("Asked for by" if told["kind"] == "refused" else "Moved by", html.typed(told["by"]["name"])),
            ("Rules", f"{html.text(told['workflow'])}, version {html.text(told['workflow_version'])}"),
            *((("Reason given", html.typed(told["reason"])),) if told["reason"] is not None else ()),
        ]
    )
    yield corrected(told["corrected"], zone)
    if told["kind"] == "refused":
        yield "<h2>What was missing</h2>"
        missing = [*_missing(told["requirements"]), *(html.text(one) for one in told["undecided"])]
        yield html.bullets(missing) or html.paragraph("A decision of somebody who decides.")
    if told["kind"] == "passed":
        yield "<h2>Who decided</h2>"
        yield from _deciders(told, zone)
    standing = {d["decision"] for d in told["decided_by"]}
    before = [d for d in told["said"] if d["decision"] not in standing]
    if before:
        yield _decisions("What they had said before" if told["kind"] == "passed" else "Said by then", before, zone)
    if told["conditions"]:
        yield "<h2>Conditions</h2>"
        rows = [(html.typed(c["text"]), html.typed(c["name"]), html.day(c["due"])) for c in told["conditions"]]
        yield html.table("What had to be done afterwards", ["Condition", "Owner", "Due"], rows)
    yield "<h2>What was required</h2>"
    for requirement in told["requirements"]:
        yield _requirement(requirement, told, zone, 3)
    yield "<h2>What was looked at</h2>"
    if not told["records"]:
        yield html.paragraph("No record.")
    for record in told["records"]:
        yield record_card(record, "../../", 3)
    if told["fields"]:
        yield "<h2>The project as it was recorded then</h2>"
        yield html.facts((f["title"], html.typed(f["shown"])) for f in told["fields"])
    yield "<h2>How this can be checked</h2>"
    seq = f"{told['seq']:06d}"
    own = "events" if told["kind"] == "passed" else "register"
    yield html.facts(
        [
            ("Entry", html.link(f"../{own}/{seq}.json", html.code(f"data/{own}/{seq}.json"))),
            ("Receipt", html.link(f"../receipts/{seq}.tlog-proof", html.code(f"data/receipts/{seq}.tlog-proof"))),
            ("Hash of the entry", html.code(told["leaf"])),
            ("This page as JSON", html.link(f"{seq}.json", html.code(f"{seq}.json"))),
            ("Signed statement", html.link(f"{seq}.dsse.json", html.code(f"{seq}.dsse.json"))),
            ("Rules in full", html.link(f"../definitions/{told['definition']}.yaml", html.code(told["definition"]))),
        ]
    )


def _missing(requirements: Iterable[Json]) -> Iterator[str]:
    for one in requirements:
        if one["state"] not in HOLDS:
            yield f"{html.text(one['title'])}: {html.state(one['state'])}"


def _requirement(requirement: Json, told: Json, zone: str, level: int) -> str:
    heading = f"h{min(level, 6)}"
    parts = [
        f"<{heading}>{html.text(requirement['title'])}</{heading}>",
        html.paragraph(html.state(requirement["state"])),
    ]
    if requirement["help"]:
        parts.append(html.paragraph(html.text(requirement["help"])))
    parts.append(html.bullets(html.text(why) for why in requirement["why"]))
    if (plugin := requirement["plugin"]) is not None:
        who = f"Judged by the plugin {plugin['plugin']} {plugin['version']} ({plugin['use']}), digest of its files "
        parts.append(f"<p>{html.text(who)}{html.code(plugin['digest'])}.</p>")
    pairs = []
    if requirement["basis"]:
        kind = BASES.get(requirement["basis"]["kind"], requirement["basis"]["kind"])
        pairs.append(("Where it comes from", html.text(f"{kind}: {requirement['basis']['source']}")))
    if requirement["level"]:
        pairs.append(("Level asked for", html.text(requirement["level"].replace("_", "-"))))
    if requirement["evidence"]:
        pairs.append(("Evidence", ", ".join(html.link(f"#{e}", html.code(e)) for e in requirement["evidence"])))
    for signature in requirement["signatures"]:
        who = f"{html.typed(signature['name'])}, {html.text(html.moment(zone, signature['at']))}"
        pairs.append((f"Signed: {signature['role_title']}", who))
    waiver = requirement["waiver"]
    if waiver:
        people = f"{html.typed(waiver['by'])} and {html.typed(waiver['second'])}"
        pairs.append(("Waived", f"by {people} until {html.day(waiver['until'])}: {html.typed(waiver['reason'])}"))
    if requirement["principles"]:
        pairs.append(("Principles", html.text("; ".join(requirement["principles"]))))
    parts.append(html.facts(pairs))
    parts += [_requirement(child, told, zone, level + 1) for child in requirement["of"]]
    return f'<div class="card">{"".join(parts)}</div>'


def _deciders(told: Json, zone: str) -> Iterator[str]:
    if not told["decided_by"]:
        yield html.paragraph("This gate asks for nobody's decision beside the signatures above.")
        return
    yield _decisions("Each person's own decision", told["decided_by"], zone)


def _decisions(caption: str, found: Iterable[Json], zone: str) -> str:
    rows = [
        (
            html.typed(d["name"]),
            html.text(d["role_title"]),
            "Dissents: " + html.typed(d["words"]) if d["dissent"] else "Passes",
            html.text(html.moment(zone, d["at"])),
        )
        for d in found
    ]
    return html.table(caption, ["Name", "Role", "Decision", "When"], rows)


def corrected(found: Iterable[Json], zone: str | None = None) -> str:
    """Returns the note beside what somebody said is wrong; nothing where nobody did."""
    return "".join(
        html.paragraph(
            f"<strong>Corrected</strong> by entry {one['entry']}, by {html.typed(one['name'])} with"
            f" {html.typed(one['second'])}"
            + ("" if zone is None else f" on {html.text(html.moment(zone, one['at']))}")
            + f": {html.typed(one['reason'])}"
        )
        for one in found
    )


def record_card(record: Json, up: str, level: int) -> str:
    """Returns what is told of a record; `up` leads from the page to the top of the pack."""
    heading = f"h{level}"
    title = f"{record['kind_title']}, for “{record['requirement_title']}”"
    pairs = [
        ("Evidence", html.code(record["evidence"])),
        ("Handed in by", f"{html.typed(record['name'])}, {html.day(record['recorded_on'])}, entry {record['entry']}"),
        ("Happened on", html.day(record["happened_on"])),
    ]
    if record["level"]:
        pairs.append(("Level claimed", html.text(record["level"].replace("_", "-"))))
    if record["judged"]:
        pairs.append(("Judged by an auditor as", html.text(record["judged"].replace("_", "-"))))
    pairs += [(fact["title"], html.typed(fact["shown"])) for fact in record["facts"]]
    for file in record["files"]:
        pairs.append(("File", _file(file, up)))
    if (examined := record["examined"]) is not None:
        pairs.append(("Examined", _examination(examined)))
    if record["withdrawn"]:
        pairs.append(("State", "Withdrawn"))
    if record["erased_by"]:
        entries = ", ".join(str(seq) for seq in record["erased_by"])
        pairs.append(("Erased", f"Words or files of this record were erased, by entry {entries}."))
    return (
        f'<div class="card" id="{html.text(record["evidence"])}"><{heading}>{html.text(title)}</{heading}>'
        f"{corrected(record['corrected'])}{html.facts(pairs)}</div>"
    )


def _examination(examined: Json) -> str:
    found = {"passed": "no fault found", "faulty": "faults found", "failed": "the examiner broke down"}[
        examined["state"]
    ]
    said = [html.typed(one["says"]) for one in examined["found"]]
    who = html.text(f"By the plugin {examined['plugin']} {examined['version']}: {found}.")
    return who + html.bullets(said) if said else who


def _file(file: Json, up: str) -> str:
    size = f"{file['size']:,} bytes"
    if file["path"] is None:
        return f"<em>not in this pack</em>, {size}"
    name = html.typed(file["name"], gone="a file whose name is kept back")
    return f"{html.link(up + file['path'], name)}, {size}, SHA-256 {html.code(file['sha256'])}"
