"""What stands in one cell: text in which nothing can run, numbers, dates, money; the same for Excel and for CSV.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula. In CSV such a text gets an apostrophe
before it; in Excel the cell says that it is text, and is marked as quoted, so that it stays text once it is edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

Cell = str | int | Decimal | date | None
"""None is an empty cell; a Decimal is money in pounds, with two decimals."""

MOST_LETTERS: Final = 32_767  # of an Excel cell
LARGEST_INTEGER: Final = 10**15  # Excel keeps 15 digits
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MONEY = re.compile(r"-?(0|[1-9][0-9]{0,12})\.[0-9]{2}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_PLAIN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x")
_CODED = re.compile("(_x[0-9A-Fa-f]{4}_)")  # which Excel would read as a character by its number
_CUT: Final = "… (cut here: a cell of Excel holds no more)"
DAY, MONEY, QUOTED = 2, 3, 4
"""The places of styles in the workbook: a day, an amount, and a text that stays one where somebody edits it."""

_DAY_BEFORE_ALL: Final = date(1899, 12, 30).toordinal()  # Excel counts days from here, from March 1900 on


def cell_of(value: Any) -> Cell:
    """Returns a JSON value as a cell: amounts and days as such, lists with commas, yes and no as words."""
    if value is None or isinstance(value, int) and not isinstance(value, bool):
        return value if value is None or abs(value) < LARGEST_INTEGER else str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _read(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{words(str(name))} {one}" for name, one in value.items())
    if isinstance(value, Iterable):
        return ", ".join(str(one) for one in value)
    return str(value)


def day_of(value: str | None) -> Cell:
    """Returns the day of a date, or of a time in UTC, as a cell."""
    return None if not value else _read(value[:10])


def _read(text: str) -> Cell:
    if _MONEY.fullmatch(text):
        return Decimal(text)
    if _DAY.fullmatch(text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            return text
        return found if found.year >= 1901 else text  # Excel knows no day before 1900
    return text


def words(id: str) -> str:
    """Returns an id in words with a capital: `lifetime_value` is Lifetime value."""
    plain = id.replace("_", " ").replace("-", " ").strip()
    return plain[:1].upper() + plain[1:]


def in_csv(cell: Cell) -> str:
    """Returns a cell as CSV holds it."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def in_excel(cell: Cell, style: int = 0) -> str:
    """Returns the rest of a cell's element, from its style on: `s="2"><v>46000</v>`; empty for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        style = style or (QUOTED if cell.startswith(_FORMULA) else 0)
        return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{_in_xml(cell)}</t></is>'
    if isinstance(cell, date):
        return f' s="{DAY}"><v>{cell.toordinal() - _DAY_BEFORE_ALL}</v>'
    return f' s="{MONEY}"><v>{cell}</v>' if isinstance(cell, Decimal) else f"><v>{cell}</v>"


def _in_xml(text: str) -> str:
    if _NOT_PLAIN.search(text):
        text = _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = _CODED.sub(r"_x005F\1", text)
    if len(text) > MOST_LETTERS:
        text = text[: MOST_LETTERS - len(_CUT)] + _CUT
    return escape(text)


def width_of(cell: Cell) -> int:
    """Returns how many letters wide a cell is shown."""
    return 12 if isinstance(cell, date) else 14 if isinstance(cell, Decimal) else len(in_csv(cell))
