"""How much, how long and in what form a plugin may answer: the last that is read, and the first that is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from engine.core.opinions import Opinion, Source
from engine.hosting.answers import NoAnswer, described_of, file_names_of, findings_of, one_line, opinion_of
from engine.hosting.described import Described

SOURCE = Source("acme", "1.0", "0" * 64)
VERDICT: dict[str, Any] = {
    "state": "met",
    "why": ["Three sat on it."],
    "evidence": [],
    "not_before": None,
    "fields": [],
    "records": [],
}
FINDING: dict[str, Any] = {"code": "too-few", "says": "Two sat on it.", "severity": "fault"}
FILE: dict[str, Any] = {"name": "list.csv", "media_type": "text/csv"}
STAGE: dict[str, Any] = {"id": "pause", "title": "A pause", "text": ""}
EVIDENCE: dict[str, Any] = {"id": "minutes", "title": "Minutes", "file": "none", "fields": {}, "examined": True}
REQUIREMENT: dict[str, Any] = {"id": "panel", "title": "A panel", "help": "", "options": {}, "evidence": None}


def verdict(**other: Any) -> Opinion:
    return opinion_of(VERDICT | other, SOURCE)


def described(**said: Any) -> Described:
    return described_of("acme", {"hooks": [], **said})


def refused(read: Callable[[], object]) -> str:
    """Fails unless what came is no answer; returns why."""
    with pytest.raises(NoAnswer) as caught:
        read()
    return str(caught.value)


def nested(deep: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(deep):
        found = {"a": found}
    return found


# ---- verdicts


def test_a_verdict_is_read_member_by_member() -> None:
    """Each member comes to where it belongs, and no two of them change places."""
    said = verdict(state="pending", not_before="2026-07-01", evidence=["a1"], fields=["size"], records=["talk"])
    assert said == Opinion("pending", ("Three sat on it.",), SOURCE, ("a1",), date(2026, 7, 1), ("size",), ("talk",))


@pytest.mark.parametrize("state", ["error", "Met", "met ", "", "waived", "not_applicable", None, True, ["met"]])
def test_a_plugin_says_met_unmet_or_pending(state: object) -> None:
    """Nothing else is a state that a plugin can give, an error included, which only the core states."""
    assert {verdict(state=one).state for one in ("met", "unmet", "pending")} == {"met", "unmet", "pending"}
    assert "met, unmet or pending" in refused(lambda: verdict(state=state))


@pytest.mark.parametrize("why", [[], [""], [" \t"], ["Yes.", "\n"], ["Yes.", 1], "Yes.", None, ["Yes.\x00"]])
def test_a_verdict_has_a_reason_that_can_be_read(why: object) -> None:
    """Without a sentence, with an empty one among others, or with one nobody can print, it opens nothing."""
    assert refused(lambda: verdict(why=why))


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-7-1", "20260701", "2026-07-01T00:00", " 2026-07-01", "2026-W27-3", "٢٠٢٦-٠٧-٠١", 1, ""]
)
def test_a_wait_names_a_day_of_the_calendar(day: object) -> None:
    """Year, month and day in plain digits, and a day there is."""
    assert "no day" in refused(lambda: verdict(state="pending", not_before=day))


def test_a_verdict_says_so_much_and_no_more() -> None:
    """Twenty sentences of a thousand characters and ten thousand names of two hundred are read, and not one more."""
    assert len(verdict(why=["w" * 1_000] * 20).why) == 20
    assert refused(lambda: verdict(why=["w"] * 21))
    assert refused(lambda: verdict(why=["w" * 1_001]))
    for member in ("evidence", "fields", "records"):
        assert getattr(verdict(**{member: ["n" * 200] * 10_000}), member) == ("n" * 200,) * 10_000
        assert refused(partial(verdict, **{member: ["n"] * 10_001}))
        assert refused(partial(verdict, **{member: ["n" * 201]}))


# ---- findings and files


@pytest.mark.parametrize("code", ["", "Few", "few-", "-few", "too--few", "too_few", "1few", "few\n", 1, None])
def test_a_finding_has_a_code_of_small_words(code: object) -> None:
    """A code stands in the ledger in clear: small letters and digits, with single hyphens between."""
    assert findings_of([FINDING | {"code": "few-2-b"}]) == (("few-2-b", "fault", "Two sat on it."),)
    assert "whose code is none" in refused(lambda: findings_of([FINDING | {"code": code}]))


def test_findings_are_faults_or_notes_in_words_and_not_many() -> None:
    """Two severities, a sentence of a thousand characters at most, and two hundred findings at most."""
    assert [severity for _, severity, _ in findings_of([FINDING, FINDING | {"severity": "note"}])] == ["fault", "note"]
    for severity in ("Fault", "error", "", None, ["fault"]):
        assert "neither a fault nor a note" in refused(partial(findings_of, [FINDING | {"severity": severity}]))
    assert "without words" in refused(lambda: findings_of([FINDING | {"says": "  "}]))
    assert findings_of([FINDING | {"says": "s" * 1_000}])
    assert refused(lambda: findings_of([FINDING | {"says": "s" * 1_001}]))
    assert len(findings_of([FINDING] * 200)) == 200
    assert refused(lambda: findings_of([FINDING] * 201))


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".list", " list", "list ", "a\tb", "n" * 201, 1, *(f"a{c}b" for c in '/\\:*?"<>|')]
)
def test_a_file_s_name_leads_nowhere_else(name: object) -> None:
    """No name is hidden, leads to another folder, or is another once its blanks are put right."""
    assert refused(lambda: file_names_of([FILE | {"name": name}]))


def test_no_more_files_than_a_thousand() -> None:
    """A thousand files of different names are read, in their order, with their types; one more is no answer."""
    some = [FILE | {"name": f"{n}.csv"} for n in range(1_001)]
    assert file_names_of(some[:-1]) == [(f"{n}.csv", "text/csv") for n in range(1_000)]
    assert refused(lambda: file_names_of(some))


# ---- what a plugin says of itself


def test_a_description_is_read_hook_by_hook() -> None:
    """Stages, kinds, observers, channels and exporters come to where they belong, with what each says of itself."""
    found = described(
        hooks=["cocycle_stages"],
        cocycle_commands=["knit"],
        cocycle_stages=[STAGE | {"text": "Wait."}],
        cocycle_evidence_kinds=[EVIDENCE | {"fields": {"seats": {"type": "count"}}}],
        cocycle_requirement_kinds=[REQUIREMENT | {"help": "Ask.", "options": {"n": {}}, "evidence": "minutes"}],
        cocycle_observers=[{"id": "post", "title": "Post", "picky": True}],
        cocycle_channels=[{"id": "line", "title": "A line"}],
        cocycle_exporters=[{"id": "table", "title": "A table", "whole": True}],
    )
    assert (found.name, found.hooks, found.commands) == ("acme", ("cocycle_stages",), ("knit",))
    assert (found.stages["pause"].title, found.stages["pause"].text) == ("A pause", "Wait.")
    kind = found.evidence_kinds["minutes"]
    assert (kind.title, kind.file, kind.fields, kind.examined) == (
        "Minutes",
        "none",
        {"seats": {"type": "count"}},
        True,
    )
    judged = found.requirement_kinds["panel"]
    assert (judged.title, judged.help, judged.options, judged.evidence) == ("A panel", "Ask.", {"n": {}}, "minutes")
    assert (found.observers["post"].title, found.observers["post"].picky) == ("Post", True)
    assert found.channels["line"].title == "A line"
    assert (found.exporters["table"].title, found.exporters["table"].whole) == ("A table", True)


@pytest.mark.parametrize(
    ("hook", "item"),
    [
        *(("cocycle_stages", STAGE | {"id": id}) for id in ("", "Pause", "1st", "_a", "a b", "p" * 61, "pause\n", 1)),
        *(("cocycle_stages", STAGE | {"title": title}) for title in ("", " ", "t" * 201, 1)),
        ("cocycle_stages", STAGE | {"text": None}),
        *(("cocycle_evidence_kinds", EVIDENCE | {"file": file}) for file in ("Required", "maybe", None)),
        *(("cocycle_evidence_kinds", EVIDENCE | {"examined": said}) for said in (1, "true", None)),
        ("cocycle_evidence_kinds", EVIDENCE | {"fields": []}),
        ("cocycle_evidence_kinds", EVIDENCE | {"fields": {"a": 1}}),
        ("cocycle_evidence_kinds", EVIDENCE | {"fields": nested(13)}),
        ("cocycle_requirement_kinds", REQUIREMENT | {"options": nested(13)}),
        ("cocycle_requirement_kinds", REQUIREMENT | {"help": 1}),
        ("cocycle_requirement_kinds", REQUIREMENT | {"evidence": "minutes"}),
        ("cocycle_requirement_kinds", REQUIREMENT | {"evidence": 1}),
        ("cocycle_observers", {"id": "post", "title": "Post", "picky": 0}),
        ("cocycle_channels", {"id": "line", "title": "A line", "picky": True}),
        ("cocycle_exporters", {"id": "table", "title": "A table"}),
        ("cocycle_gates", STAGE),
    ],
)
def test_a_description_out_of_its_form_is_none(hook: str, item: object) -> None:
    """A plugin of which one thing is out of its form brings nothing at all.

    An evidence kind that a requirement kind names has to be one that the same plugin brings.
    """
    assert refused(lambda: described(**{hook: [item]}))


def test_a_description_goes_as_far_as_its_limits() -> None:
    """Twenty hooks, two hundred things of a hook, ids of sixty and titles of two hundred characters, twelve levels."""
    assert len(described(hooks=["h"] * 20).hooks) == 20
    assert refused(lambda: described(hooks=["h"] * 21))
    many = [STAGE | {"id": f"s{n}"} for n in range(201)]
    assert len(described(cocycle_stages=many[:-1]).stages) == 200
    assert refused(lambda: described(cocycle_stages=many))
    assert len(described(cocycle_commands=["c"] * 200).commands) == 200
    assert refused(lambda: described(cocycle_commands=["c"] * 201))
    assert described(cocycle_stages=[STAGE | {"id": "p" * 60, "title": "t" * 200}]).stages["p" * 60].title == "t" * 200
    assert described(cocycle_evidence_kinds=[EVIDENCE | {"fields": nested(12)}]).evidence_kinds
    for file in ("required", "optional", "none"):
        assert described(cocycle_evidence_kinds=[EVIDENCE | {"file": file}]).evidence_kinds["minutes"].file == file


def test_a_line_of_a_stranger_is_cut_where_it_grows_too_long() -> None:
    """Exactly as long as it may be it stands whole; one character more, and its end gives way to a sign of that."""
    assert one_line("w" * 400) == "w" * 400
    assert one_line("w" * 401) == "w" * 399 + "…"
    assert one_line(" a\n\tb\x07 ", 4) == "a b?"
