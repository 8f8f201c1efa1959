"""`audit log`: who searches gets exactly the entries they asked for, page by page, and is told every mistake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Engine, InputRefused, RulesRefused, SetClock, open_register
from engine.auditing.days import BadSpan, span
from engine.auditing.query import FAMILIES, QUALIFIERS
from engine.core.events import OF_THE_REGISTER, SCHEMA

from .town import ADMIN, COCHAIR, IDLE, LEAD, LONDON, MANAGER, PROJECT, SRO, START, Json, Town, found_town, refused


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A register with two projects, one of which passed a gate and was sent back; nobody changes it any more."""
    folder = tmp_path_factory.mktemp("told")
    found_town(folder)
    path = folder / "town.db"
    town = Town(path, open_register(path, clock=(clock := SetClock(START))), clock)
    town.open()
    town.open("CC-2")
    town.on("2026-06-03")
    town.pass_plan()
    town.on("2026-06-10")
    town.add("specification")
    town.engine.hold("CC-2", "A pause", actor=MANAGER)
    town.engine.grant(IDLE, "edi", project=PROJECT, actor=ADMIN)
    town.engine.advance(PROJECT, act="send_back", reason="Again", actor=SRO)
    town.on("2026-06-11")
    town.add("mandate")
    yield town.engine
    town.engine.close()


def asked(engine: Engine, *words: str, **more: Any) -> list[Json]:
    """Returns what a search finds."""
    return list(engine.audit_log(words, **more))


def test_everything_is_told_in_order(told: Engine) -> None:
    """Without a query every entry of the ledger is told, oldest first, and says what its leaf says."""
    rows = asked(told)
    assert [row["seq"] for row in rows] == list(range(len(rows)))
    assert len(rows) == told.verify()["size"]
    assert {row["action"] for row in rows} <= set(SCHEMA)
    assert rows[0]["action"] == "register_opened"
    assert rows[0]["name"] == "cocycle"


def test_each_qualifier_chooses_by_its_own_member(told: Engine) -> None:
    """An actor is found by e-mail and by id, an action by name and by family, a project with what is about it.

    Seen to fail when a family was taken for a name, and when the register's entries about a project were left out.
    """
    everything = asked(told)
    lead = next(row["by"] for row in everything if row["action"] == "evidence_added")
    by_lead = [row for row in everything if row["by"] == lead]
    assert asked(told, f"actor:{LEAD.upper()}") == asked(told, f"actor:{lead}") == by_lead
    assert {row["action"] for row in asked(told, "actor:system")} == {"register_opened", "person_added", "role_granted",
                                                                      "definition_loaded"}  # fmt: skip
    assert asked(told, "action:evidence") == [r for r in everything if r["action"].startswith("evidence_")]
    assert asked(told, "action:advanced") == [r for r in everything if r["action"] == "advanced"]
    about = asked(told, "project:CC-2")
    assert about == [row for row in everything if row["project"] == "CC-2"]
    assert {row["action"] for row in about} == {"project_opened", "role_granted", "held"}


def test_the_stage_is_the_one_before_the_entry(told: Engine) -> None:
    """An entry belongs to the stage its project was in; one that moves it belongs to the stage it left.

    Seen to fail when a move was told under the stage it led to.
    """
    rows = asked(told, f"project:{PROJECT}", "-action:role")
    assert [(r["action"], r["stage"]) for r in rows if r["action"] in ("project_opened", "advanced")] == [
        ("project_opened", "plan"),
        ("advanced", "plan"),
        ("advanced", "design"),
    ]
    assert [r["body"]["requirement"] for r in asked(told, "stage:design", "action:evidence")] == ["specification"]
    assert asked(told, "stage:design", after=str(rows[-2]["seq"])) == []
    # found by the index where the search began after the move
    last = asked(told, "action:evidence_added", after=str(rows[-2]["seq"]))
    assert [r["stage"] for r in last] == ["plan"]


