"""Draws a layout as SVG: shapes and words only, nothing that runs and nothing that is fetched."""

from __future__ import annotations

from html import escape
from typing import Final

from engine.definitions.showing.layout import (
    BOX_WIDTH,
    HALF_GATE,
    MARGIN,
    SMALL_LINE,
    SMALL_SIZE,
    START,
    TITLE_LINE,
    TITLE_SIZE,
    Box,
    Drop,
    Lane,
    Layout,
    Straight,
)

FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
INK: Final = "#0b1f33"
QUIET: Final = "#425563"
LINE: Final = "#3d5266"
STAGE: Final = "#eaf2fa"
EDGE: Final = "#1d4f80"
GATE: Final = "#ffe9a8"
GATE_EDGE: Final = "#7a5600"
BEND: Final = 10.0
HEAD: Final = 9.0


def drawn(layout: Layout, id: str, title: str, description: str) -> str:
    """Returns the SVG document.

    Args:
        layout: where everything goes.
        id: a word that tells this drawing's parts from those of others on the same page.
        title: what people who do not see the drawing are told it is.
        description: the same facts in words.
    """
    width, height = round(layout.width), round(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-title {id}-desc" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FONT}">',
        f'<title id="{id}-title">{escape(title)}</title>',
        f'<desc id="{id}-desc">{escape(description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    parts += [_lane(lane) for lane in layout.lanes]
    parts += [_straight(straight) for straight in layout.straights]
    parts += [_beginning(layout.boxes[0])]
    parts += [_stage(box) for box in layout.boxes]
    # Words last, so that a line that crosses a label passes behind it.
    parts += [_label(lane, drop) for lane in layout.lanes for drop in lane.drops]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _words(lines: list[str], x: float, y: float, size: float, step: float, colour: str, more: str = "") -> str:
    """Returns lines of text, the first with its baseline at `y`."""
    return "".join(
        f'<text x="{_n(x)}" y="{_n(y + step * i)}" font-size="{_n(size)}" fill="{colour}"{more}>{escape(line)}</text>'
        for i, line in enumerate(lines)
    )


def _stage(box: Box) -> str:
    x, y, height = _n(box.x), _n(box.y), _n(box.height)
    shape = f'<rect x="{x}" y="{y}" width="{_n(BOX_WIDTH)}" height="{height}" rx="8" '
    drawing = f'{shape}fill="{STAGE}" stroke="{EDGE}" stroke-width="2"/>'
    if box.stage.final:
        inner = (
            f'<rect x="{_n(box.x + 4)}" y="{_n(box.y + 4)}" width="{_n(BOX_WIDTH - 8)}" '
            f'height="{_n(box.height - 8)}" rx="5" fill="none" stroke="{EDGE}" stroke-width="1.5"/>'
        )
        drawing = f'{shape}fill="#ffffff" stroke="{EDGE}" stroke-width="1.5"/>{inner}'
    middle = box.x + BOX_WIDTH / 2
    target = [str(box.stage.target)] if box.stage.target else []
    tall = TITLE_LINE * len(box.title) + (SMALL_LINE + 2) * len(target)
    first = box.middle - tall / 2 + TITLE_SIZE * 0.92
    centred = ' text-anchor="middle"'
    words = _words(box.title, middle, first, TITLE_SIZE, TITLE_LINE, INK, f'{centred} font-weight="600"')
    below = first + TITLE_LINE * len(box.title) + 1
    return f"<g>{drawing}{words}{_words(target, middle, below, SMALL_SIZE, SMALL_LINE, QUIET, centred)}</g>"


def _beginning(box: Box) -> str:
    """Returns the dot and arrow that show where a project starts."""
    x, y = box.x - START, box.middle
    dot = f'<circle cx="{_n(max(x, MARGIN - 14))}" cy="{_n(y)}" r="6" fill="{INK}"/>'
    return f"<g>{dot}{_line(f'M{_n(x)} {_n(y)}H{_n(box.x - HEAD)}')}{_head(box.x, y, 'right')}</g>"


def _line(path: str, *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="6 4"' if dashed else ""
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.8"{dashes}/>'


def _head(x: float, y: float, towards: str) -> str:
    """Returns an arrow head with its tip at a point."""
    back, half = HEAD + 1, 5.0
    if towards == "right":
        corners = [(x, y), (x - back, y - half), (x - back, y + half)]
    else:
        corners = [(x, y), (x - half, y + back), (x + half, y + back)]
    points = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
    return f'<polygon points="{points}" fill="{LINE}"/>'


def _straight(way: Straight) -> str:
    start, end, y = way.source.x + BOX_WIDTH, way.target.x, way.source.middle
    middle = (start + end) / 2
    centred = ' text-anchor="middle"'
    parts = [_line(f"M{_n(start)} {_n(y)}H{_n(end - HEAD)}"), _head(end, y, "right")]
    rise = 8.0
    if way.gate:
        parts.append(_diamond(middle, y, HALF_GATE))
        first = y + HALF_GATE + SMALL_SIZE + 4
        named = _words(way.gate[:-1], middle, first, SMALL_SIZE, SMALL_LINE, INK, f'{centred} font-weight="600"')
        asked = first + SMALL_LINE * (len(way.gate) - 1)
        parts += [named, _words(way.gate[-1:], middle, asked, SMALL_SIZE - 1, SMALL_LINE, QUIET, centred)]
        rise += HALF_GATE
    top = y - rise - SMALL_LINE * (len(way.label) - 1)
    parts.append(_words(way.label, middle, top, SMALL_SIZE, SMALL_LINE, INK, centred))
    return f"<g>{''.join(parts)}</g>"


def _diamond(x: float, y: float, half: float) -> str:
    corners = [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]
    points = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
    return f'<polygon points="{points}" fill="{GATE}" stroke="{GATE_EDGE}" stroke-width="2" stroke-linejoin="round"/>'


def _lane(lane: Lane) -> str:
    parts = []
    for drop in lane.drops:
        from_y = drop.source.bottom
        path = f"M{_n(drop.x)} {_n(from_y)}V{_n(lane.y - BEND)}"
        if lane.target.lower:
            path += f"Q{_n(drop.x)} {_n(lane.y)} {_n(drop.x + BEND)} {_n(lane.y)}H{_n(lane.target.x - HEAD)}"
        else:
            turn = BEND if lane.x > drop.x else -BEND
            path += f"Q{_n(drop.x)} {_n(lane.y)} {_n(drop.x + turn)} {_n(lane.y)}H{_n(lane.x - turn)}"
            path += f"Q{_n(lane.x)} {_n(lane.y)} {_n(lane.x)} {_n(lane.y - BEND)}V{_n(lane.target.bottom + HEAD)}"
        parts.append(_line(path, dashed=lane.new_cycle))
        if any(transition.gate is not None for transition in drop.transitions):
            parts.append(_diamond(drop.x, from_y + 14, 9))
    if lane.target.lower:
        parts.append(_head(lane.target.x, lane.y, "right"))
    else:
        parts.append(_head(lane.x, lane.target.bottom, "up"))
    return f"<g>{''.join(parts)}</g>"


def _label(lane: Lane, drop: Drop) -> str:
    anchor = ' text-anchor="end"' if drop.leftwards else ""
    halo = ' paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"'
    x = drop.x - 8 if drop.leftwards else drop.x + 8
    first = lane.y - 6 - SMALL_LINE * (len(drop.label) - 1)
    return f"<g>{_words(drop.label, x, first, SMALL_SIZE, SMALL_LINE, INK, anchor + halo)}</g>"
