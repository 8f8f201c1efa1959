"""The page about a workflow: everything it asks for is on it, and no title is anything but words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.definition import Basis, Workflow
from engine.definitions.compile import compile_definition
from engine.definitions.showing.page import page
from engine.definitions.showing.text import plain

NASTY = "<img src=x onerror=alert(1)> [a](javascript:b) `x` **y** | www.bad.example http://bad.example ![i](j) <!-- # z"


@pytest.fixture(scope="module")
def workflow(two_gates: bytes) -> Workflow:
    """The shared example."""
    return compile_definition(two_gates, "two-gates.yaml").workflow


def test_everything_a_gate_asks_for_is_on_the_page(workflow: Workflow) -> None:
    """Each stage, gate, requirement, role and rule is named, with levels, signatures, freshness and waits in words."""
    text = page(workflow)
    titles = [s.title for s in workflow.stages.values()] + [g.title for g in workflow.gates.values()]
    titles += [r.title for r in workflow.requirements.values()] + list(workflow.roles.values())
    assert [title for title in titles if plain(title) not in text] == []
    for said in (
        "- To hand in: **Document**, made at the level of co-design or above.",
        "- Signed by the senior responsible owner and the lived-experience co-chair.",
        "- Counts for 12 months from the day it happened, that last day included.",
        "- Counts if it is handed in during the stage it is for.",
        "Rule “Working quorum”: Half of those present must have lived experience or be carers",
        "- Any one of these is enough.",
        "8 working days after the date “Published on” of “Market-engagement notice”, counted after the day that",
        "**After the day that follows it**",
        "Nobody can waive this.",
        "```mermaid\nflowchart LR\n",
    ):
        assert said in text
    assert "**With the day itself**" not in text


def test_law_is_said_only_where_the_definition_says_law(workflow: Workflow) -> None:
    """The mark of each basis is its own, and “Nobody can waive this” stands once for each requirement of law.

    Seen to fail when the mark was taken from `law: true` in place of the basis.
    """
    kinds = {"law": "Law", "guide": "Guide", "good_practice": "Good practice", "local": "Local practice"}
    gate = workflow.gates["plan-gate"]
    other = replace(workflow.gates["design-gate"], requires=())
    for kind, mark in kinds.items():
        asked = replace(gate.requires[0], basis=Basis(kind, "A source"), law=kind == "law")
        text = page(
            replace(
                workflow, gates={**workflow.gates, "plan-gate": replace(gate, requires=(asked,)), "design-gate": other}
            )
        )
        assert f"- **{mark}**: A source." in text
        assert [word for word in kinds.values() if f"**{word}**" in text] == [mark]
        assert text.count("Nobody can waive this.") == (kind == "law")


def test_no_title_is_markup(two_gates: bytes) -> None:
    """Titles and texts full of markup leave the page with the same headings, lists and links as plain ones."""
    raw = two_gates.decode()
    spoiled = raw
    for title in ("Plan gate", "Reach", "Document", "Lived-experience co-chair", "Lifetime value"):
        spoiled = re.sub(rf"title: {title}(?=[\n,}}])", lambda _: f"title: {json.dumps(NASTY)}", spoiled)
    spoiled = spoiled.replace("otherwise: Every", f"otherwise: {json.dumps(NASTY)}\n    # Every")
    text, before = (page(compile_definition(t.encode(), "x").workflow) for t in (spoiled, raw))
    assert plain(NASTY) in text
    assert not re.search(
        r"<(?!!-- -->)|(?<!\\)`|(?<!\\)\]\(|://|www\.",
        re.sub(r"```mermaid\n.*?```|`two-gates`", "", text, flags=re.DOTALL),
    )
    shape = [re.findall(r"^(#+ |```|\| *|- |\d\. )?", line, re.MULTILINE)[0] for line in before.splitlines()]
    assert [re.findall(r"^(#+ |```|\| *|- |\d\. )?", line)[0] for line in text.splitlines()] == shape
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines()]
    assert columns == [len(re.findall(r"(?<!\\)\|", line)) for line in before.splitlines()]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_words_stay_on_their_line(text: str) -> None:
    """Whatever the words, they are one line without a tag, a bare mark or a control character."""
    made = plain(text)
    assert "\n" not in made
    assert made == made.strip()
    assert not re.search(r"<(?!!-- -->)|(?<!\\)(\\\\)*[`*_\[\]|]|://|www\.", made)
    assert not re.match(r"[-+=]|#|\d+[.)](\s|$)", made)
