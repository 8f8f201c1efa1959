"""From a refusal, a value, to the error the edges know: the kind becomes the class, the answer becomes the details."""

from __future__ import annotations

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
    details: dict[str, Any] = {}
    if refused.problems:
        details["problems"] = [dict(p) for p in refused.problems]
    if refused.answer is not None:
        details = answer_json(refused.answer, names)
    raise _CLASSES[refused.kind](refused.message, code=refused.code, details=details)
