"""Questions to put to a kind of requirement: facts as a register could hold them, from nothing at all to a great deal.

Each kind is first asked what its author is likely to have thought of and what is easily forgotten (nothing on record,
one thing missing, words that were erased, a day long past), then a mixture of everything. The same kind is asked the
same questions every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from engine.conformance.values import DAYS, Mood, day_before, value_for

Json = Mapping[str, Any]
Question = dict[str, Any]

ASKED: Final = "asked-for"
"""The id of the requirement that is judged, in every question."""
OTHERS: Final = ("plan", "panel_minutes", "legal-advice")
LADDER: Final = ("informing", "consultation", "engagement", "co_design", "co_production")
TODAY: Final = "2026-06-15"
MIXED: Final = 120
MOST_RECORDS: Final = 60

# fields and records of a workflow that the plugin knows nothing of, of every type there is
FIELDS: Final[Mapping[str, Json]] = {
    "lifetime_value": {"type": "money"},
    "population": {"type": "integer"},
    "starts_on": {"type": "date"},
    "urgent": {"type": "yes_no"},
    "groups_heard": {"type": "list", "of": "text"},
    "attendance": {"type": "counts", "of": ["lived_experience", "staff"]},
    "region": {"type": "choice", "of": ["north", "south"]},
    "purpose": {"type": "text"},
}
STRANGE: Final[Mapping[str, Json]] = {**FIELDS, "answers": {"type": "records"}}


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a kind of requirement.

    Attributes:
        use: PLUGIN/ID.
        options: its options as they are declared.
        evidence: the id of its own kind of evidence; None where it takes none.
        kinds: the fields of the kinds of evidence that the plugin brings, as they are declared, by the kinds' ids.
    """

    use: str
    options: Mapping[str, Json]
    evidence: str | None
    kinds: Mapping[str, Mapping[str, Json]]


def questions_for(kind: Kind) -> Iterator[Question]:
    """Yields the questions for a kind of requirement, each in the shape of `engine.core.opinions.question_of`."""
    random = Random(kind.use)  # noqa: S311  # nothing secret: the same questions every time
    for mood in ("rich", "poor", "odd"):
        yield from _foreseeable(kind, options_for(kind, mood, random), random)
    for _ in range(MIXED):
        yield _mixed(kind, random)


def options_for(kind: Kind, mood: Mood, random: Random) -> dict[str, Any]:
    """Returns options as a definition could set them: what is required or has a default is always there."""
    found: dict[str, Any] = {}
    for name, declared in kind.options.items():
        if mood == "rich" and declared.get("default") is not None:
            found[name] = _default(declared)
        elif declared.get("required") or declared.get("default") is not None or random.random() < 0.6:
            found[name] = _option(declared, mood, random)
    return found


def _default(declared: Json) -> Any:
    value = declared["default"]
    return int(value) * 100 if declared.get("type") == "money" and isinstance(value, int) else value


def _option(declared: Json, mood: Mood, random: Random) -> Any:
    if declared.get("type") == "text":  # often the name of something in the definition
        return random.choice([*FIELDS, *OTHERS, ASKED, "co_design", "6 months", "nobody knows"])
    if declared.get("type") == "integer" and mood != "odd":
        return 3 if mood == "rich" else 0
    return value_for(declared, TODAY, mood, random)


def _foreseeable(kind: Kind, options: Json, random: Random) -> Iterator[Question]:
    """Yields what an author thinks of, and what is easily forgotten, with one set of options."""
    yield question(options, (), fields={})
    yield question(options, ())
    good = record("E-1", ASKED, kind.evidence or "minutes", own_fields(kind), "rich", random)
    poor = record("E-2", ASKED, kind.evidence or "minutes", own_fields(kind), "poor", random)
    around = [record(f"E-{n}", OTHERS[n % 3], id, declared, "rich", random) for n, (id, declared) in _others(kind)]
    if kind.evidence is not None:
        yield from _around_one(kind, options, good, poor)
    yield question(options, around)
    yield question(options, [good, *around] if kind.evidence else around, fields={})
    for name in FIELDS:
        without = {id: value for id, value in _fields("rich", random).items() if id != name}
        yield question(options, [good, *around] if kind.evidence else around, fields=without)


