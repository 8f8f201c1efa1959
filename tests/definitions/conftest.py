"""What the tests of definitions read: the shared example, and the examples of the two pages in docs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```yaml ([a-z-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def two_gates() -> bytes:
    """The example that uses most of the language."""
    return (ROOT / "tests" / "examples" / "two-gates.yaml").read_bytes()


@pytest.fixture(scope="session")
def running_example() -> str:
    """The definition that the pieces in docs change."""
    page = (ROOT / "docs" / "definition-language.md").read_text(encoding="utf-8")
    return str(next(text for mark, text in BLOCK.findall(page) if mark == "running-example"))


@pytest.fixture(scope="session")
def with_piece(running_example: str) -> Callable[[str], bytes]:
    """Puts a piece of a definition into the running example: its sections replace those of the same name, and in
    sections that map ids its entries replace entries of the same name."""

    def put(piece: str) -> bytes:
        before, ours, theirs = piece.split("\n---\n")[1:], _sections(running_example), _sections(piece)
        for name, text in theirs.items():
            ours[name] = _merged(ours[name], text) if name in ours and _maps_ids(name) else text
        # A second document, where the piece has one, stays where it was: behind everything.
        return "".join([*ours.values(), *(f"---\n{rest}" for rest in before)]).encode()

    return put


def _maps_ids(name: str) -> bool:
    return name in ("principles", "roles", "fields", "evidence", "rules", "gates")


def _sections(text: str) -> dict[str, str]:
    first = text.split("\n---\n")[0] + "\n"
    parts = re.split(r"^(?=[a-z_]+:)", first, flags=re.MULTILINE)
    return {part.partition(":")[0]: part.rstrip("\n") + "\n" for part in parts if part.strip()}


def _merged(ours: str, theirs: str) -> str:
    head, *entries = re.split(r"^(?=  [^ ])", ours, flags=re.MULTILINE)
    body = theirs.partition("\n")[2]
    replaced = set(re.findall(r"^  ([^ :]+):", body, flags=re.MULTILINE))
    return head + "".join(e for e in entries if e.strip().partition(":")[0] not in replaced) + body
