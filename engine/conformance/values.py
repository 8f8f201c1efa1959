"""Values for fields, made up: plain and generous ones, poor ones, and odd ones; the same seed makes the same values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, Final, Literal

Json = Mapping[str, Any]
Mood = Literal["rich", "poor", "odd"]

LARGEST: Final = 2**53 - 1
WORDS: Final = (
    "Four people told us what the nights are like.",
    "x",
    "Zażółć gęślą jaźń — 夜のカフェ",
    "'; drop table record; --",
    "A line.\nAnd another one.",
    "0",
    "word" + " word" * 399,
    "none",
)
DAYS: Final = ("0001-01-01", "1999-12-31", "2024-02-29", "2026-03-29", "2026-10-25", "2031-01-01", "9999-12-31")


def value_for(declared: Json, today: str, mood: Mood, random: Random) -> Any:
    """Returns a value for a field that is declared as a definition declares it, as a plugin is handed it.

    Money is whole pence, days are ISO text, counts are a mapping with a number for each part that was given.

    Args:
        declared: `type`, and `of` or `options` where the type has them.
        today: the day the question is about; days that are `rich` lie shortly before it.
        mood: rich is what a good project would have; poor is as little as there can be; odd is anything else.
        random: where the choices come from.
    """
    of = [str(name) for name in declared.get("of") or ()] if isinstance(declared.get("of"), list | tuple) else []
    match declared.get("type"):
        case "integer":
            return {"rich": 50, "poor": 0}.get(mood, random.choice([-1, 1, 2, 3, 7, 100, LARGEST, -LARGEST]))
        case "money":
            return {"rich": 1_450_000_00, "poor": 0}.get(mood, random.choice([-1, 1, 99, 100_00, LARGEST]))
        case "date":
            return _day(today, mood, random)
        case "yes_no":
            return {"rich": True, "poor": False}.get(mood, random.random() < 0.5)
        case "choice":
            return _choice(of, mood, random)
        case "counts":
            return _counts(of, mood, random)
        case "list":
            return _items(declared, today, mood, random)
        case "records":
            return {"rich": ["E-1"], "poor": []}.get(mood, ["E-1", "gone"][: random.randint(0, 2)])
    return {"rich": WORDS[0], "poor": "x"}.get(mood, random.choice(WORDS))


def _day(today: str, mood: Mood, random: Random) -> str:
    if mood != "odd":
        return day_before(today, 7 if mood == "rich" else 3650)
    return random.choice([*DAYS, today, day_before(today, 1), day_before(today, -1), day_before(today, -400)])


def day_before(today: str, days: int) -> str:
    """Returns the day so many days before another (after it, where negative), or the end of the calendar."""
    try:
        return (date.fromisoformat(today) - timedelta(days=days)).isoformat()
    except OverflowError:
        return DAYS[0] if days > 0 else DAYS[-1]


def _choice(of: list[str], mood: Mood, random: Random) -> str:
    if not of:
        return "x"
    return {"rich": of[-1], "poor": of[0]}.get(mood, random.choice(of))


def _counts(of: list[str], mood: Mood, random: Random) -> dict[str, int]:
    if mood != "odd":
        return dict.fromkeys(of, 10 if mood == "rich" else 0)
    return {name: random.choice([0, 1, 4, 1000, LARGEST]) for name in of if random.random() < 0.7}


def _items(declared: Json, today: str, mood: Mood, random: Random) -> list[Any]:
    options = declared.get("options")
    one: dict[str, Any] = {"type": declared.get("of") if isinstance(declared.get("of"), str) else "text"}
    if isinstance(options, list | tuple):
        one["of"] = list(options)
    if mood == "poor":
        return []
    if one["type"] == "choice" and mood == "rich":
        return [str(option) for option in one.get("of", ())]
    many = 3 if mood == "rich" else random.choice([0, 1, 2, 40])
    return [value_for(one, today, mood, random) for _ in range(many)]
