"""Kinds of evidence that plugins bring."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definitions.brought import EvidenceKindBrought
from tests.definitions.plugins.bringing import ACME
from tests.definitions.plugins.small import WHOLE, document_of, entry, mistakes_of, only, pointed_at

USE = "leaflet: {use: acme/leaflet, title: Our leaflet}"


def test_a_kind_holds_what_the_plugin_says_under_the_authors_id_and_title() -> None:
    """The fields and the file are the plugin's, the id is the author's, and so is the title where there is one."""
    found = entry(document_of(WHOLE), "evidence", "leaflet")
    assert (found["title"], found["file"], [f["id"] for f in found["fields"]]) == (
        "Our leaflet",
        "optional",
        ["printed_on"],
    )
    untitled = WHOLE.replace(", title: Our leaflet", "")
    assert entry(document_of(untitled), "evidence", "leaflet")["title"] == "Leaflet"


def test_an_examiner_is_named_by_plugin_and_kind() -> None:
    """A kind with an examiner names it by the plugin's id, whatever the definition calls the kind."""
    text = WHOLE.replace(
        "leaflet: {use: acme/leaflet,", "minutes: {use: acme/panel_note}\n  leaflet: {use: acme/leaflet,"
    )
    assert entry(document_of(text), "evidence", "minutes")["examiner"] == "acme/panel_note"


def test_rules_see_the_fields_of_the_plugin() -> None:
    """A rule over a field of the plugin is read by its type, and one over a field it has not is a mistake."""
    assert entry(document_of(WHOLE), "rules", "printed")["condition"]["value"] == "2026-01-01"
    found = only(WHOLE.replace("field: printed_on", "field: printed_of"))
    assert found.rule == "name/field"
    assert 'Did you mean "printed_on"?' in found.message


@pytest.mark.parametrize("other", ["file: none", "fields: {a: {type: text}}"])
def test_nothing_but_a_title_goes_with_use(other: str) -> None:
    """What a record holds is the plugin's to say, so saying it as well is a mistake at that key."""
    text = WHOLE.replace(USE, f"leaflet: {{use: acme/leaflet, {other}}}")
    found = only(text)
    assert found.rule == "shape/form"
    assert pointed_at(text, found).startswith(other[:4])


def test_an_absent_kind_is_one_mistake() -> None:
    """A kind that is not there is told once; rules over its fields, used or not, are not told as well."""
    text = WHOLE.replace("use: acme/leaflet", "use: acme/leeflet").replace(
        "rules:\n", "rules:\n  idle: {field: zzz, equals: 1}\n"
    )
    found = only(text)
    assert found.rule == "plugin/absent"
    assert 'Did you mean "leaflet"?' in found.message


def test_a_kind_that_is_written_wrongly_is_the_plugins_mistake() -> None:
    """Fields that no definition could declare are told at the use; the plugin's other parts can still be used."""
    for wrong in (
        EvidenceKindBrought("Leaflet", "optional", {"printed_on": {"type": "day"}}),
        EvidenceKindBrought("Leaflet", "sometimes", {}),
        EvidenceKindBrought("Leaflet", "optional", {"Printed On": {"type": "date"}}),
        EvidenceKindBrought("Leaflet", "optional", {"project": {"type": "text"}}),
    ):
        found = mistakes_of(WHOLE, replace(ACME, evidence={**ACME.evidence, "acme/leaflet": wrong}))
        assert [p.rule for p in found] == ["plugin/brought"], wrong
