"""Writes `docs/hooks.md` from what plugin authors see: `python -m engine.conformance.hooks_page`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from engine import hookshapes, hookspecs
from engine.conformance.rules import LEVELS, RULES
from engine.hookshapes import examined, exported, judged, placed, told
from engine.hosting.limits import LIMITS, LOAD_SECONDS, MIB

PAGE: Final = Path(__file__).parents[2] / "docs" / "hooks.md"

_SHAPES: Final = (judged, examined, placed, told, exported)
_TOP = """\
# Hooks

Everything a plugin can implement and everything it is handed, generated from `engine/hookspecs.py` and
`engine/hookshapes` by `make generated`. How a plugin is written, step by step, is in
[for integrators](for-integrators.md).

A plugin imports all of this from `engine.hookspecs`. It marks each hook it implements:

```python
from engine.hookspecs import Stage, hookimpl


@hookimpl
def cocycle_stages() -> list[Stage]: ...
```
"""


def page() -> str:
    """Returns the text of the page."""
    parts = [_TOP, *_hooks(), *_shapes(), *_makers(), *_limits(), *_rules()]
    whole = "\n".join(part.rstrip() + "\n" for part in parts)
    return re.sub(r"docs/(\w+)\.md", r"[\1](\1.md)", whole)


def _hooks() -> Iterator[str]:
    yield "## The hooks"
    for name, hook in vars(hookspecs).items():
        if hasattr(hook, "cocycle_spec"):
            yield f"### {name}\n\n```python\ndef {name}{_signature(hook)}\n```\n\n{inspect.getdoc(hook)}"


def _shapes() -> Iterator[str]:
    yield "## The shapes"
    for name, shape in (one for module in _SHAPES for one in vars(module).items()):
        if is_dataclass(shape) and isinstance(shape, type):
            said, meanings = _taken_apart(inspect.getdoc(shape) or "")
            rows = ["| member | type | default | what it is |", "|---|---|---|---|"]
            for field in fields(shape):
                kind = str(field.type).replace("|", "\\|")
                rows.append(f"| `{field.name}` | `{kind}` | {_default(field)} | {meanings.get(field.name, '')} |")
            yield f"### {name}\n\n{said}\n\n" + "\n".join(rows)
            own = [one for one in vars(shape).items() if isinstance(one[1], property)]
            for member, found in own:
                yield f"`{name}.{member}`: {inspect.getdoc(found)}"
    for failed in (hookshapes.DeliveryFailed, hookshapes.CannotExport):
        name = failed.__name__
        yield f"### {name}\n\n```python\n{name}{_signature(failed)}\n```\n\n{inspect.getdoc(failed)}"


def _makers() -> Iterator[str]:
    yield "## Making a verdict"
    for maker in (hookshapes.met, hookshapes.unmet, hookshapes.pending):
        yield f"```python\n{maker.__name__}{_signature(maker)}\n```\n\n{inspect.getdoc(maker)}"


def _limits() -> Iterator[str]:
    rows = ["| in order to | seconds | memory | network | clocks and chance |", "|---|---|---|---|---|"]
    rows.append(f"| load and describe | {LOAD_SECONDS:g} | as for what follows | no | not for the plugin's own code |")
    for purpose, limits in LIMITS.items():
        words = ("yes" if limits.network else "no", "yes" if limits.clocks else "no")
        memory = f"{limits.memory_bytes // MIB:,} MiB"
        rows.append(f"| {purpose} | {limits.seconds:g} | {memory} | {words[0]} | {words[1]} |")
    yield "## The limits\n\nWhere a limit is broken, the process is ended and the call is an error.\n"
    yield "\n".join(rows)


def _rules() -> Iterator[str]:
    yield "## The rules that `plugin check` holds a plugin to"
    rows = ["| level | rule | what it asks |", "|---|---|---|"]
    rows += [f"| {rule.level} {LEVELS[rule.level]} | `{rule.id}` | {rule.says} |" for rule in RULES]
    yield "\n".join(rows)


def _signature(function: Callable[..., Any]) -> str:
    return str(inspect.signature(function)).replace("'", "")


def _taken_apart(doc: str) -> tuple[str, dict[str, str]]:
    """Returns what a docstring says, and what it says of each attribute."""
    said, _, rest = doc.partition("Attributes:\n")
    listed, _, after = rest.partition("\n\n")
    meanings: dict[str, str] = {}
    for name, words in re.findall(r"^    (\w+): (.*(?:\n {6,}.*)*)", listed, re.MULTILINE):
        meanings[name] = " ".join(words.split()).replace("|", "\\|")
    return f"{said.rstrip()}\n\n{after}".strip(), meanings


def _default(field: Any) -> str:
    if field.default is not MISSING:
        return f"`{field.default!r}`"
    return "none" if field.default_factory is MISSING else "`{}`"


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write("docs/hooks.md\n")


if __name__ == "__main__":
    main()