def test_either_both_and_not(told: Engine) -> None:
    """The same qualifier twice means either, different ones mean both, and a dash means not."""
    everything = asked(told)
    either = asked(told, "action:signed", "action:decided")
    assert either == [r for r in everything if r["action"] in ("signed", "decided")]
    both = asked(told, "action:signed", f"actor:{SRO}")
    assert both == [r for r in either if r["action"] == "signed" and r["name"] == "Sro"]
    assert asked(told, "action:signed", f"-actor:{SRO}") == [
        r for r in either if r["action"] == "signed" and r["name"] != "Sro"
    ]
    assert asked(told, "action:signed -actor:" + SRO) == asked(told, "action:signed", f"-actor:{SRO}"), "in one word"
    without = asked(told, "-project:CC-2", f"-project:{PROJECT}")
    assert without == [r for r in everything if r["project"] is None]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("created:2026-06-03", {3}),
        ("created:>=2026-06-10", {10, 11}),
        ("created:>2026-06-10", {11}),
        ("created:<2026-06-03", {1}),
        ("created:<=2026-06-03", {1, 3}),
        ("created:2026-06-03..2026-06-10", {3, 10}),
        ("created:*..2026-06-03", {1, 3}),
        ("created:2026-06-10..*", {10, 11}),
        ("-created:2026-06-03", {1, 10, 11}),
        ("created:2026-06-01 created:2026-06-11", {1, 11}),
        ("created:>=2026-06-10T08:00:00Z", {10, 11}),
        ("created:2026-06-04..2026-06-09", set()),
    ],
)
def test_days_and_ranges_of_days(told: Engine, words: str, days: set[int]) -> None:
    """`created:` takes a day, a comparison and a range with both its ends; given twice it means either.

    Seen to fail when the search began one entry after the first of the day.
    """
    rows = asked(told, words)
    assert rows == [r for r in asked(told) if _day(r) in days]
    assert {_day(row) for row in rows} == days


def _day(row: Json) -> int:
    return datetime.fromisoformat(row["at"]).astimezone(LONDON).day


def test_a_day_is_a_day_of_england_and_wales() -> None:
    """A summer day begins at 23:00 UTC of the day before, and ends a microsecond before the next one does."""
    assert span("2026-06-01").first == "2026-05-31T23:00:00.000000Z"
    assert span("2026-06-01").last == "2026-06-01T22:59:59.999999Z"
    assert span(">2026-10-25").first == "2026-10-26T00:00:00.000000Z", "the day that has 25 hours"
    assert span("2026-06-01T12:00Z").last == "2026-06-01T12:00:59.999999Z"


@given(raw=st.text("0123456789-.*<>=TZ:+ é", max_size=24))
def test_a_span_is_one_or_is_refused_in_a_sentence(raw: str) -> None:
    """Whatever is typed after `created:` is a span whose first moment is not after its last, or a sentence."""
    try:
        found = span(raw or "x")
    except BadSpan as bad:
        said = str(bad)
    else:
        said = "." if found.first <= found.last else "the span ends before it begins"
    assert said.endswith(".")


WORDS = st.sampled_from(
    [
        f"actor:{SRO}",
        f"actor:{COCHAIR}",
        "actor:system",
        "action:signed",
        "action:evidence",
        "action:role",
        "action:advanced",
        f"project:{PROJECT}",
        "project:CC-2",
        "stage:plan",
        "stage:design",
        "created:>2026-06-03",
        "created:2026-06-03..2026-06-10",
    ]
)
QUERIES = st.lists(st.tuples(st.booleans(), WORDS).map(lambda w: f"-{w[1]}" if w[0] else w[1]), max_size=4)


@settings(max_examples=150, deadline=None)
@given(query=QUERIES, size=st.integers(1, 9))
def test_any_search_page_by_page_is_the_whole_log_held_against_it(told: Engine, query: list[str], size: int) -> None:
    """For any query, its pages after one another are the entries of the whole log that fit it, each once.

    Seen to fail when the stage of a project was remembered across entries that the search had left out.
    """
    wanted = [row for row in asked(told) if _fits(row, query)]
    pages: list[Json] = []
    after = None
    while page := asked(told, *query, after=after, limit=size):
        assert len(page) <= size
        pages += page
        after = str(page[-1]["seq"])
    assert pages == wanted


def _fits(row: Json, query: list[str]) -> bool:
    """Says independently of the engine whether an entry fits a query."""
    emails = {SRO: "Sro", COCHAIR: "Cochair", "system": "cocycle"}
    wanted: dict[str, list[bool]] = {}
    for word in query:
        qualifier, _, value = word.removeprefix("-").partition(":")
        day = datetime.fromisoformat(row["at"]).astimezone(LONDON).date().isoformat()
        holds = {
            "actor": row["name"] == emails.get(value),
            "action": row["action"].split("_")[0] == value,
            "project": row["project"] == value,
            "stage": row["stage"] == value,
            "created": day > "2026-06-03" if value[0] == ">" else "2026-06-03" <= day <= "2026-06-10",
        }[qualifier]
        if word[0] == "-" and holds:
            return False
        if word[0] != "-":
            wanted.setdefault(qualifier, []).append(holds)
    return all(any(found) for found in wanted.values())


