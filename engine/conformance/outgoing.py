"""The rules on what goes out: exporters, observers and channels, each asked with made-up data.

Nothing is sent: their processes have no network here, and observers and channels no settings. So one that has nowhere
to send to is all that can be seen; whether one delivers is for tests of its own. An exporter needs no network, and is
asked for files twice: the second time in another process, and so much later that no moment of making is the same.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, Final

from engine.conformance.place import Place
from engine.conformance.portfolio import documents, entries, notices
from engine.conformance.rules import Found
from engine.conformance.sentences import fault_of
from engine.core.errors import CocycleError
from engine.giving_files import name_fault
from engine.hookshapes import DeliveryFailed, ExportedFile
from engine.hosting.described import Described
from engine.hosting.faults import PluginBroke
from engine.hosting.host import Host

MOST_FAILURES: Final = 3
"""After so many failures it is asked no more: each costs a process, and they say enough."""
APART_SECONDS: Final = 2.1
"""Between the two times: archives keep moments in steps of two seconds."""
OTHER_SEED: Final = "1"
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*(;.*)?")

Made = dict[tuple[str, str], Any]


def faults_going_out(place: Place, described: Described) -> Iterator[Found]:
    """Yields what is wrong with the exporters, observers and channels of a plugin, and notes on what was not seen.

    Exporters are handed the plugin's own settings, which `place` has; observers and channels are handed none.
    """
    with place.host(network=False) as host:
        for id in described.observers:
            use = f"{described.name}/{id}"
            yield from _told(use, entries(), partial(host.wants_and_observe, use), _named)
        for id in described.channels:
            use = f"{described.name}/{id}"
            yield from _told(use, notices(), partial(host.notify, use), _kind)
    yield from _exported_twice(place, described)


def _named(entry: Mapping[str, Any]) -> str:
    return f"an entry {entry['name']}"


def _kind(notice: Mapping[str, Any]) -> str:
    return f"a notice {notice['kind']}"


# ------------------------------------------------------------------ what is told


def _told(
    use: str,
    messages: Iterator[Mapping[str, Any]],
    tell: Callable[[Mapping[str, Any]], str | None],
    called: Callable[[Mapping[str, Any]], str],
) -> Iterator[Found]:
    """Yields what is wrong with the answers of one observer or one channel."""
    tries, broken = 0, 0
    seen: set[str] = set()
    for message in messages:
        try:
            tell(message)
        except DeliveryFailed as failed:
            cause = failed.__cause__
            if isinstance(cause, PluginBroke) and cause.kind == "refused" and "network" in str(failed):
                tries += 1
                if tries >= MOST_FAILURES:
                    break
                continue
            broke = isinstance(cause, CocycleError)
            wrong = str(failed) if broke else fault_of(str(failed), ())
            if wrong is None or wrong in seen:
                continue
            seen.add(wrong)
            says = f"With {called(message)}: " + (wrong if broke else f"it says “{str(failed)[:160]}”. {wrong}")
            yield Found("answers/told" if broke else "explains/sentences", "fault", use, says, {"told": dict(message)})
            broken += broke
            if broken >= MOST_FAILURES:
                return
    tried = " It tried to reach the network, which it may not do here." if tries else ""
    says = f"It was told made-up things without settings.{tried} Only tests of your own can show that it delivers."
    yield Found("proven/tested", "note", use, says)


# ------------------------------------------------------------------ what is exported


def _exported_twice(place: Place, described: Described) -> Iterator[Found]:
    if not described.exporters:
        return
    first: Made = {}
    with place.host(network=False, settings=place.settings) as host:
        for id, exporter in described.exporters.items():
            yield from _exported(f"{described.name}/{id}", exporter.whole, host, first)
    time.sleep(APART_SECONDS)
    with place.host(OTHER_SEED, network=False, settings=place.settings) as host:
        again: Made = {}
        for id, exporter in described.exporters.items():
            use = f"{described.name}/{id}"
            for _ in _exported(use, exporter.whole, host, again):
                pass  # what is wrong with it was told the first time
            yield from _changed(use, first, again)


def _exported(use: str, whole: bool, host: Host, made: Made) -> Iterator[Found]:
    """Yields what is wrong with the files of one exporter; `made` is what it made or said, by what it was handed."""
    broken, seen = 0, set[str]()
    for what, document in documents(whole=whole):
        rule, wrong = "answers/files", None
        try:
            files = host.export(use, document)
        except PluginBroke as fault:
            wrong, broken = fault.message, broken + 1
        except CocycleError as cannot:  # it says what is missing
            made[use, what] = cannot.message
            rule, wrong = "explains/sentences", fault_of(cannot.message, ())
            wrong = None if wrong is None else f"it says “{cannot.message[:160]}”. {wrong}"
        else:
            made[use, what] = [(file.name, file.media_type, sha256(file.content).hexdigest()) for file in files]
            wrong = _file_fault(files)
        if wrong is not None and wrong not in seen:
            seen.add(wrong)
            example = {"handed": what, "projects": [one["project"] for one in document["projects"]]}
            yield Found(rule, "fault", use, f"With {what}: {wrong}", example)
        if broken >= MOST_FAILURES:
            return
    if not broken and not any(isinstance(files, list) and files for (of, _), files in made.items() if of == use):
        said = next((said for (of, _), said in made.items() if of == use and isinstance(said, str)), None)
        why = f" It says “{said[:160]}”." if said else ""
        says = f"It made no file of any of the projects.{why} Only tests of your own can show its files."
        yield Found("proven/tested", "note", use, says)


def _file_fault(files: Sequence[ExportedFile]) -> str | None:
    """Returns what is wrong with the names and types of files, as a sentence; None where nothing is."""
    taken: set[str] = set()
    for file in files:
        if (fault := name_fault(file.name)) is not None:
            return f"it called a file “{file.name[:80]}”: {fault}."
        if file.name.casefold() in taken:
            return f"it made two files called {file.name}, or that differ in capitals only."
        if not _MEDIA_TYPE.fullmatch(file.media_type):
            return f"it says that {file.name} is of the type “{file.media_type[:80]}”; give one like text/csv."
        taken.add(file.name.casefold())
    return None


def _changed(use: str, first: Made, again: Made) -> Iterator[Found]:
    """Yields the first document of which an exporter made other files the second time."""
    for key, files in first.items():
        if key[0] != use or key not in again or again[key] == files:
            continue
        before, after = _by_name(files), _by_name(again[key])
        names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        which = f"{names[0]} was another file" if names else "it answered otherwise"
        says = (
            f"With {key[1]}: {which} the second time. Take the day from what[“today”], leave out when it was made, and"
            " give everything an order."
        )
        yield Found("answers/files", "fault", use, says, {"handed": key[1], "files": names})
        return


def _by_name(said: Any) -> Mapping[str, Any]:
    """Returns the files that were made by their names; none where it said that it could not."""
    return {one[0]: one for one in said} if isinstance(said, list) else {}
