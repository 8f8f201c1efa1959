"""A register with a small workflow, starter sheets filled in, and workbooks bent out of shape, for the tests."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.api import Engine, SetClock, create_register, open_register
from plugins.spreadsheet.starter import starter_of

Json = dict[str, Any]
PAT = "pat@x.example"
DEFINITION = """\
cocycle: 1
id: small
version: "1"
title: Small
summary: For tests.
roles:
  sro: {title: Senior responsible owner}
fields:
  commissioner: {type: text, title: Commissioner, required: true}
  worth: {type: money, title: Value, help: All of it.}
  starts_on: {type: date, title: Starts on}
  route: {type: choice, of: [not_said, open_call, direct_award], title: Route, default: not_said}
  consulted: {type: yes_no, title: Consulted}
  heard: {type: list, of: text, title: Groups heard}
  present: {type: counts, of: [lived_experience, carer], title: Present}
  members: {type: integer, title: Members}
evidence:
  paper: {title: Paper, file: optional}
stages:
  - id: plan
    title: Plan
    target: 4 weeks
    transitions:
      - {id: advance, to: done, gate: plan-gate}
  - {id: done, title: Done, final: true}
gates:
  plan-gate:
    title: Plan gate
    decided_by: [sro]
    requires:
      - {id: case, title: Case for change, evidence: paper, signed_by: [sro]}
      - {id: survey, title: Survey, evidence: paper, fresh: 12 months}
"""
GOOD: Json = {
    "title": "Crisis café",
    "commissioner": "Northmere ICB",
    "worth": 250000.5,
    "starts_on": datetime(2026, 6, 1),  # noqa: DTZ001  # a cell of Excel knows no time zone
    "route": "open call",
    "consulted": "yes",
    "heard": "Roma, Deaf people",
    "present.lived_experience": 3,
    "members": 12,
}
"""A row that says something in every kind of column."""


NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a register with the small workflow in it."""
    folder = tmp_path_factory.mktemp("small")
    engine, _ = create_register(folder / "cocycle.db", origin="x.example", admin=PAT, name="Pat", clock=SetClock(NOW))
    engine.load_definition(DEFINITION.encode(), "small.yaml", actor=PAT)
    engine.close()
    return folder


@pytest.fixture
def register(made_once: Path, tmp_path: Path) -> Iterator[Engine]:
    """Gives a register of the test's own with the small workflow in it; Pat may do everything that is needed."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    engine = open_register(tmp_path / "cocycle.db", clock=SetClock(NOW + timedelta(hours=1)))
    yield engine
    engine.close()


def read_book(content: bytes) -> Any:
    """Returns a workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(engine: Engine, *rows: Mapping[str, Any], change: Callable[[Any], None] | None = None) -> bytes:
    """Returns the starter sheet with these rows from row 3 on; `change` gets the sheet of projects at last."""
    book = read_book(starter_of(engine.workflow("small")))
    page = book["Projects"]
    for number, row in enumerate(rows, 3):
        for name, value in row.items():
            page.cell(number, place_of(page, name), value)
    if change is not None:
        change(page)
    return saved(book)


def place_of(page: Any, name: str) -> int:
    """Returns the place of the column that is called so."""
    return next(int(c.column) for c in page[1] if isinstance(c.value, str) and f"({name})" in c.value)


def saved(book: Any) -> bytes:
    """Returns a workbook as bytes."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes] | None = None, **more: bytes) -> bytes:
    """Returns a workbook with its parts changed, and with more parts; `__` in a name stands for a slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            kept = before.read(name)
            after.writestr(name, change(name, kept) if change is not None else kept)
        for name, part in more.items():
            after.writestr(name.replace("__", "/") + ".xml", part)
    return made.getvalue()
