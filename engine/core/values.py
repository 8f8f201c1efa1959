"""The values of fields: from what people type to what is kept, and back to what people read.

Kept: money in whole pence, dates as ISO text, yes_no as bool, lists as lists, counts as a mapping of whole numbers,
records as a list of the ids of evidence. Small numbers that are hidden are kept as they are, and never come back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.core.definition import Field
from engine.core.small_numbers import FEW, IN_WORDS, covered, is_few

LARGEST = 2**53 - 1
MOST_POUNDS = Decimal(LARGEST) / 100
MOST_ITEMS = 500
MOST_RECORDS = 50
LONGEST_TEXT = 20_000

_MONEY = re.compile(r"-?£?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RECORD = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,16}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class BadValue(ValueError):
    """A value that does not fit its field; the message says what would."""


def parse(field: Field, raw: Any) -> Any:
    """Returns the value of `field` that `raw` means: text as typed after `--set`, or a JSON value.

    Raises:
        BadValue: with one sentence that says what is expected.
    """
    match field.type:
        case "text":
            return text(raw, field.title)
        case "integer":
            return _integer(raw, field.title)
        case "money":
            return _money(raw, field.title)
        case "date":
            return day(raw, field.title).isoformat()
        case "choice":
            return _choice(raw, field.title, field.of)
        case "yes_no":
            return _yes_no(raw, field.title)
        case "list":
            return _items(field, raw)
        case "counts":
            return _counts(field, raw)
        case "records":
            return _records(field, raw)
    raise AssertionError(f"a type the loader does not know: {field.type}")


def text(raw: Any, what: str, longest: int = LONGEST_TEXT) -> str:
    """Returns typed text, trimmed; refuses control characters, emptiness and more than `longest` characters."""
    if not isinstance(raw, str):
        raise BadValue(f"{what} must be text.")
    typed: str = raw.strip().replace("\r\n", "\n")
    if not typed:
        raise BadValue(f"{what} must not be empty.")
    if len(typed) > longest:
        raise BadValue(f"{what} has {len(typed)} characters; {longest} is the most.")
    if _CONTROL.search(typed):
        raise BadValue(f"{what} holds a control character; take it out.")
    return typed


def _integer(raw: Any, what: str) -> int:
    if isinstance(raw, str) and _INTEGER.fullmatch(raw.strip()):
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) > LARGEST:
        raise BadValue(f"{what} must be a whole number, like 12.")
    return raw


def _money(raw: Any, what: str) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(max(min(raw, LARGEST), -LARGEST))  # Python refuses to write out integers of thousands of digits
    if not isinstance(raw, str) or not _MONEY.fullmatch(raw.strip()):
        raise BadValue(f"{what} must be an amount in pounds, like 1450000 or 1450000.00.")
    pounds = Decimal(raw.strip().replace("£", "").replace(",", ""))
    if not -MOST_POUNDS <= pounds <= MOST_POUNDS:  # compared first: a product of a million digits overflows
        raise BadValue(f"{what} is larger than can be recorded.")
    return int(pounds * 100)


def day(raw: Any, what: str) -> date:
    """Returns the day that is written as YYYY-MM-DD, the only way a date is written here.

    Raises:
        BadValue: with one sentence that says what is expected.
    """
    if isinstance(raw, str) and _DAY.fullmatch(raw.strip()):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            raise BadValue(f"{what}: {raw.strip()} is not a day of the calendar.") from None
    raise BadValue(f"{what} must be a date, written like 2026-06-30.")


def _choice(raw: Any, what: str, options: tuple[str, ...]) -> str:
    if isinstance(raw, str) and raw.strip() in options:
        return str(raw).strip()
    raise BadValue(f"{what} must be one of: {', '.join(options)}.")


def _yes_no(raw: Any, what: str) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in ("yes", "true", "no", "false"):
        return raw.strip().lower() in ("yes", "true")
    raise BadValue(f"{what} must be yes or no.")


def _items(field: Field, raw: Any) -> list[Any]:
    if isinstance(raw, str):
        raw = [part for part in (p.strip() for p in raw.split(",")) if part]
    if not isinstance(raw, list):
        raise BadValue(f"{field.title} must be a list.")
    if len(raw) > MOST_ITEMS:
        raise BadValue(f"{field.title} has {len(raw)} items; {MOST_ITEMS} is the most.")
    item = _item(field)
    return [parse(item, part) for part in raw]


def _records(field: Field, raw: Any) -> list[str]:
    """Returns ids of evidence, each once; whether there is such evidence is for the ruling to say."""
    if isinstance(raw, str):
        raw = [part for part in (p.strip() for p in raw.split(",")) if part]
    if not isinstance(raw, list) or not all(isinstance(one, str) and _RECORD.fullmatch(one.strip()) for one in raw):
        raise BadValue(f"{field.title} lists evidence by its id, like {field.id}=ID,ID.")
    found = [one.strip() for one in raw]
    if len(found) > MOST_RECORDS:
        raise BadValue(f"{field.title} names {len(found)} records; {MOST_RECORDS} is the most.")
    twice = next((one for one in found if found.count(one) > 1), None)
    if twice is not None:
        raise BadValue(f"{field.title} names {twice} twice; name each record once.")
    return found


def _item(field: Field) -> Field:
    """Returns what one item of a list field would be as a field of its own."""
    of: Any = field.of[0] if field.of else "text"
    return Field(field.id, of, f"Each item of {field.title}", None, False, None, field.of[1:])


def _counts(field: Field, raw: Any) -> dict[str, int]:
    if not isinstance(raw, Mapping):
        raise BadValue(f"{field.title} is counted by part: give {field.id}.{field.of[0]}=2 and so on.")
    unknown = [str(name) for name in raw if name not in field.of]
    if unknown:
        raise BadValue(f"{field.title} has no {', '.join(unknown)}; it counts: {', '.join(field.of)}.")
    counts = {name: _integer(n, f"{field.title}: {name}") for name, n in raw.items()}
    if any(n < 0 for n in counts.values()):
        raise BadValue(f"{field.title} counts people or things, so no number may be below 0.")
    return counts


def plain(field: Field | None, value: Any) -> Any:
    """Returns a kept value as the contract gives it in JSON: money as text in pounds, the rest as it is.

    Small numbers that are hidden are the text `<5`, and `hidden` where a larger one would give a small one away.
    """
    if field is None or value is None:
        return value
    if field.small_hidden:
        return without_small(value)
    if field.type == "money":
        return _pounds(value)
    if field.type == "list" and field.of[:1] == ("money",):
        return [_pounds(item) for item in value]
    return value


def without_small(value: Any) -> Any:
    """Returns a number, or numbers by part, as they may leave the register; anything else as it is."""
    if isinstance(value, Mapping):
        return covered(value)
    return FEW if isinstance(value, int) and is_few(value) else value


def show(field: Field | None, value: Any, *, in_full: bool = False) -> str:
    """Returns a kept value as people read it; `in_full` for what nobody recorded, like a number a rule asks for."""
    if field is not None and field.small_hidden and not in_full:
        value = without_small(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        item = _item(field) if field is not None and field.type == "list" else None
        return ", ".join(show(item, one) for one in value) or "none"
    if isinstance(value, int) and field is not None and field.type == "money":
        pence = f".{abs(value) % 100:02d}" if value % 100 else ""
        return f"{'-' if value < 0 else ''}£{abs(value) // 100:,}{pence}"
    if isinstance(value, Mapping):
        return ", ".join(f"{IN_WORDS.get(n, n)} {name.replace('_', ' ')}" for name, n in value.items()) or "none"
    if field is not None and field.type == "choice":
        return str(value).replace("_", " ")
    if field is not None and field.small_hidden:
        return IN_WORDS.get(value, str(value))
    return str(value)


def _pounds(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def is_words(field: Field) -> bool:
    """True for a field whose value must not stand in a ledger leaf in clear: what a person typed, small numbers."""
    return field.type in ("text", "list") or field.small_hidden
