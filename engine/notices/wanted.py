"""A notice that somebody is to get: to whom, of what kind, about what, and what makes it the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

REMINDER: Final = "reminder"
REFUSED: Final = "refused"
UNSOUND: Final = "unsound"
DECIDE: Final = "decide"
DIGEST: Final = "digest"
LOOK: Final = "look"
KINDS: Final = (DIGEST, REFUSED, UNSOUND, DECIDE)
"""The kinds that are sent. A reminder goes out inside the day's digest; a look is for cocycle itself."""

NOTICE: Final = "notice"
"""The topic of what is sent by e-mail; `notice:PLUGIN/CHANNEL` is that of what a plugin sends."""

REMINDERS: Final = "reminder:"
"""What the topic of somebody's reminders begins with; the id of the person follows."""

LOOKS: Final = "look"

NOTHING_SENT: Final = "Nothing was sent."
"""What is noted of a notice begins so where there was nothing left to say in it."""


@dataclass(frozen=True, slots=True)
class NoticeWanted:
    """Something that somebody is to be told.

    Attributes:
        person: the id of who is told; empty for a look.
        project: the id of the project.
        kind: reminder, refused, unsound, decide or look.
        occurrence: what it is about; of one person and kind nothing is told twice under the same one.
        about: ids, days and numbers that its words are made from; nothing that a person typed.
    """

    person: str
    project: str
    kind: str
    occurrence: str
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What it is known by in the box. It begins with the person, so that theirs are found together."""
        return f"{self.person}/{self.kind}/{self.occurrence}"
