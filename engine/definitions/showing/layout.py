"""Where the parts of a diagram go: stages in one row, straight ways between neighbours, all other ways in lanes below.

Every stage that other ways lead to has a lane of its own under the row; a way drops from its stage into the lane of
where it leads and rises, or runs, into it. Stages that only end the work and are not on the way forward stand below
the row at its right end, each on its lane. So no line ever runs through a box or a word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.core.definition import Stage, Transition, Workflow
from engine.definitions.showing.lettering import wrapped

BOX_WIDTH: Final = 196.0
GAP: Final = 190.0
MARGIN: Final = 36.0
START: Final = 34.0
TITLE_SIZE: Final = 16.0
SMALL_SIZE: Final = 13.0
TITLE_LINE: Final = 20.0
SMALL_LINE: Final = 16.0
HALF_GATE: Final = 19.0
LABEL_WIDTH: Final = 168.0
BOLD: Final = 1.12  # how much wider bold letters are


@dataclass
class Box:
    """A stage: its box by the left top corner, and its title in lines."""

    stage: Stage
    title: list[str]
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0
    lower: bool = False

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """The height of its lower edge."""
        return self.y + self.height


@dataclass
class Straight:
    """A way to the neighbour on the right."""

    source: Box
    target: Box
    transition: Transition
    label: list[str]
    gate: list[str]


@dataclass
class Drop:
    """The ways from one stage into one lane, drawn as one line: from `x` under the stage down into the lane."""

    source: Box
    transitions: list[Transition]
    label: list[str]
    x: float = 0.0
    leftwards: bool = False


@dataclass
class Lane:
    """The line that leads to one stage; `x` is where it rises into the stage, unless that stands on the lane."""

    target: Box
    new_cycle: bool
    drops: list[Drop] = field(default_factory=list)
    y: float = 0.0
    x: float = 0.0

    @property
    def lines(self) -> int:
        """How many lines of text its longest label has."""
        return max((len(drop.label) for drop in self.drops), default=0)


@dataclass
class Layout:
    """A whole diagram."""

    boxes: list[Box]
    straights: list[Straight]
    lanes: list[Lane]
    width: float
    height: float


def layout_of(workflow: Workflow) -> Layout:
    """Places everything a workflow's diagram shows."""
    boxes = _boxes(workflow)
    row = [box for box in boxes.values() if not box.lower]
    tallest = max(box.height for box in row)
    for place, box in enumerate(row):
        box.x = MARGIN + START + place * (BOX_WIDTH + GAP)
        box.y = MARGIN + (tallest - box.height) / 2
    straights, lanes = _ways(workflow, boxes, row)
    middle = MARGIN + tallest / 2
    below = [middle + HALF_GATE + 6 + SMALL_LINE * len(s.gate) for s in straights if s.gate]
    floor = max([MARGIN + tallest, *below]) + 22
    floor = _place_lanes(lanes, row, floor)
    for straight in straights:  # a label above a gate may reach higher than the boxes
        top = middle - HALF_GATE - 8 - SMALL_LINE * len(straight.label)
        if top < 8:
            _shift(boxes, lanes, 8 - top)
            floor += 8 - top
            middle += 8 - top
    right = max(box.x for box in boxes.values()) + BOX_WIDTH
    return Layout(list(boxes.values()), straights, lanes, right + MARGIN, floor + MARGIN / 2)


def _shift(boxes: dict[str, Box], lanes: list[Lane], by: float) -> None:
    for box in boxes.values():
        box.y += by
    for lane in lanes:
        lane.y += by


def _boxes(workflow: Workflow) -> dict[str, Box]:
    forward = _way_forward(workflow)
    led_to = {t.to for stage in workflow.stages.values() for t in stage.transitions}
    boxes = {}
    for stage in workflow.stages.values():
        title = wrapped(stage.title, BOX_WIDTH - 24, TITLE_SIZE * BOLD, 4)
        box = Box(stage, title, lower=not stage.transitions and stage.id in led_to - forward)
        box.height = max(60.0, 26 + TITLE_LINE * len(title) + (SMALL_LINE + 2 if stage.target else 0))
        boxes[stage.id] = box
    return boxes


def _way_forward(workflow: Workflow) -> set[str]:
    """Returns the stages one meets by taking, from the first stage on, the act `advance` or else the first one."""
    seen: set[str] = set()
    here: Stage | None = workflow.first_stage
    while here is not None and here.id not in seen:
        seen.add(here.id)
        onward = next((t for t in here.transitions if t.id == "advance"), next(iter(here.transitions), None))
        here = workflow.stages[onward.to] if onward is not None else None
    return seen