def _around_one(kind: Kind, options: Json, good: Json, poor: Json) -> Iterator[Question]:
    """Yields what can be the matter with the newest record of one's own."""
    yield question(options, [good])
    yield question(options, [poor])
    yield question(options, [poor, good])
    yield question(options, [good, poor])
    yield question(options, [{**good, "facts": {}}])
    yield question(options, [{**good, "level": None}])
    yield question(options, [{**good, "level": None}], levels=())
    yield question(options, [{**good, "files": []}])
    yield question(options, [{**good, "files": [[None, 10]]}])
    yield question(options, [{**good, "signed_by": []}])
    yield question(options, [{**good, "happened_on": day_before(TODAY, 4000), "recorded_on": day_before(TODAY, 3999)}])
    for today in (*DAYS, day_before(TODAY, 30), day_before(TODAY, -30)):
        yield question(options, [good], today=today)
    for name in good["facts"]:
        yield question(options, [{**good, "facts": {id: v for id, v in good["facts"].items() if id != name}}])
        yield question(options, [{**good, "facts": {**good["facts"], name: poor["facts"][name]}}])
    many = [{**(good if n % 2 else poor), "id": f"E-{n}"} for n in range(MOST_RECORDS)]
    yield question(options, many)


def _others(kind: Kind) -> Iterator[tuple[int, tuple[str, Mapping[str, Json]]]]:
    """Yields the plugin's own kinds of evidence, handed in for something else, and kinds that are not the plugin's."""
    own = own_fields(kind)
    # a stranger's field may have the name of one's own, and be of another type
    same_names = {name: {"type": "text" if d.get("type") != "text" else "integer"} for name, d in own.items()}
    yield from enumerate([*kind.kinds.items(), ("minutes", STRANGE), ("letter", {}), ("survey", same_names)], 10)


def own_fields(kind: Kind) -> Mapping[str, Json]:
    """Returns the fields of the evidence that can be handed in for the requirement; none where it takes none."""
    return kind.kinds.get(kind.evidence or "", {})


def _mixed(kind: Kind, random: Random) -> Question:
    """Returns a question made up of everything there can be."""
    today = random.choice([TODAY, *DAYS, day_before(TODAY, random.randint(-800, 800))])
    moods: Sequence[Mood] = ("rich", "poor", "odd")
    records = []
    for n in range(random.choice([0, 1, 1, 2, 3, 8, MOST_RECORDS])):
        mood = random.choice(moods)
        if kind.evidence is not None and random.random() < 0.5:
            made = record(f"E-{n}", ASKED, kind.evidence, own_fields(kind), mood, random, today)
        else:
            _, (id, declared) = random.choice(list(_others(kind)))
            made = record(f"E-{n}", random.choice(OTHERS), id, declared, mood, random, today)
        records.append(_thinned(made, random))
    options = options_for(kind, random.choice(moods), random)
    made_up = question(options, records, today=today, fields=_fields(random.choice(moods), random))
    made_up["fields"] = {name: value for name, value in made_up["fields"].items() if random.random() < 0.6}
    return made_up | {
        "profile": random.choice([None, "light", "standard"]),
        "cycle": random.choice([1, 1, 2, 40]),
        "levels": random.choice([list(LADDER), list(LADDER), [], ["low", "high"]]),
    }


def _thinned(made: dict[str, Any], random: Random) -> dict[str, Any]:
    """Takes something out of a record here and there, as erasing, forgetting and never filling in do."""
    if random.random() < 0.4:
        made["facts"] = {name: value for name, value in made["facts"].items() if random.random() < 0.6}
    if random.random() < 0.2:
        made |= {"files": [[None, size] for _, size in made["files"]], "personal": True}
    if random.random() < 0.3:
        made["level"] = random.choice([None, *LADDER, "of_another_ladder"])
    return made


def _fields(mood: Mood, random: Random) -> dict[str, Any]:
    return {name: value_for(declared, TODAY, mood, random) for name, declared in FIELDS.items()}


def question(
    options: Json,
    records: Sequence[Json],
    *,
    today: str = TODAY,
    levels: Sequence[str] = LADDER,
    fields: Json | None = None,
) -> Question:
    """Returns a question; its project has rich fields unless others are given."""
    rich = _fields("rich", Random(0))  # noqa: S311  # nothing secret
    return {
        "requirement": ASKED,
        "with": dict(options),
        "today": today,
        "project": "P-1",
        "stage": "listening",
        "cycle": 1,
        "profile": None,
        "fields": rich if fields is None else dict(fields),
        "levels": list(levels),
        "records": [dict(one) for one in records],
    }


def record(
    id: str,
    requirement: str,
    kind: str,
    declared: Mapping[str, Json],
    mood: Mood,
    random: Random,
    today: str = TODAY,
) -> dict[str, Any]:
    """Returns a record as a question holds it."""
    rich = mood == "rich"
    return {
        "id": id,
        "requirement": requirement,
        "kind": kind,
        "own": requirement == ASKED,
        "level": {"rich": LADDER[-1], "poor": None}.get(mood, random.choice([None, *LADDER])),
        "happened_on": day_before(today, 7),
        "recorded_on": day_before(today, 5),
        "facts": {name: value_for(one, today, mood, random) for name, one in declared.items()},
        "files": [["ab" * 32, 2048]] if rich else [],
        "signed_by": ["sro", "lx_cochair"] if rich else [],
        "personal": False,
    }
