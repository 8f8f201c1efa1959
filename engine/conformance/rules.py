"""The rules that plugins are held to, each with the level it belongs to, and what a check says where one is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Severity = Literal["fault", "note"]

LEVELS: Final[Mapping[int, str]] = {1: "Loads", 2: "Answers", 3: "Explains", 4: "Proven"}
"""The levels, lowest first; each includes those below it."""

ASKED: Final = 3
"""The level that is asked for where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its stable id, its level, and what it asks, as a sentence."""

    id: str
    level: int
    says: str


RULES: Final = tuple(
    Rule(id, level, says)
    for level, rules in {
        1: {
            "loads/found": "The package names one plugin, by an entry point with a name that a plugin can have.",
            "loads/version": "The package declares its version.",
            "loads/describes": "The plugin can be imported, and says what it brings within five seconds.",
            "loads/brings": "The plugin implements at least one hook.",
            "loads/options": "The options of each kind of requirement are fields that a definition can set.",
            "loads/fields": "The fields of each kind of evidence are fields that a definition can have.",
            "loads/stages": "Each stage can be placed in a workflow.",
        },
        2: {
            "answers/every-question": "Each kind of requirement answers whatever facts it is handed, without an error.",
            "answers/in-time": "Each verdict comes within 0.4 seconds.",
            "answers/alone": "Judging opens no connection, reads no clock and no file, and starts no program.",
            "answers/form": "A verdict names only records it was shown, and days that are still to come.",
            "answers/on-record": "A verdict has the form of one, so that it can be put on record and read again.",
            "answers/every-record": "Each examiner answers whatever it is handed: empty, broken, large, another type.",
            "answers/findings": "Each finding has words, and a short code of small letters, digits and hyphens, which"
            " says nothing of what was handed in: it stands in the ledger for good.",
            "answers/files": "Each exporter makes files of whatever projects there are, the same every time, or says"
            " what it cannot do without.",
            "answers/told": "Each observer and each channel, having no settings, answers whatever it is told: with a"
            " line, or with why it could not deliver.",
        },
        3: {
            "explains/way-on": "Each unmet verdict names what would help: a record, a field, another requirement.",
            "explains/sentences": "What verdicts and findings say is whole sentences, with no ids in place of titles.",
            "explains/tells-apart": "Different things that are missing are told in different words.",
            "explains/names-the-day": "A verdict that waits for a day says which in its words.",
            "explains/titles": "Everything the plugin brings has a title for people.",
        },
        4: {
            "proven/pure": "The same facts have the same verdict: again, in any order, in another process, on any day.",
            "proven/can-refuse": "Each kind of requirement is not met at least once, of all that it is asked: one that"
            " always says met guards nothing, and one that was never seen to refuse is not proven.",
            "proven/tested": "The package has tests of its own.",
            "proven/documented": "The package has a README that names everything it brings.",
            "proven/typed": "The package is typed, and says so with py.typed.",
        },
    }.items()
    for id, says in rules.items()
)
BY_ID: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found.

    Attributes:
        rule: the id of the rule that was broken, or that a note goes with.
        severity: a fault keeps the plugin from the level of the rule; a note does not.
        subject: what it is about: PLUGIN/ID of something the plugin brings, a file, or the plugin's name.
        says: a sentence: what is wrong, and what to do.
        example: the facts or the record that show it, as small as they could be made; None where none helps.
    """

    rule: str
    severity: Severity
    subject: str
    says: str
    example: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns it in the shape that `plugin check --json` gives."""
        return {
            "rule": self.rule,
            "level": BY_ID[self.rule].level,
            "severity": self.severity,
            "subject": self.subject,
            "message": self.says,
            "example": None if self.example is None else dict(self.example),
        }


def level_of(found: list[Found]) -> int:
    """Returns the level that is reached: every rule up to it is kept; 0 where not even the first is."""
    broken = {BY_ID[one.rule].level for one in found if one.severity == "fault"}
    return min(broken, default=len(LEVELS) + 1) - 1
