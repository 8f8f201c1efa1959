"""Facts for the judges of the equality plugin: a good assessment, what goes with it, and strategies for any of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from engine.hookspecs import Facts, RecordFact
from plugins.equality_impact.characteristics import CHARACTERISTICS, IDS, IMPACTS, Characteristic
from plugins.equality_impact.kinds import ASSESSMENT, DECISION, ENGAGEMENT, KINDS, SCREENING

TODAY = "2026-06-30"
WITH = {"screening": "screening", "assessment": "due-regard", "engagement": "talks", "decision": "decision"}
WORDS = st.sampled_from(
    ["", "TBC", "n/a", "Figures of the ward, and what carers told us.", "Nobody has counted.", "Ramp."]
)
DATES = st.sampled_from(
    ["", "2020-01-31", "2023-06-30", "2026-03-31", "2027-01-31", "0001-01-01", "9999-12-31", "soon"]
)


def full(**changed: Any) -> dict[str, Any]:
    """Returns the facts of an assessment that has all that is asked and a neutral effect throughout, but for these."""
    facts: dict[str, Any] = {}
    for one in CHARACTERISTICS:
        facts.update({field: "neutral" for _, field in one.cells})
        facts[f"{one.id}_evidence"] = f"What we counted and heard about {one.title}."
        facts[f"{one.id}_figures_to"] = "2026-03-31"
    return {name: value for name, value in {**facts, **changed}.items() if value is not None}


def answered(one: Characteristic) -> dict[str, Any]:
    """Returns the fields that say what will be done for a characteristic, by whom and by when."""
    words = f"Evening hours are kept, agreed with people; about {one.title}."
    return {f"{one.id}_mitigation": words, f"{one.id}_owner": "Head of access", f"{one.id}_by": "2026-12-01"}


def record(kind: str, facts: Mapping[str, Any], id: str, requirement: str, on: str = "2026-06-01") -> RecordFact:
    """Returns a record as a judge is handed it."""
    own = requirement == "due-regard"
    return RecordFact(id, requirement, kind, own, "co_design", on, on, facts, (), ("edi", "sro"), False)


def assessment(facts: Mapping[str, Any], id: str = "e-1", on: str = "2026-06-01") -> RecordFact:
    """Returns an assessment that was handed in."""
    return record(ASSESSMENT.id, facts, id, "due-regard", on)


def talks(*heard: str) -> RecordFact:
    """Returns a record of talks."""
    return record(ENGAGEMENT.id, {"heard": list(heard)}, "e-2", "talks")


def screening(full_assessment: bool, **changed: Any) -> RecordFact:
    """Returns a screening with all that is asked, but for these."""
    facts = {"full_assessment": full_assessment, "looked_at": list(IDS), "reasons": "A change of colour.", **changed}
    return record(SCREENING.id, facts, "e-3", "screening")


def decision(*considered: str, on: str = "2026-06-20", accepts: bool | None = None) -> RecordFact:
    """Returns a decision that names what was read."""
    facts: dict[str, Any] = {"considered": list(considered), "reasons": "Said in the paper."}
    return record(
        DECISION.id, facts if accepts is None else {**facts, "accepts_disadvantage": accepts}, "e-9", "decision", on
    )


def facts(*records: RecordFact, today: str = TODAY, profile: str | None = "standard") -> Facts:
    """Returns what a judge is asked, with records oldest first."""
    return Facts("due-regard", today, "P", "equality", 1, profile, {}, ("co_design",), tuple(reversed(records)))


def _value(declared: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    match declared["type"]:
        case "choice":
            return st.sampled_from([*declared["of"], "of_another_version"])
        case "date":
            return DATES
        case "yes_no":
            return st.booleans()
        case "counts":
            return st.dictionaries(st.sampled_from(declared["of"]), st.integers(0, 9))
        case "list":
            return st.lists(st.sampled_from(declared["options"]) if "options" in declared else WORDS, max_size=9)
        case "records":
            return st.lists(st.sampled_from(["e-0", "e-1", "e-2", "e-3", "gone"]), max_size=3)
    return WORDS


def facts_of(kind_id: str) -> st.SearchStrategy[dict[str, Any]]:
    """Returns facts of a kind of evidence, with any of its fields left out."""
    kind = next(kind for kind in KINDS if kind.id == kind_id)
    return st.fixed_dictionaries({}, optional={name: _value(one) for name, one in kind.fields.items()})


@st.composite
def full_assessments(draw: st.DrawFn) -> dict[str, Any]:
    """Returns assessments with an effect and something known for everybody, and any answers, or none, to them."""
    made = full()
    for one in CHARACTERISTICS:
        for _, field in one.cells:
            made[field] = draw(st.sampled_from(IMPACTS))
        for name in ("mitigation", "owner", "justification"):
            made[f"{one.id}_{name}"] = draw(WORDS)
        made[f"{one.id}_by"] = draw(DATES)
    return made


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    """Returns any facts: records of every kind and of strangers', in any order, for anything, on any day."""
    records = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from([*(kind.id for kind in KINDS), "minutes"]))
        held = draw(st.just({}) if kind == "minutes" else facts_of(kind) | full_assessments())
        requirement = draw(st.sampled_from(["due-regard", "talks", "decision", "screening"]))
        on = draw(st.sampled_from(["2026-06-01", "2026-06-20", "2020-02-29"]))
        records.append(record(kind, held, f"e-{number}", requirement, on))
    profile = draw(st.sampled_from([None, "light", "standard"]))
    return facts(*records, today=draw(st.sampled_from([TODAY, "0001-01-01", "9999-12-31"])), profile=profile)