def _ways(workflow: Workflow, boxes: dict[str, Box], row: list[Box]) -> tuple[list[Straight], list[Lane]]:
    straights: list[Straight] = []
    lanes: dict[tuple[str, bool], Lane] = {}
    order = {box.stage.id: place for place, box in enumerate(row)}
    for box in boxes.values():
        neighbour = _neighbour(box, row, order)
        taken = False
        for transition in sorted(box.stage.transitions, key=lambda t: t.id != "advance"):
            if not taken and neighbour is not None and transition.to == neighbour.stage.id and not transition.new_cycle:
                straights.append(_straight(workflow, box, neighbour, transition))
                taken = True
                continue
            key = (transition.to, transition.new_cycle)
            lane = lanes.setdefault(key, Lane(boxes[transition.to], transition.new_cycle))
            drop = next((d for d in lane.drops if d.source is box), None)
            if drop is None:
                lane.drops.append(Drop(box, [transition], [], leftwards=_is_leftwards(box, lane.target, order)))
            else:
                drop.transitions.append(transition)
    for lane in lanes.values():
        for drop in lane.drops:
            drop.label = wrapped(_said(workflow, drop.transitions), LABEL_WIDTH, SMALL_SIZE, 3)
    # Lanes that rise into the row come first, so that none rises through a stage that stands below it.
    return straights, sorted(lanes.values(), key=lambda lane: lane.target.lower)


def _neighbour(box: Box, row: list[Box], order: dict[str, int]) -> Box | None:
    place = order.get(box.stage.id)
    return row[place + 1] if place is not None and place + 1 < len(row) else None


def _is_leftwards(source: Box, target: Box, order: dict[str, int]) -> bool:
    if target.lower:
        return False
    return order[target.stage.id] <= order[source.stage.id]


def _straight(workflow: Workflow, source: Box, target: Box, transition: Transition) -> Straight:
    plain = transition.id == "advance" and transition.title == "Advance"
    label = [] if plain else wrapped(transition.title, LABEL_WIDTH, SMALL_SIZE, 2)
    gate: list[str] = []
    if transition.gate is not None:
        found = workflow.gates[transition.gate]
        gate = [*wrapped(found.title, LABEL_WIDTH, SMALL_SIZE * BOLD, 3), asked(len(list(found.all_requirements())))]
    return Straight(source, target, transition, label, gate)


def asked(count: int) -> str:
    """Returns how much a gate asks for, in words."""
    return "1 requirement" if count == 1 else f"{count or 'no'} requirements"


def _said(workflow: Workflow, transitions: list[Transition]) -> str:
    parts = []
    for transition in transitions:
        gate = f" ({workflow.gates[transition.gate].title})" if transition.gate is not None else ""
        parts.append(transition.title + gate + (", new cycle" if transition.new_cycle else ""))
    return " / ".join(parts)


def _place_lanes(lanes: list[Lane], row: list[Box], floor: float) -> float:
    """Gives every lane its height, its drops and its end; returns the height under the last of them."""
    column = row[-1].x + (BOX_WIDTH + GAP if row[-1].stage.transitions else 0)
    rising: dict[str, int] = {}
    for lane in lanes:
        if lane.target.lower:
            box = lane.target
            box.x = column
            half = max(box.height / 2, 14 + SMALL_LINE * lane.lines)
            box.y = floor + 18 + half - box.height / 2
            lane.y = box.middle
            floor = max(box.bottom, lane.y) + 6
        else:
            nth = rising[lane.target.stage.id] = rising.get(lane.target.stage.id, -1) + 1
            lane.x = lane.target.x + BOX_WIDTH / 2 + 13 * nth
            lane.y = floor + 14 + SMALL_LINE * lane.lines + 6
            floor = lane.y + 6
    for box in [b for b in row if b.stage.transitions]:
        _spread([d for lane in lanes for d in lane.drops if d.source is box and d.leftwards], box, leftwards=True)
        _spread([d for lane in lanes for d in lane.drops if d.source is box and not d.leftwards], box, leftwards=False)
    return floor


def _spread(drops: list[Drop], box: Box, *, leftwards: bool) -> None:
    """Gives the drops of one side their places under a stage: the deeper, the nearer to the middle.

    Labels lie outwards of their drops, so no deeper drop runs through the label of a higher lane.
    """
    step = min(30.0, (BOX_WIDTH / 2 - 44) / max(1, len(drops) - 1))
    for place, drop in enumerate(drops):
        outwards = 20 + step * place
        drop.x = box.x + outwards if leftwards else box.x + BOX_WIDTH - outwards
