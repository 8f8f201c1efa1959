"""A strict reader of iCalendar, written from RFC 5545 and not from the library that writes ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[A-Za-z0-9-]+")
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";"}
TEXT = {"SUMMARY", "DESCRIPTION", "CATEGORIES", "UID", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}


@dataclass
class Component:
    """A component: its name, its properties in order as (name, parameters, value), the components inside it."""

    name: str
    properties: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        (found,) = [value for one, _, value in self.properties if one == name]
        return found

    def parameters(self, name: str) -> dict[str, str]:
        """Returns the parameters of a property that is there once."""
        (found,) = [given for one, given, _ in self.properties if one == name]
        return found

    def events(self) -> dict[str, Component]:
        """Returns the events by UID; fails where two have the same."""
        found = [one for one in self.inside if one.name == "VEVENT"]
        assert len({one["UID"] for one in found}) == len(found)
        return {one["UID"]: one for one in found}


def read_calendar(content: bytes) -> Component:
    """Returns the calendar in a file; fails where a line breaks a rule of RFC 5545, section 3.1."""
    assert content.endswith(b"\r\n")
    raw = content[:-2].split(b"\r\n")
    for line in raw:
        assert line, "no line is empty"
        assert b"\n" not in line, "lines end in CR and LF"
        assert b"\r" not in line, "lines end in CR and LF"
        assert len(line) <= 75, "a line has at most 75 octets"
        line.decode("utf-8")  # a fold in the middle of a character would show here
    lines: list[str] = []
    for line in raw:
        text = line.decode("utf-8")
        if text[0] in " \t":
            lines[-1] += text[1:]
        else:
            lines.append(text)
    root = Component("")
    stack = [root]
    for text in lines:
        name, given, value = _content_line(text)
        if name == "BEGIN":
            stack[-1].inside.append(Component(value))
            stack.append(stack[-1].inside[-1])
        elif name == "END":
            assert stack.pop().name == value
        else:
            stack[-1].properties.append((name, given, _plain(value) if name in TEXT else value))
    assert stack == [root]
    (calendar,) = root.inside
    assert calendar.name == "VCALENDAR"
    return calendar


def _content_line(text: str) -> tuple[str, dict[str, str], str]:
    """Returns the name, the parameters and the value of an unfolded line; a quoted parameter may hold anything."""
    matched = _NAME.match(text)
    assert matched, text
    name, rest, given = matched[0].upper(), text[matched.end() :], {}
    while rest.startswith(";"):
        found = re.match(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:,]*)', rest)
        assert found, text
        given[found[1].upper()] = found[2].strip('"')
        rest = rest[found.end() :]
    assert rest.startswith(":"), text
    assert not any(ord(c) < 32 and c != "\t" for c in rest), "no control characters in a value"
    return name, given, rest[1:]


def _plain(value: str) -> str:
    """Returns a text value unescaped; fails on what has to be escaped and is not. Parts of a list stay apart by ,."""
    assert ";" not in re.sub(r"\\.", "", value), value
    return re.sub(r"\\[\\nN,;]", lambda found: _ESCAPES[found[0]], value)