def test_every_mistake_is_told_at_once(told: Engine) -> None:
    """Each word that cannot be meant is told with what there is or the nearest name, all of them in one refusal."""
    words = ["actr:x", "foo", "action:advance", "stage:desing", "project:CC-11", "actor:sr@example.org",
             "created:2026-02-30", "created:2026-06-02..2026-06-01", "project:"]  # fmt: skip
    error = refused(InputRefused, "input_refused", lambda: told.audit_log(words, after="x", limit=0))
    said = {p["field"]: p["message"] for p in error.details["problems"]}
    assert set(said) == {*words, "after", "limit"}
    for word, part in {
        "actr:x": "Did you mean actor?",
        "foo": "A word by itself searches nothing",
        "action:advance": "Did you mean advanced?",
        "stage:desing": "Did you mean design?",
        "project:CC-11": "Did you mean CC-1?",
        "actor:sr@example.org": "Did you mean sro@example.org?",
        "created:2026-02-30": "write it like 2026-06-01",
        "created:2026-06-02..2026-06-01": "ends before it begins",
        "project:": "needs a value, like project:P-0001",
    }.items():
        assert part in said[word]


def test_the_names_of_the_query_are_those_of_the_schema() -> None:
    """Every event is found by its family, each qualifier has an example of itself, and the register's events are known.

    The schema lists the register's own events before `project_opened`; a new one must be added to `OF_THE_REGISTER`,
    or a search for it alone would look where it is not.
    """
    assert {name for name in SCHEMA if "_" in name} == {n for n in SCHEMA if n.partition("_")[0] in FAMILIES} - {
        n for n in SCHEMA if "_" not in n
    }
    assert all(example.startswith(f"{name}:") for name, example in QUALIFIERS.items())
    names = list(SCHEMA)
    assert set(names[: names.index("project_opened")]) == OF_THE_REGISTER


def test_a_refused_act_is_found_in_its_project(town: Town) -> None:
    """What was refused is an entry of the register, and is found under its project, its person and its stage."""
    town.open()
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    rows = list(town.engine.audit_log(["action:refused", f"project:{PROJECT}", f"actor:{SRO}", "stage:plan"]))
    assert [row["version"] for row in rows] == [0]


def test_erased_words_show_as_erased(town: Town) -> None:
    """Words that were erased are null; their names stay, so that one sees that something was there."""
    seq = town.open()["seq"] - len(town.happened()) + 1
    with town.sql() as database:
        database.execute("DELETE FROM word WHERE name = 'title'")
    town.wrecked = True
    [row] = town.engine.audit_log([f"project:{PROJECT}", "action:project_opened"])
    assert row["words"] == {"title": None}
    assert row["seq"] == seq


def test_a_search_leaves_the_register_free_between_its_pages(town: Town) -> None:
    """Somebody who reads slowly holds no lock: acts go on meanwhile, and the search ends where the ledger ended."""
    town.open()
    size = town.size
    rows = town.engine.audit_log()
    first = next(rows)
    town.add("mandate")
    assert first["seq"] == 0
    assert [row["seq"] for row in rows] == list(range(1, size))
    town.engine.add_person("new@example.org", "New", actor=ADMIN)


def test_a_column_that_was_altered_hides_nothing(town: Town) -> None:
    """Who did what is read from the leaf: another name or person in the columns beside it changes no search.

    Seen to fail when actions were chosen by the column.
    """
    town.open()
    town.add("mandate")
    wanted = list(town.engine.audit_log(["action:evidence_added", f"actor:{LEAD}"]))
    assert len(wanted) == 1
    town.wrecked = True
    with town.sql() as database:
        database.execute("DROP TRIGGER entry_is_never_updated")
        database.execute("UPDATE entry SET name = 'held', actor = 'system' WHERE name = 'evidence_added'")
    assert list(town.reopen().audit_log(["action:evidence_added", f"actor:{LEAD}"])) == wanted


def test_days_between_are_skipped_by_halving(town: Town, tmp_path: Path) -> None:
    """A search by day begins at the first entry of that day, however many came before it at the same moment."""
    for number in range(3):
        town.open(f"P-{number}")
    town.clock.set(START + timedelta(days=2))
    seq = town.open("P-9")["seq"]
    assert next(iter(town.engine.audit_log(["created:2026-06-03"])))["seq"] == seq
