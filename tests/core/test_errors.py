"""Deliberate errors: each has a stable code and one sentence that a person can act on."""

from __future__ import annotations

import pytest

from engine.core.errors import (
    CocycleError,
    Conflict,
    DefinitionError,
    InputRefused,
    IntegrityFailure,
    NotFound,
    NotPermitted,
    Problem,
    RulesRefused,
    StorageUnavailable,
)

CODES: dict[type[CocycleError], str] = {
    CocycleError: "error",
    InputRefused: "input_refused",
    NotFound: "not_found",
    NotPermitted: "not_permitted",
    RulesRefused: "refused",
    Conflict: "conflict",
    StorageUnavailable: "storage_unavailable",
    IntegrityFailure: "integrity_failure",
}


@pytest.mark.parametrize(("error", "code"), CODES.items())
def test_every_error_has_its_own_stable_code_and_says_what_it_means(error: type[CocycleError], code: str) -> None:
    """An error is known by its code, its message is what it was given, and its class says what it means."""
    found = error("It is shut.")
    assert (found.code, found.message, str(found), found.details) == (code, "It is shut.", "It is shut.", {})
    assert (error.__doc__ or "").strip().endswith(".")
    assert isinstance(found, CocycleError)


def test_a_code_and_details_may_be_given() -> None:
    """One error may have a code of its own, and its class keeps the usual one; details are the error's own copy."""
    details = {"gate": "plan"}
    found = RulesRefused("Shut.", code="gate_shut", details=details)
    details["gate"] = "other"
    assert (found.code, found.details, RulesRefused.code) == ("gate_shut", {"gate": "plan"}, "refused")


def problem(severity: str, line: int, message: str) -> Problem:
    return Problem("shape/unknown-key", severity, line, 3, "gates.plan", message, "an example")


def test_a_problem_has_the_shape_of_the_contract() -> None:
    """A problem gives rule, severity, line, column, path, message and example, in this order."""
    found = problem("error", 4, "No such key.").as_json()
    assert list(found) == ["rule", "severity", "line", "column", "path", "message", "example"]
    assert list(found.values()) == ["shape/unknown-key", "error", 4, 3, "gates.plan", "No such key.", "an example"]


@pytest.mark.parametrize(("errors", "words"), [(1, "1 mistake"), (2, "2 mistakes")])
def test_a_definition_error_carries_all_problems_at_once(errors: int, words: str) -> None:
    """Every problem is there; mistakes are counted without the warnings, and the first mistake is told."""
    problems = [problem("warning", 1, "Unused."), *(problem("error", 5 + n, "No such key.") for n in range(errors))]
    found = DefinitionError("a.yaml", problems)
    assert found.message == f"a.yaml has {words}; the first is at line 5: No such key."
    assert (found.code, found.source, found.problems) == ("definition_refused", "a.yaml", tuple(problems))
    assert found.details == {"file": "a.yaml", "problems": [p.as_json() for p in problems]}
    assert isinstance(found, InputRefused)
