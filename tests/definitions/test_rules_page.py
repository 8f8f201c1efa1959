"""The page of rules and the rules of the code are one thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.definitions.compile import problems_in
from engine.definitions.rules import RULES
from tests.definitions.plugins.bringing import ACME
from tests.definitions.shelves import overlay_of, page_bases

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "definition-rules.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
MARKS = "wrong|right|wrong-file|wrong-overlay|right-overlay"
BLOCK = re.compile(rf"^```yaml ({MARKS})\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FAMILIES = "|".join(sorted({rule.partition("/")[0] for rule in RULES}))

# Rules about bytes that a page cannot show, or about sizes that would fill it; each has a test of its own.
WITHOUT_EXAMPLE = {
    "yaml/encoding",
    "yaml/character",
    "yaml/too-large",
    "yaml/too-deep",
    "yaml/too-many",
    "language/more-mistakes",
    "meaning/large-gate",
    "extends/chain",
    "extends/too-many",
}


def test_the_page_has_an_entry_for_each_rule() -> None:
    """Every rule has one entry on the page, and every entry is a rule."""
    headings = re.findall(r"^### (\S+)$", PAGE, re.MULTILINE)
    assert sorted(headings) == sorted(RULES)


def test_the_code_reports_exactly_the_listed_rules() -> None:
    """Every rule that stands in the code is listed, and every listed rule stands in the code."""
    said = set()
    for path in (ROOT / "engine" / "definitions").rglob("*.py"):
        if path.name != "rules.py":
            said |= set(re.findall(rf'"((?:{FAMILIES})/[a-z-]+)"', path.read_text(encoding="utf-8")))
    assert said == set(RULES)


def _file(mark: str, text: str, with_piece: Callable[[str], bytes]) -> bytes:
    if mark == "wrong-file":
        return text.encode()
    return overlay_of(text) if mark.endswith("-overlay") else with_piece(text)


@pytest.mark.parametrize("rule", sorted(set(RULES) - WITHOUT_EXAMPLE))
def test_the_wrong_example_of_a_rule_breaks_it(rule: str, with_piece: Callable[[str], bytes]) -> None:
    """The wrong example of each rule is told by that rule, and the right one breaks nothing."""
    blocks = BLOCK.findall(ENTRIES[rule])
    wrong = [_file(mark, text, with_piece) for mark, text in blocks if mark.startswith("wrong")]
    right = [_file(mark, text, with_piece) for mark, text in blocks if mark.startswith("right")]
    assert wrong
    bases = page_bases(with_piece(""))
    for raw in wrong:
        _, problems = problems_in(raw, "wrong.yaml", bases, ACME)
        assert rule in {problem.rule for problem in problems}
    for raw in right:
        compiled, problems = problems_in(raw, "right.yaml", bases, ACME)
        assert compiled is not None, problems
        assert rule not in {problem.rule for problem in problems}


@pytest.mark.parametrize("rule", sorted(set(RULES) - WITHOUT_EXAMPLE))
def test_a_wrong_example_is_wrong_in_one_way(rule: str, with_piece: Callable[[str], bytes]) -> None:
    """One slip is one mistake: the wrong example of each rule brings forth no mistake of another rule."""
    for mark, text in BLOCK.findall(ENTRIES[rule]):
        if mark in ("wrong", "wrong-overlay"):
            _, problems = problems_in(_file(mark, text, with_piece), "wrong.yaml", page_bases(with_piece("")), ACME)
            assert {p.rule for p in problems if p.severity == "error"} <= {rule}, problems
