"""Diagrams: the same facts as the workflow, safe whatever people call things, and nothing on top of anything."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.definition import Stage, Transition, Workflow
from engine.definitions.compile import compile_definition
from engine.definitions.showing.diagram import in_words, mermaid, svg
from engine.definitions.showing.layout import BOX_WIDTH, LABEL_WIDTH, layout_of
from engine.definitions.showing.lettering import width_of, wrapped

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '</text><script>alert(1)</script> "];click x "javascript:alert(1)" --> #quot; %%{init}%% `*`'


PLAIN = (
    b"cocycle: 1\nid: w\nversion: 1\ntitle: W\ngates: {g: {decided_by: [r]}}\nroles: {r: {}}\n"
    b"stages: [{id: s0, transitions: [{id: a, to: s1, gate: g}]}, {id: s1, final: true}]\n"
)


@pytest.fixture(scope="module")
def workflow(two_gates: bytes) -> Workflow:
    """The shared example."""
    return compile_definition(two_gates, "two-gates.yaml").workflow


def named(two_gates: bytes, title: str) -> Workflow:
    """The shared example, with a stage, a gate and the workflow called otherwise."""
    quoted = json.dumps(title, ensure_ascii=False).encode()
    raw = two_gates.replace(b"title: Plan gate", b"title: " + quoted).replace(
        b"title: Plan\n", b"title: " + quoted + b"\n"
    )
    return compile_definition(raw.replace(b"title: Two gates", b"title: " + quoted), "x").workflow


def words_of(picture: str) -> list[str]:
    """Returns all lines of words drawn, without title and description."""
    root = ElementTree.fromstring(picture)  # noqa: S314  # our own text, made a line above
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def test_the_picture_shows_every_stage_gate_and_way(workflow: Workflow) -> None:
    """Every stage, gate and named way of the workflow is written in the picture."""
    drawn = words_of(svg(workflow))
    for title in [s.title for s in workflow.stages.values()] + [g.title for g in workflow.gates.values()]:
        assert title in drawn
    assert drawn.count("Stop") == 2
    assert "Send back" in drawn
    assert "26 weeks" in drawn


def test_the_picture_says_the_same_in_words(workflow: Workflow) -> None:
    """The picture has a role, a title and a description, and the description says what is drawn."""
    root = ElementTree.fromstring(svg(workflow))  # noqa: S314  # our own text, made on this line
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert desc.text == in_words(workflow)
    assert "Advance leads to Design, through the gate Plan gate with 3 requirements" in in_words(workflow)
    assert "Send back leads to Plan, with a reason, by Senior responsible owner" in in_words(workflow)


def test_the_picture_runs_and_fetches_nothing(workflow: Workflow) -> None:
    """There is no script, no style sheet, no link and no image in the picture."""
    root = ElementTree.fromstring(svg(workflow))  # noqa: S314  # our own text, made on this line
    names = {node.tag.removeprefix(SVG) for node in root.iter()}
    assert names == {"svg", "title", "desc", "rect", "path", "polygon", "circle", "text", "g"}
    assert not any(name.startswith("on") or "href" in name for node in root.iter() for name in node.attrib)


def test_no_title_becomes_part_of_the_picture(two_gates: bytes) -> None:
    """Titles full of markup are words in the picture and nothing else."""
    root = ElementTree.fromstring(svg(named(two_gates, NASTY)))  # noqa: S314  # our own text, made on this line
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == f"Workflow: {NASTY}"


LINE = re.compile(
    r"flowchart LR|  acc(Title|Descr): [^\"`<>\[\]{}|%]*|  [sg]\d+(\[\[?|\{)\"[^\"`<>\[\]{}|%]*\"(\]\]?|\})"
    r"|  s\d+ -->\|\"[^\"`<>\[\]{}|%]*\"\| ([sg]\d+)( --> s\d+)?"
)


@settings(max_examples=60, deadline=None)
@given(title=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=80))
def test_no_title_becomes_part_of_the_mermaid_text(two_gates: bytes, title: str) -> None:
    """Whatever a title holds, each line of the Mermaid text is one of the few that we write."""
    for text in (title, NASTY):
        if text.strip():
            assert all(LINE.fullmatch(line) for line in mermaid(named(two_gates, text)).splitlines())


def test_mermaid_has_each_way_once(workflow: Workflow) -> None:
    """Each transition is one line; a guarded one goes through its gate."""
    lines = mermaid(workflow).splitlines()
    assert '  s0 -->|"Advance"| g0 --> s1' in lines
    assert '  s1 -->|"Send back"| s0' in lines
    assert sum("-->" in line for line in lines) == sum(len(s.transitions) for s in workflow.stages.values())


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Draws a workflow of up to seven stages with ways in all directions."""
    count = draw(st.integers(1, 7))
    finals = draw(st.sets(st.integers(0, count - 1), min_size=1))
    words = st.text("aWi -mé", min_size=1, max_size=60).filter(lambda t: bool(t.strip(" -")))
    stages = {}
    for i in range(count):
        ways = []
        listed = [] if i in finals else draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=5))
        for j, to in enumerate(listed):
            gate = "g" if draw(st.booleans()) else None
            cycle = to == 0 and draw(st.booleans())
            name = "advance" if j == 0 else f"t{j}"
            ways.append(Transition(name, draw(words), f"s{to}", gate, False, (), cycle))
        stages[f"s{i}"] = Stage(f"s{i}", draw(words), i in finals, None, tuple(ways))
    # a picture is drawn of what nobody could load, too: an author looks at it to see what is wrong
    plain = compile_definition(PLAIN, "drawn").workflow
    return replace(plain, stages=stages)


