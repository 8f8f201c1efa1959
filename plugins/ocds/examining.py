"""Looks at the file of a published notice while it is handed in: is it OCDS, and is it this notice of this project?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.hookspecs import Finding, Submission, SubmittedFile
from plugins.ocds.amounts import check_amounts
from plugins.ocds.dates import check_dates
from plugins.ocds.json_reading import Unreadable, quoted, read_json
from plugins.ocds.looked_at import LookedAt, fault, note
from plugins.ocds.shapes import PACKAGE, RELEASE
from plugins.ocds.structure import misshapen, moment
from plugins.ocds.which_notice import check_notice
from plugins.ocds.who import check_who

MOST_FINDINGS = 40
_CHECKS: tuple[Callable[[LookedAt], Iterator[Finding]], ...] = (check_notice, check_who, check_dates, check_amounts)


def examine(submission: Submission) -> Sequence[Finding]:
    """Returns what is found wrong or worth knowing about the files of a record of the kind `ocds/notice`.

    Never raises because of what the files hold: a file that cannot be read is a finding.
    """
    files = [file for file in submission.files if _may_be_json(file)]
    if not files and len(submission.files) == 1:
        files = list(submission.files)
    if not files:
        return [
            fault("no-release", "None of the files is JSON. Hand in the notice as the OCDS file it is published as.")
        ]
    found: list[Finding] = []
    for file in files:
        several = len(files) > 1
        found.extend(_said_of(one, file.name) if several else one for one in _of_file(file, submission))
    if len(found) > MOST_FINDINGS:
        more = len(found) - MOST_FINDINGS
        found = [*found[:MOST_FINDINGS], note("more", f"There are {more} more; they are not listed.")]
    return found


def _of_file(file: SubmittedFile, submission: Submission) -> Iterator[Finding]:
    try:
        value = read_json(file.content)
    except Unreadable as why:
        yield fault(why.code, str(why))
        return
    if not isinstance(value, dict):
        yield _no_ocds()
    elif isinstance(value.get("releases"), list):
        yield from _of_package(value, submission)
    elif isinstance(value.get("records"), list):
        yield fault(
            "record-package",
            "This is a record package: everything about the process, put together. "
            "Hand in the release, or the release package, of the notice itself.",
        )
    elif "ocid" in value and "tag" in value:
        yield from _shape(misshapen(value, RELEASE))
        yield from _of_release(LookedAt(value, "$", submission))
    else:
        yield _no_ocds()


def _of_package(package: dict[str, Any], submission: Submission) -> Iterator[Finding]:
    yield from _shape(misshapen(package, PACKAGE))
    releases = [
        LookedAt(release, f"$.releases[{place}]", submission)
        for place, release in enumerate(package["releases"])
        if isinstance(release, dict)
    ]
    if not releases:
        yield fault("no-release", "At $.releases: the list has no release in it.")
        return
    own = submission.fields.get("ocid")
    among = [one for one in releases if one.release.get("ocid") == own] or releases
    if len({str(one.release.get("ocid")) for one in among}) > 1:
        yield fault(
            "several-processes",
            "At $.releases: there are notices of more than one procurement, and the project does not record its ocid. "
            "Hand in the one notice by itself.",
        )
        return
    chosen = max(among, key=lambda one: _order(one.release))
    if len(releases) > 1:
        yield note(
            "several-releases",
            f"At $.releases: there are {len(releases)}. The newest of this project was looked at, {chosen.path}, "
            f"with the id {quoted(chosen.release.get('id'))}.",
        )
    yield from _of_release(chosen)


def _of_release(looked: LookedAt) -> Iterator[Finding]:
    for check in _CHECKS:
        yield from check(looked)


def _shape(sentences: list[str]) -> Iterator[Finding]:
    yield from (fault("not-as-the-standard", sentence) for sentence in sentences)


def _order(release: dict[str, Any]) -> float:
    at: datetime | None = moment(release.get("date"))
    try:
        return float("-inf") if at is None else at.timestamp()
    except (OverflowError, ValueError):
        return float("-inf")


def _no_ocds() -> Finding:
    return fault(
        "not-ocds",
        "The file is JSON, and it is no OCDS release: a release has an ocid and a tag, a release package has releases.",
    )


def _may_be_json(file: SubmittedFile) -> bool:
    start = file.content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return file.name.lower().endswith(".json") or start.startswith((b"{", b"["))


def _said_of(finding: Finding, name: str) -> Finding:
    return Finding(finding.code, f"In {quoted(name)}: {finding.says}", finding.severity)
