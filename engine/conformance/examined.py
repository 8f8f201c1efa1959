"""The rules on examiners: that they answer whatever is handed in, and in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from engine.conformance.rules import Found
from engine.conformance.sentences import fault_of
from engine.conformance.submissions import MARK, HandedIn, submissions_for
from engine.core.evidence import Examined
from engine.definitions.brought import EvidenceKindBrought

MOST_OF_A_RULE: Final = 3


class Examines(Protocol):
    """Whoever has records examined: a host of plugins."""

    def examine(self, use: str, submission: Mapping[str, Any], contents: tuple[bytes, ...]) -> Examined:
        """Returns what an examiner says of a record that is being handed in; never raises."""
        ...


def faults_of_examiner(use: str, kind: EvidenceKindBrought, host: Examines) -> Iterator[Found]:
    """Yields what is wrong with the examiner of a kind of evidence; nothing where it has none."""
    if not kind.examined:
        return
    told: dict[tuple[str, str], None] = {}
    for handed in submissions_for(use, kind.file, kind.fields):
        for found in _of_one(use, handed, host.examine(use, handed.submission, handed.contents), kind):
            sort = (found.rule, re.sub(r"“[^”]*”|[\d.,]+", "·", found.says.partition(": ")[2]))
            if sort not in told and sum(rule == found.rule for rule, _ in told) < MOST_OF_A_RULE:
                told[sort] = None
                yield found
        if sum(rule == "answers/every-record" for rule, _ in told) >= MOST_OF_A_RULE:
            return  # each failure costs a process; three of them say enough


def _of_one(use: str, handed: HandedIn, said: Examined, kind: EvidenceKindBrought) -> Iterator[Found]:
    example = {
        "handed_in": handed.what,
        "facts": handed.submission["facts"],
        "files": [
            {"name": file["name"], "size": len(content)}
            for file, content in zip(handed.submission["files"], handed.contents, strict=True)
        ],
    }
    if said.state not in ("passed", "faulty"):
        why = " ".join(str(words) for _, _, words in said.found)
        # what is no finding is turned down where it comes in; see engine/hosting/answers.py
        rule = "answers/findings" if "finding" in why or "Finding" in why else "answers/every-record"
        yield Found(rule, "fault", use, f"With {handed.what}: {why}", example)
        return
    for code, _, words in said.found:
        if MARK.lower() in code.replace("-", ""):
            says = f"With {handed.what}: the code “{code}” quotes it. A code cannot be erased; put that into the words."
            yield Found("answers/findings", "fault", use, says, example)
        if (wrong := fault_of(str(words), (id for id in kind.fields if re.search(r"[_0-9-]", id)))) is not None:
            says = f"With {handed.what}: it says “{str(words)[:160]}”. {wrong}"
            yield Found("explains/sentences", "fault", use, says, example)
