"""The page of the language is executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.compile import compile_definition
from engine.definitions.schema import json_schema
from tests.definitions.plugins.bringing import ACME
from tests.definitions.shelves import page_bases

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "definition-language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml ?([a-z-]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("mark", "text"), BLOCKS)
def test_every_example_of_the_page_loads(mark: str, text: str, with_piece: Callable[[str], bytes]) -> None:
    """Every example on the page loads, complete or put into the running example."""
    assert mark in ("definition", "running-example", "fragment", "overlay")
    raw = with_piece(text) if mark == "fragment" else text.encode()
    assert compile_definition(raw, "page", page_bases(with_piece("")), ACME).workflow.title


def test_the_running_example_brings_no_warning(running_example: str) -> None:
    """The running example is as good as the page asks others to be."""
    assert compile_definition(running_example.encode(), "page").warnings == ()


def _keys(schema: Any) -> Iterator[str]:
    for shape in [schema, *schema["$defs"].values()]:
        yield from shape["properties"]


def test_the_page_names_every_key() -> None:
    """Every key of the language stands on the page, in code."""
    prose = re.sub(r"^```.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    code = " ".join([*re.findall(r"`([^`]+)`", prose), *(text for _, text in BLOCKS)])
    words = set(re.findall(r"[a-z_]+", code))
    assert set(_keys(json_schema())) <= words
