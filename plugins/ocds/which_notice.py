"""Which notice a release tells of, and whether that is the one the record says it is and the requirement asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.hookspecs import Finding
from plugins.ocds.json_reading import quoted
from plugins.ocds.looked_at import LookedAt, fault, note, objects
from plugins.ocds.notices import BY_NUMBER, Notice, asked_for
from plugins.ocds.structure import moment

_PSR_WORDS = ("provider selection regime", "si 2023/1348", "2023 no. 1348")


def check_notice(looked: LookedAt) -> Iterator[Finding]:
    """Yields what does not fit about the kind of notice."""
    numbered, declared = _numbered(looked), looked.declared
    asked = asked_for(looked.submission.requirement, looked.regime)
    found = None
    if numbered is not None:
        where, number = numbered
        found = BY_NUMBER.get(number.upper())
        if found is None:
            yield fault(
                "unknown-notice",
                f"At {where}: {quoted(number)} is no type of notice that belongs to a project; those are UK1 to UK12.",
            )
            return
        yield from _as_declared(looked, found, where)
    elif declared is not None and not declared.of_psr:
        yield fault(
            "no-notice-type",
            f"No document in the release has a noticeType, so nothing shows that it is a {_called(declared)}.",
        )
    elif not _speaks_of_psr(looked.release):
        yield note(
            "psr-not-named",
            "Nothing in the file says that the Provider Selection Regime was used. Its notices have no number of their "
            "own, so they say it in words.",
        )
    meant = found or declared
    if meant is not None:
        yield from _stage_fits(looked, meant)
    if asked is not None and meant is not None and meant.id != asked.id:
        yield fault(
            "other-notice",
            f"This is a {_called(meant)}; what is asked for here is a {_called(asked)}. Hand in that one.",
        )


def _as_declared(looked: LookedAt, found: Notice, where: str) -> Iterator[Finding]:
    declared, regime = looked.declared, looked.regime
    if declared is not None and declared.id != found.id and looked.submission.facts.get("notice_type"):
        yield fault(
            "not-as-declared",
            f"At {where}: the file says that it is a {_called(found)}; the record says that it is a "
            f"{_called(declared)}.",
        )
    if regime is not None and regime.startswith("psr_"):
        yield fault(
            "other-regime",
            f"At {where}: {found.number} is a notice of the Procurement Act 2023. The project's route is under the "
            "Provider Selection Regime, whose notices have no such number.",
        )


def _stage_fits(looked: LookedAt, meant: Notice) -> Iterator[Finding]:
    tags = [t for t in _listed(looked.release.get("tag")) if isinstance(t, str)]
    if tags and not set(tags) & set(meant.tags):
        yield fault(
            "other-stage",
            f"At {looked.path}.tag: the file says {quoted(', '.join(tags))}; a release of a {_called(meant)} "
            f"has one of: {', '.join(meant.tags)}.",
        )
    member = {"award": "awards", "implementation": "contracts", "contract": "contracts"}.get(
        meant.section, meant.section
    )
    if not looked.release.get(member) and meant.section != "planning":
        yield fault("part-missing", f"At {looked.path}: {member} is missing; a {_called(meant)} tells about it.")


def _numbered(looked: LookedAt) -> tuple[str, str] | None:
    """Returns where the type of the notice stands, and the type: of the document that is the release, or the newest."""
    release = looked.release
    found = [
        (path, document)
        for path, document in _documents(looked)
        if isinstance(document.get("noticeType"), str) and document["noticeType"]
    ]
    if not found:
        return None
    its_own = [(path, document) for path, document in found if document.get("id") == release.get("id")]
    path, document = max(its_own or found, key=lambda one: _published(one[1]))
    return f"{path}.noticeType", document["noticeType"]


def _documents(looked: LookedAt) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("planning", "tender"):
        yield from objects(looked.named(name), "documents", f"{looked.path}.{name}")
    for name in ("awards", "contracts"):
        for path, holder in looked.each(name):
            yield from objects(holder, "documents", path)
            running = holder.get("implementation")
            if isinstance(running, dict):
                yield from objects(running, "documents", f"{path}.implementation")


def _published(document: dict[str, Any]) -> float:
    at = moment(document.get("datePublished"))
    try:
        return float("-inf") if at is None else at.timestamp()
    except (OverflowError, ValueError):
        return float("-inf")


def _speaks_of_psr(release: dict[str, Any]) -> bool:
    """Returns whether any text of the release names the regime."""
    left: list[Any] = [release]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
        elif isinstance(one, str) and (one == "PSR" or any(words in one.lower() for words in _PSR_WORDS)):
            return True
    return False


def _called(notice: Notice) -> str:
    name = notice.title[0].lower() + notice.title[1:]
    return f"{name} ({notice.number})" if notice.number else f"{name} (Provider Selection Regime)"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
