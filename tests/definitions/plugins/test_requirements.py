"""Requirements that plugins judge: what they may say, how their options are read, and what goes with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.brought import RequirementKindBrought
from tests.definitions.plugins.bringing import ACME, PANEL, Plugins
from tests.definitions.plugins.small import WHOLE, document_of, entry, mistakes_of, only, pointed_at, requirement

WITH = "with: {seats: 4, fee: 3, since: 2026-01-31, places: [north, south]}"


def panel(said: str) -> str:
    """Returns the definition with other options for the panel, or with other keys in their place."""
    return WHOLE.replace(WITH, said)


def test_the_canonical_form_names_the_plugin_and_holds_the_options_as_facts_are_kept() -> None:
    """A requirement of a plugin has its use, its options parsed and with their defaults, and its kind of evidence.

    Seen to fail when options were kept as they are written: the fee came out as 3.
    """
    found = requirement(document_of(WHOLE), "panel")
    assert (found["type"], found["use"], found["evidence"]) == ("plugin", "acme/panel", "panel_note")
    assert found["with"] == {
        "seats": 4,
        "fee": 300,
        "since": "2026-01-31",
        "way": "in_person",
        "places": ["north", "south"],
    }
    assert (found["title"], found["help"], found["law"]) == (PANEL.title, PANEL.help, True)
    plain = requirement(document_of(WHOLE), "plain")
    assert (plain["with"], plain["evidence"], plain["title"]) == ({}, None, "My own words")


def test_nothing_of_plugins_stands_in_a_form_without_them() -> None:
    """The members that plugins need are absent from every part that uses none, so older digests stay."""
    found = document_of(WHOLE)
    assert not {"use", "with"} & requirement(found, "mandate").keys()
    assert "examiner" not in entry(found, "evidence", "document")
    assert "examiner" not in entry(found, "evidence", "leaflet")
    assert "examiner" in entry(found, "evidence", "panel_note")


@settings(max_examples=60, deadline=None)
@given(st.integers(-5, 900), st.integers(0, 10**9), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_an_option_is_read_as_a_field_of_its_type_is(seats: int, pence: int, day: date) -> None:
    """Whatever is written for an option is what the same text would be as the default of a field of that type."""
    money = f"{pence // 100}.{pence % 100:02}"
    said = panel(f"with: {{seats: {seats}, fee: {money}, since: {day}}}")
    field = "fields: {big: {type: yes_no}, %s}"
    as_fields = field % f"n: {{type: integer, default: {seats}}}, m: {{type: money, default: {money}}}"
    text = said.replace("fields: {big: {type: yes_no}}", as_fields)
    found = document_of(text)
    options = requirement(found, "panel")["with"]
    assert options["seats"] == entry(found, "fields", "n")["default"]
    assert options["fee"] == entry(found, "fields", "m")["default"] == pence
    assert options["since"] == day.isoformat()


@pytest.mark.parametrize(
    ("said", "at", "says"),
    [
        ("with: {seats: 4, seets: 4}", "seets", 'has no option "seets". Did you mean "seats"?'),
        ("with: {seats: 4, zzz: 4}", "zzz", "It has seats, fee, since, way, places."),
        ("with: {seats: four}", "four", "must be a whole number"),
        ("with: {seats: 4, way: by_past}", "by_past", 'Did you mean "by_post"?'),
        ("with: {seats: 4, since: soon}", "soon", "must be a date"),
        ("with: {seats: 4, places: north}", "north", "is a list"),
        ("with: {seats: 4, fee: null}", "fee", "fee says nothing"),
        ("with: {fee: 4}", "with", "needs the option seats (Seats)"),
    ],
)
def test_a_mistake_in_an_option_is_told_at_the_option(said: str, at: str, says: str) -> None:
    """Each option that is unknown, unfit, empty or missing is told with its line and column, and what would do."""
    text = panel(said)
    found = only(text)
    assert found.rule == "plugin/option"
    assert says in found.message
    assert pointed_at(text, found).startswith(at)


def test_every_mistake_in_options_is_told_at_once() -> None:
    """Two wrong options and a missing one are three mistakes in one go."""
    found = mistakes_of(panel("with: {seets: 4, fee: [1], since: soon}"))
    assert [p.rule for p in found] == ["plugin/option"] * 4
    assert len({p.message for p in found}) == 4


def test_options_may_be_left_out_where_none_is_needed() -> None:
    """A kind that needs no option takes none; `with` beside it says that it has none."""
    assert requirement(document_of(WHOLE), "plain")["with"] == {}
    found = only(WHOLE.replace("use: acme/plain", "use: acme/plain, with: {a: 1}"))
    assert found.message.endswith('"acme/plain" has no option "a". It has none.')


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ("evidence: document", "shape/form"),
        ("signed_by: [sro]", "shape/form"),
        ("wait: {after: leaflet.printed_on, days: 3, counting_from: same_day}", "shape/form"),
        ("any_of: [{id: x, evidence: document}]", "shape/form"),
        ("level: high", "meaning/only-with-evidence"),
        ("rules: [printed]", "meaning/only-with-evidence"),
        ("fresh: 3 months", "meaning/only-with-evidence"),
        ("count: 2", "meaning/only-with-evidence"),
        ("carries_over: true", "meaning/only-with-evidence"),
        ("supports: mandate", "meaning/only-with-evidence"),
    ],
)
def test_use_is_a_form_of_its_own(other: str, rule: str) -> None:
    """What a plugin judges is judged by nothing else, and what is asked of a record does not stand beside it."""
    found = mistakes_of(WHOLE.replace("use: acme/plain}", f"use: acme/plain, {other}}}"))
    assert rule in {p.rule for p in found}


def test_with_stands_beside_use_only() -> None:
    """Options without a plugin to tell them to are a mistake, at their place."""
    text = WHOLE.replace("{id: mandate, evidence: document}", "{id: mandate, evidence: document, with: {a: 1}}")
    found = only(text)
    assert found.rule == "shape/form"
    assert pointed_at(text, found).startswith("with")


@pytest.mark.parametrize(
    ("use", "rule", "says"),
    [
        ("other/panel", "plugin/absent", "The plugin other is not active here; install it and name it"),
        ("acme/panle", "plugin/absent", 'brings no kind of requirement called panle. Did you mean "panel"?'),
        ("acme/leaflet", "plugin/absent", "brings no kind of requirement called leaflet."),
        ("acme", "plugin/use", 'with a slash between, like acme/panel. Found: "acme".'),
        ("Acme/panel", "plugin/use", "Found"),
        ("acme/panel/more", "plugin/use", "Found"),
        ("acme/", "plugin/use", "Found"),
    ],
)
def test_what_is_not_there_is_told_where_it_is_used(use: str, rule: str, says: str) -> None:
    """An absent plugin or kind, and a malformed use, is one mistake at its place that says what to do."""
    text = WHOLE.replace("use: acme/plain", f"use: {use}")
    found = only(text)
    assert found.rule == rule
    assert says in found.message
    assert pointed_at(text, found).startswith(use)


def test_a_kind_that_is_written_wrongly_is_the_plugins_mistake() -> None:
    """Options that no definition could declare are told once, at the use, in words that say whose mistake it is.

    Seen to fail when options were not checked: the choice without options came through and took any word.
    """
    broken = RequirementKindBrought("Broken", "", {"way": {"type": "choice"}})
    brings = replace(ACME, kinds={**ACME.kinds, "acme/plain": broken})
    found = only(WHOLE, brings)
    assert found.rule == "plugin/brought"
    assert '"acme/plain" cannot be used: the plugin acme wrote it wrongly, at fields.way' in found.message


def test_the_kind_of_evidence_of_a_requirement_can_be_declared_with_the_same_use() -> None:
    """A definition that declares the plugin's kind itself, by the same use, keeps its own title for it."""
    text = WHOLE.replace("evidence:\n", "evidence:\n  panel_note: {use: acme/panel_note, title: Minutes}\n", 1)
    found = document_of(text)
    assert entry(found, "evidence", "panel_note")["title"] == "Minutes"
    assert [k["id"] for k in found["evidence"]].count("panel_note") == 1


