"""What was erased is unknown and not absent: no condition holds by it, whatever the condition makes of absence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.conditions import fields_that_mend, holds, reasons
from engine.core.scope import Scope

from .builders import Json, check, condition, group, share, typed
from .worlds import moderate

FIELDS = {name: typed("text", id=name) for name in ("a", "b", "c")}
FIELDS |= {"n": typed("counts", "x", "y", id="n"), "away": typed("counts", "x", "y", id="away")}
GONE = "nobody can tell any more"


def scope(facts: dict[str, Any], *erased: str) -> Scope:
    return Scope({}, {}, facts, FIELDS, frozenset(erased))


@pytest.mark.parametrize(
    "written",
    [
        check("a", "not", "no"),
        check("a", "not_empty"),
        check("a", "equals", "yes"),
        group("none", check("a", "equals", "no")),
        group("none", check("a", "not_empty")),
        group("none", group("all", check("a", "equals", "no"), check("b", "equals", "yes"))),
        group("none", group("none", check("a", "equals", "yes"))),
        check("n.x", "at_least", 1) | {"less": "a"},
        share(["a"], "n", 0),
    ],
)
def test_no_condition_holds_by_what_was_erased(written: Json) -> None:
    """Each condition that hangs on erased words does not hold, and says that they were erased.

    Seen to fail when erased words were taken for absent ones, and when `less` was not looked at.
    """
    seen = scope({"b": "yes", "n": {"x": 2, "y": 0}}, "a")
    assert not holds(condition(written), seen)
    assert GONE in " ".join(reasons(condition(written), seen))
    assert fields_that_mend(condition(written), seen) is None


def test_those_who_stood_aside_and_were_erased_are_not_nobody() -> None:
    """A count less those who stood aside does not hold where it was erased who did."""
    asked = condition(check("n.x", "at_least", 2) | {"less": "away"})
    facts = {"n": {"x": 2, "y": 0}}
    assert holds(asked, scope(facts))
    assert not holds(asked, scope(facts, "away"))


def test_what_is_settled_without_the_erased_words_is_settled() -> None:
    """One part that holds is enough for `any`, and one that does not is enough against `all`, whatever was erased."""
    good, bad, gone = check("b", "equals", "yes"), check("b", "equals", "no"), check("a", "equals", "yes")
    seen = scope({"b": "yes"}, "a")
    assert holds(condition(group("any", gone, good)), seen)
    assert holds(condition(group("none", group("all", gone, bad))), seen)
    assert reasons(condition(group("all", gone, bad)), seen)[0].startswith("A was erased")


names = st.sampled_from(["a", "b", "c"])
values = st.sampled_from(["yes", "no"])
leaves = st.builds(check, names, st.sampled_from(["equals", "not"]), values) | st.builds(
    check, names, st.just("not_empty")
)
trees = st.recursive(
    leaves,
    lambda inside: st.builds(
        lambda op, of: group(op, *of), st.sampled_from(["all", "any", "none"]), st.lists(inside, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@moderate(400)
@given(trees, st.dictionaries(names, values, min_size=3, max_size=3), st.sets(names, min_size=1))
def test_erasing_never_makes_a_condition_hold(written: Json, facts: dict[str, str], gone: set[str]) -> None:
    """A condition that holds over what is left after an erasure held over what stood there, whatever that was.

    Seen to fail when erased words were taken for absent ones.
    """
    asked = condition(written)
    left = {name: value for name, value in facts.items() if name not in gone}
    if holds(asked, scope(left, *gone)):
        assert holds(asked, scope(facts))
        assert reasons(asked, scope(left, *gone)) == []
    else:
        assert reasons(asked, scope(left, *gone)) != []
