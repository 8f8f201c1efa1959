"""What a cell means for the column it stands in, as the engine takes it; or a sentence on what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from plugins.spreadsheet.columns import Column, choice_said, said_choice

LARGEST: Final = 2**53


class Unfit(ValueError):
    """A cell that does not fit its column; the message says what would."""


def meaning_of(cell: Any, column: Column) -> Any:
    """Returns what a cell that is not empty says, as the engine takes the value of a field.

    Raises:
        Unfit: it holds a formula, an error, or a value of another kind.
    """
    value = cell.value
    if cell.data_type == "f":
        raise Unfit("It holds a formula. Put the value itself there: copy it, and paste it as a value.")
    if cell.data_type == "e":
        raise Unfit(f"It holds an error of Excel, {str(value)[:20]}.")
    if isinstance(value, time | timedelta):
        raise Unfit("It holds a time of day or a length of time; nothing here is one.")
    match column.type:
        case "date":
            return _date(value)
        case "money":
            return _money(value)
        case "integer":
            return _integer(value)
        case "yes_no":
            return _yes_no(value)
        case "choice":
            return _choice(_text(value), column)
        case "list":
            return _list(_text(value))
        case _:
            return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise Unfit("It holds true or false; write words.")
    if isinstance(value, date):
        raise Unfit("It holds a date; write words, or give the cell the kind text.")
    if isinstance(value, float) and not value.is_integer():
        return format(Decimal(str(value)), "f")
    return str(int(value))  # Excel makes a number of what looks like one: a title 2026 is a title all the same


def _date(value: Any) -> str:
    if isinstance(value, datetime):
        if value.time() != time():
            raise Unfit("It holds a date with a time of day; leave the time out.")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()).isoformat() if len(value.strip()) == 10 else _no_date(value)
        except ValueError:
            return _no_date(value)
    raise Unfit("It holds no date; give the cell the kind date.")


def _no_date(value: str) -> str:
    raise Unfit(
        f"“{value.strip()[:30]}” is text and can be read in more than one way. Give the cell the kind date, or write it"
        " like 2026-06-30."
    )


def _number(value: Any, wanted: str) -> Decimal:
    if isinstance(value, bool):
        raise Unfit(f"It holds true or false; {wanted}.")
    if isinstance(value, date):
        raise Unfit(f"It holds a date; {wanted}. Perhaps the cell has the kind date.")
    found = Decimal(str(value))
    if not found.is_finite() or abs(found) > LARGEST:
        raise Unfit(f"It holds a number that is too large; {wanted}.")
    return found


def _money(value: Any) -> str:
    if isinstance(value, str):
        return value
    found = _number(value, "write an amount in pounds")
    pence = found.quantize(Decimal("0.01"))
    if abs(found - pence) > Decimal("0.0000001"):  # Excel reckons with 15 digits, so 0.1 + 0.2 ends in a 4
        raise Unfit(f"{found} has parts of a penny; write whole pence, like {pence}.")
    return str(pence)


def _integer(value: Any) -> Any:
    if isinstance(value, str):
        return value
    found = _number(value, "write a whole number")
    if found != found.to_integral_value():
        raise Unfit(f"{found} is no whole number.")
    return int(found)


def _yes_no(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    raise Unfit("It holds a number or a date; write yes or no.")


def _choice(text: str, column: Column) -> str:
    found = choice_said(text, column.of)
    if found not in column.of:
        raise Unfit(f"“{text.strip()[:40]}” is none of: {', '.join(said_choice(c) for c in column.of)}.")
    return found


def _list(text: str) -> Any:
    if "\n" not in text:
        return text  # the engine parts it at its commas
    return [line.strip().rstrip(",").strip() for line in text.splitlines() if line.strip().strip(",").strip()]
