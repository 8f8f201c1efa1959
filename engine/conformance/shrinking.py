"""Makes an example smaller for as long as it still shows what it shows, so that a person can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Json = dict[str, Any]
MOST_TRIES: Final = 60


def shrunk(example: Json, shows: Callable[[Json], bool], most: int = MOST_TRIES) -> Json:
    """Returns an example that shows the same and from which nothing more can be taken, within so many tries.

    Args:
        example: a JSON object; it shows what it is an example of.
        shows: whether another one does, too.
        most: how often `shows` may be asked.
    """
    tries, going = 0, True
    while going:
        going = False
        for smaller in _smaller(example):
            if tries >= most:
                return example
            tries += 1
            if shows(smaller):
                example, going = smaller, True
                break
    return example


def _smaller(value: Json) -> Iterator[Json]:
    """Yields what is left of an object when something in it is taken out, the largest pieces first."""
    records = value.get("records")
    if isinstance(records, list) and records:
        half = len(records) // 2
        for kept in ([], records[:half], records[half:]) if half else ([],):
            yield {**value, "records": kept}
        if len(records) <= 8:
            for n in range(len(records)):
                yield {**value, "records": records[:n] + records[n + 1 :]}
    for name in ("fields", "with"):
        yield from _thinner(value, name)
    if isinstance(records, list) and len(records) == 1:
        for part in ("facts", "files", "signed_by"):
            for smaller in _thinner(records[0], part):
                yield {**value, "records": [smaller]}
    for name, least in (("profile", None), ("levels", []), ("cycle", 1)):
        if name in value and value[name] != least:
            yield {**value, name: least}


def _thinner(value: Json, name: str) -> Iterator[Json]:
    inside = value.get(name)
    if not inside:
        return
    if isinstance(inside, Mapping):
        yield {**value, name: {}}
        for key in inside if len(inside) > 1 else ():
            yield {**value, name: {id: one for id, one in inside.items() if id != key}}
    elif isinstance(inside, list):
        yield {**value, name: []}
