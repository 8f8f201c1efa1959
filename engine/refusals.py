"""From a refusal, a value, to the error the edges know: the kind becomes the class, the answer becomes the details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from engine.core.answer_json import Names, answer_json
from engine.core.errors import CocycleError, Conflict, InputRefused, NotFound, NotPermitted, RulesRefused
from engine.core.outcome import Kind, Refused

_CLASSES: dict[Kind, type[CocycleError]] = {
    "not_found": NotFound,
    "conflict": Conflict,
    "input": InputRefused,
    "not_permitted": NotPermitted,
    "rules": RulesRefused,
}


def raise_refusal(refused: Refused, names: Names) -> NoReturn:
    """Raises what the refusal is to the outside; a shut gate carries its whole answer as details."""
    raise error_of(refused, names)


def error_of(refused: Refused, names: Names) -> CocycleError:
    """Returns what the refusal is to the outside, to be raised where it has been recorded."""
    details: dict[str, Any] = {}
    if refused.problems:
        details["problems"] = [dict(p) for p in refused.problems]
    if refused.answer is not None:
        details = answer_json(refused.answer, names)
    return _CLASSES[refused.kind](refused.message, code=refused.code, details=details)


def together(wrong: Sequence[InputRefused], refused: Refused | None) -> InputRefused:
    """Returns one error that says every mistake in an input: those found early, and those of the ruling."""
    if len(wrong) == 1 and refused is None:
        return wrong[0]
    problems = [p for error in wrong for p in error.details.get("problems", ())]
    messages = [error.message for error in wrong]
    if refused is not None:
        problems += [dict(p) for p in refused.problems]
        messages.append(refused.message)
    return InputRefused(" ".join(messages), code=wrong[0].code, details={"problems": problems})