@pytest.mark.parametrize("other", ["{file: required}", "{use: acme/leaflet}"])
def test_another_kind_under_the_id_of_the_plugins_own_is_a_clash(other: str) -> None:
    """Any other declaration under that id is told at the use, with the place of the other."""
    text = WHOLE.replace("evidence:\n", f"evidence:\n  panel_note: {other}\n", 1).replace(
        "  - use: acme/assessment\n", ""
    )
    text = text.replace("to: assessment", "to: pause")
    found = only(text)
    assert found.rule == "plugin/clash"
    assert 'the kind of evidence "panel_note"' in found.message
    assert "in small.yaml, line 8" in found.message
    assert pointed_at(text, found).startswith("acme/panel")


def test_an_absent_kind_brings_no_second_mistake() -> None:
    """What counts from, supports or follows a requirement of an absent plugin is not told as well."""
    late = "      - {id: later, wait: {after: panel.held_on, days: 3, counting_from: same_day}}\n"
    late += "      - {id: before, evidence: document, supports: panel}\n"
    found = mistakes_of(WHOLE + late, Plugins(ACME.stages, {"acme/plain": ACME.kinds["acme/plain"]}, ACME.evidence))
    assert {p.rule for p in found} == {"plugin/absent"}


def test_a_requirement_inside_a_group_uses_a_plugin() -> None:
    """Parts of groups are judged by plugins, too."""
    group = "      - {id: either, any_of: [{id: a, use: acme/plain}, {id: b, evidence: document}]}\n"
    found = requirement(document_of(WHOLE + group), "either")
    assert [child["type"] for child in found["of"]] == ["plugin", "evidence"]
