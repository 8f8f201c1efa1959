"""Facts, in the past tense: everything that can have happened to a register or to a project.

An `Event` has two parts. `body` may stand in the ledger in clear: ids, roles, choices, dates, numbers, digests.
`words` holds what a person typed (titles, names, reasons, text and list fields, file names) and small numbers that are
hidden; the ledger gets a salted commitment for each member, and the words themselves live in a side table from which
they can be erased. After an erasure a member of `words` is `ERASED`.

`SCHEMA` gives each event its number and its members; a member is added by raising the number, never by reinterpreting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class Erased:
    """What stands where words were erased. There is one: `ERASED`."""

    _one: Erased | None = None

    def __new__(cls) -> Erased:
        """Returns the one instance."""
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __repr__(self) -> str:
        return "ERASED"

    def __bool__(self) -> bool:
        return False


ERASED: Final = Erased()


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `project` is None for a fact about the register itself.

    `happened_on` and the like are ISO text in `body`; the moment it was recorded (`at`), who did it (`by`) and the
    project's version are given by the journal, in `Entry`.
    """

    name: str
    project: str | None
    body: Mapping[str, Any]
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event sealed in the ledger.

    Attributes:
        seq: its index in the ledger, dense from 0.
        at: when it was recorded, RFC 3339 in UTC with microseconds and `Z`; never decreasing.
        by: the id of the person who did it, or `system`.
        version: the project's version after it; 0 for the register's own events.
        leaf: the RFC 6962 leaf hash of its exact bytes, in hexadecimal; empty while it is not sealed yet.
        event: the fact.
    """

    seq: int
    at: str
    by: str
    version: int
    leaf: str
    event: Event


# name -> (schema number, members of body, members of words; a trailing ? may be absent, * stands for field names)
SCHEMA: Final[Mapping[str, tuple[int, tuple[str, ...], tuple[str, ...]]]] = {
    # the register
    "register_opened": (1, ("origin", "public_key"), ()),
    "person_added": (1, ("person",), ("email", "name")),
    "role_granted": (1, ("person", "role", "scope"), ()),
    "role_revoked": (1, ("person", "role", "scope"), ()),
    "definition_loaded": (1, ("workflow", "definition", "source"), ()),
    "person_erased": (1, ("person", "second", "ground", "words"), ("authority",)),
    "register_words_erased": (1, ("entry", "second", "ground", "words"), ("authority",)),
    "refused": (
        2,
        (
            "verb",
            "code",
            "times",
            "since",
            "project?",
            "version?",
            "gate?",
            "act?",
            "requirement?",
            "verdicts?",
            "altered?",
            "extra_holidays?",
            "opinions?",
        ),
        (),
    ),
    "corrected": (1, ("entry", "leaf", "second", "project?"), ("reason",)),
    "key_rotated": (1, ("origin", "from", "to", "size", "root", "signature", "second"), ("reason",)),
    "ledger_recovered": (
        1,
        ("from", "to", "size", "root", "lost_size", "lost_root", "second"),
        ("reason",),
    ),
    "clock_confirmed": (1, ("was",), ()),
    # a project
    "project_opened": (1, ("workflow", "definition", "stage", "fields", "today"), ("title", "field.*")),
    "fields_set": (1, ("fields",), ("field.*",)),
    "evidence_added": (
        3,
        (
            "evidence",
            "requirement",
            "kind",
            "level",
            "happened_on",
            "recorded_on",
            "personal",
            "facts",
            "files",
            "examined?",
        ),
        ("fact.*", "file.*", "digest.*", "finding.*"),
    ),
    "evidence_withdrawn": (1, ("evidence",), ("reason",)),
    "evidence_erased": (
        1,
        ("evidence", "second", "ground", "today", "words", "files", "stood"),
        ("authority",),
    ),
    "words_erased": (1, ("entry", "second", "ground", "words"), ("authority",)),
    "evidence_regraded": (1, ("evidence", "level"), ("reason",)),
    "signed": (2, ("signature", "requirement", "role", "evidence", "binds", "contradictions?"), ()),
    "waived": (1, ("waiver", "requirement", "until", "second"), ("reason",)),
    "decided": (
        3,
        ("decision", "gate", "role", "binds", "dissent", "altered?", "extra_holidays?", "opinions?"),
        ("dissent?",),
    ),
    "decisions_lapsed": (2, ("decisions", "opinions?"), ()),
    "gate_unsound": (2, ("gate", "passing", "requirements", "conditions?", "altered?"), ()),
    "condition_met": (1, ("passing", "condition", "today"), ("reason",)),
    "affirmed": (
        3,
        (
            "decision",
            "gate",
            "passing",
            "role",
            "binds",
            "heals",
            "verdicts",
            "altered?",
            "extra_holidays?",
            "opinions?",
        ),
        (),
    ),
    "gate_reopened": (1, ("gate", "passing", "from", "to", "today"), ()),
    "held": (1, (), ("reason",)),
    "resumed": (1, (), ("reason",)),
    "advanced": (
        3,
        (
            "act",
            "from",
            "to",
            "gate",
            "outcome",
            "new_cycle",
            "binds",
            "verdicts",
            "conditions",
            "today",
            "altered?",
            "extra_holidays?",
            "opinions?",
        ),
        ("reason?", "condition.*"),
    ),
}

OF_THE_REGISTER: Final = frozenset(
    {
        "register_opened",
        "person_added",
        "role_granted",
        "role_revoked",
        "definition_loaded",
        "person_erased",
        "register_words_erased",
        "refused",
        "corrected",
        "key_rotated",
        "ledger_recovered",
        "clock_confirmed",
    }
)
"""The events of no project; every other event is of one."""