@settings(max_examples=80, deadline=None)
@given(workflows())
def test_nothing_lies_on_anything_else(workflow: Workflow) -> None:
    """Whatever the workflow: boxes lie apart and inside the picture, and no line runs through another's box."""
    layout = layout_of(workflow)
    assert len(layout.boxes) == len(workflow.stages)
    for box in layout.boxes:
        assert 0 <= box.x <= layout.width - BOX_WIDTH
        assert 0 <= box.y <= layout.height - box.height
    for one, other in itertools.combinations(layout.boxes, 2):
        apart = abs(one.x - other.x) >= BOX_WIDTH or one.bottom <= other.y or other.bottom <= one.y
        assert apart
    ways = len(layout.straights) + sum(len(d.transitions) for lane in layout.lanes for d in lane.drops)
    assert ways == sum(len(s.transitions) for s in workflow.stages.values())
    for lane in layout.lanes:
        assert lane.y < layout.height
        for drop in lane.drops:
            assert drop.source.x < drop.x < drop.source.x + BOX_WIDTH
            for box in layout.boxes:
                if box not in (drop.source, lane.target):
                    inside = box.x <= drop.x <= box.x + BOX_WIDTH and drop.source.bottom < box.y < lane.y
                    assert not inside
                if box is not lane.target:
                    assert not box.y <= lane.y <= box.bottom
    assert len({lane.y for lane in layout.lanes}) == len(layout.lanes)
    ElementTree.fromstring(svg(workflow))  # noqa: S314  # our own text, made on this line


@given(st.text(max_size=200), st.integers(1, 4))
def test_wrapped_lines_fit(text: str, most: int) -> None:
    """Wrapped text has no more lines than allowed and none wider than the room, except a single broad character."""
    lines = wrapped(text, LABEL_WIDTH, 13, most)
    assert len(lines) <= most
    assert all(width_of(line, 13) <= LABEL_WIDTH or len(line) <= 1 for line in lines)


def test_an_unreachable_stage_is_drawn_too(with_piece: Callable[[str], bytes]) -> None:
    """A stage that no way leads to is in the picture all the same."""
    ways = "{id: plan, transitions: [{id: a, to: done}]}"
    workflow = compile_definition(with_piece(f"stages:\n  - {ways}\n  - {{id: done, final: true}}\n"), "x").workflow
    island = Stage("island", "Island", True, None, ())
    workflow = replace(workflow, stages={**workflow.stages, "island": island})
    assert "Island" in words_of(svg(workflow))
