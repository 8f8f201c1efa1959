"""What there is to go by before there is an assessment: a screening, where the definition lets it be enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from engine.hookspecs import Facts, Json, RecordFact, Verdict, met, unmet
from plugins.equality_impact.characteristics import CHARACTERISTICS, named
from plugins.equality_impact.kinds import SCREENING
from plugins.equality_impact.reading import names, newest, said

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "screening_for": {
        "type": "list",
        "of": "text",
        "title": "Profiles for which a screening can be enough",
        "help": "A project of another profile needs a full assessment whatever its screening says.",
    },
    "screening": {
        "type": "text",
        "title": "The requirement the screening is handed in for",
        "help": "Projects for which a screening can be enough are then sent there first.",
    },
}
ASSESSMENT_FOR: Final = {
    "type": "text",
    "title": "The requirement the assessment is handed in for",
    "required": True,
}


def may_be_screened(facts: Facts, options: Json) -> bool:
    """True for a project of a profile in which a screening can be enough."""
    return facts.profile is not None and facts.profile in names(options, "screening_for")


def first(facts: Facts, options: Json) -> str | None:
    """Returns the requirement of the screening where it is the first thing to hand in; None where it is not."""
    screening = options.get("screening")
    return screening if isinstance(screening, str) and may_be_screened(facts, options) else None


def screening_lacks(screening: RecordFact, facts: Facts, options: Json) -> Iterator[str]:
    """Yields why a screening is not enough."""
    looked_at = names(screening.facts, "looked_at")
    if screening.facts.get("full_assessment") is not False:
        yield "The screening says that a full assessment is needed. Hand in the assessment."
    elif not may_be_screened(facts, options):
        yield "The screening sees no need for a full assessment, but this project needs one. Hand in the assessment."
    elif left_out := [one for one in CHARACTERISTICS if one.id not in looked_at]:
        yield f"The screening did not look at {named(left_out)}. Hand in an assessment, or a screening of all nine."
    elif not said(screening.facts, "reasons"):
        yield "The screening gives no reasons. Hand in an assessment, or a screening that says what it shows."


def without_assessment(facts: Facts, options: Json) -> Verdict:
    """Returns what can be said of effects before there is an assessment: met where a screening is enough."""
    screening, asked = newest(facts, SCREENING.id), str(options.get("assessment"))
    if screening is not None and not list(screening_lacks(screening, facts, options)):
        return met("The screening is enough here, and it sees no effect to look into.", evidence=(screening.id,))
    words = "No equality assessment counts yet, so nobody knows where the effect is negative."
    if screening is None and (before := first(facts, options)) is not None:
        return unmet(f"{words} Begin with a screening; here it can be enough.", records=(before,))
    return unmet(f"{words} Hand one in first.", records=(asked,))
