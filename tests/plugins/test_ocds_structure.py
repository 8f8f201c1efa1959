"""The form of OCDS releases as we wrote it down: what it refuses, and that the standard's own schema agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plugins.ocds.shapes import PACKAGE, RELEASE, Form, ListOf, Parts
from plugins.ocds.structure import misshapen, moment

from .ocds_files import Json, award_notice, tender_notice
from .ocds_standard import SCHEMA, schema
from .test_ocds_hostile_files import paths_of, with_part

WRONG: dict[str, tuple[tuple[Any, ...], Any]] = {
    "$.releases[0]: ocid": (("releases", 0, "ocid"), None),
    "$.releases[0].ocid": (("releases", 0, "ocid"), ""),
    "$.releases[0].date": (("releases", 0, "date"), "2026-02-09"),
    "$.releases[0].tag": (("releases", 0, "tag"), []),
    "$.releases[0].tag[0]": (("releases", 0, "tag"), ["notice"]),
    "$.releases[0].initiationType": (("releases", 0, "initiationType"), "auction"),
    "$.releases[0].parties": (("releases", 0, "parties"), [{"id": "1"}, {"id": "1"}]),
    "$.releases[0].tender: id": (("releases", 0, "tender", "id"), None),
    "$.releases[0].tender.title": (("releases", 0, "tender", "title"), 7),
    "$.releases[0].tender.value.amount": (("releases", 0, "tender", "value", "amount"), "1450000"),
    "$.releases[0].tender.value.currency": (("releases", 0, "tender", "value", "currency"), "£"),
    "$.releases[0].tender.minValue.amount": (("releases", 0, "tender", "minValue"), {"amount": True}),
    "$.releases[0].tender.tenderPeriod": (("releases", 0, "tender", "tenderPeriod"), "a month"),
    "$.releases[0].tender.documents": (("releases", 0, "tender", "documents"), {}),
    "$.releases[0].tender.hasEnquiries": (("releases", 0, "tender", "hasEnquiries"), "no"),
    "$.releases[0].tender.numberOfTenderers": (("releases", 0, "tender", "numberOfTenderers"), 1.5),
    "$.uri": (("uri",), "here and there"),
    "$.publisher: name": (("publisher", "name"), None),
}


@pytest.mark.parametrize("place", WRONG)
def test_what_is_not_of_its_form_is_told_with_its_place(place: str) -> None:
    """Each part that the standard forbids is told once, by its JSON path; a package in order has nothing to tell.

    Seen to fail when lists were not asked to have anything in them, and when true counted as a number.
    """
    assert not misshapen(tender_notice(), PACKAGE)
    path, part = WRONG[place]
    said = misshapen(with_part(tender_notice(), path, part), PACKAGE)
    assert len(said) == 1
    assert said[0].startswith(f"At {place}")


def test_only_moments_are_moments() -> None:
    """A moment has a day that exists, a time and a zone."""
    assert moment("2026-02-09T10:15:00.1234567Z") == datetime(2026, 2, 9, 10, 15, 0, 123456, UTC)
    for text in ("2026-02-30T00:00:00Z", "2026-02-09T25:00:00Z", "2026-02-09T10:15:00", "2026-02-09T10:15:00+99:00", 5):
        assert moment(text) is None


def forms(form: Form, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Form]]:
    """Yields every form inside a form with a path to it, the first item for a list."""
    yield path, form
    if isinstance(form, Parts):
        for name, inner in form.members.items():
            yield from forms(inner, (*path, name))
    elif isinstance(form, ListOf):
        yield from forms(form.form, (*path, 0))


ODD: tuple[Any, ...] = (None, 1, 1.5, True, "", "a word", "2026-02-09T10:15:00Z", "https://example.org", [], {}, ["a"])


@pytest.mark.skipif(not SCHEMA, reason="COCYCLE_OCDS_SCHEMA names no copy of the standard's schema")
def test_the_standards_schema_knows_every_member_we_name() -> None:
    """Each member that we give a form to is one of the standard's or of the UK extension's; none is mistyped."""
    extensions = {"noticeType", "amountGross", "standstillPeriod", "specialRegime"}
    validator = schema("release-schema.json")
    for path, _ in forms(RELEASE):
        at: Any = validator.schema
        for name in path:
            at = validator.schema["definitions"][at["$ref"].rpartition("/")[2]] if "$ref" in at else at
            if name in extensions:
                break
            at = at["items"] if name == 0 else at["properties"][name]


@pytest.mark.skipif(not SCHEMA, reason="COCYCLE_OCDS_SCHEMA names no copy of the standard's schema")
@settings(max_examples=300, deadline=None)
@given(st.sampled_from((tender_notice(), award_notice())), st.data())
def test_what_the_standards_schema_refuses_we_refuse(package: Json, data: st.DataObject) -> None:
    """A notice with an odd value somewhere is refused by our forms exactly where the standard's schema refuses it.

    Two things we let pass: null for an object or a list, which we read as absent; and we ask for a time zone, for a
    currency of three capital letters, and for addresses that are some, where the schema's checker is not installed.
    """
    release = package["releases"][0]
    path = data.draw(st.sampled_from(paths_of(release)))
    part = data.draw(st.sampled_from(ODD))
    assume(part is not None and path)
    changed = with_part(release, path, part)
    refused = bool(list(schema("release-schema.json").iter_errors(changed)))
    if refused:
        assert misshapen(changed, RELEASE)
    elif misshapen(changed, RELEASE):
        assert str(path[-1]) in MOMENTS_AND_ADDRESSES | {"noticeType", "amountGross", "standstillPeriod"}


MOMENTS_AND_ADDRESSES = {
    str(path[-1]) for path, form in forms(RELEASE) if form in ("moment", "address", "currency") and path
}
