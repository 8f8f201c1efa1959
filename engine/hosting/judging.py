"""Asks plugins for verdicts and gives them out as opinions; the same question is asked once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from engine.core.errors import CocycleError
from engine.core.opinions import Opinion, Source
from engine.hosting.answers import NoAnswer, opinion_of
from engine.hosting.faults import PluginBroke
from engine.hosting.forking import at_fork

if TYPE_CHECKING:
    from engine.hosting.line import Line

MOST_KEPT = 4_096
SECONDS_OF_A_FAULT = 2.0
"""For so long a question that failed is not asked again: looking at one gate asks many a question more than once."""


class PluginJudges:
    """Answers for the requirement kinds of the plugins of a host."""

    def __init__(self, line_to: Callable[[str], Line], *, keeps: bool) -> None:
        self._line_to, self._keeps = line_to, keeps
        self._kept: OrderedDict[bytes, tuple[Opinion, float | None]] = OrderedDict()
        self._lock = threading.Lock()
        at_fork(self)

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns the opinion on a question; what fails is an error that names the plugin."""
        opinion, _ = self.ask_closely(use, question)
        return opinion

    def ask_closely(self, use: str, question: Mapping[str, Any]) -> tuple[Opinion, str | None]:
        """Returns the opinion on a question and, where it is an error, the kind of the fault."""
        plugin, _, id = use.partition("/")
        source, line = Source(plugin, "", ""), None
        try:
            line = self._line_to(plugin)
            source = line.source
            head, records = _parts(question)
            mark = _mark(use, head, records)
            kept = self._known(mark, source)
            if kept is not None:
                return kept, "kept" if kept.state == "error" else None
            asked = line
            said = line.call(
                {"do": "judge", "id": id, "question": orjson.Fragment(head)},
                records,
                read=lambda value, files: _read(value, asked.source),
            )
        except PluginBroke as fault:
            why, source = fault.message, source if line is None else line.source
            if fault.kind == "absent" and line is not None:
                why = f"The plugin {plugin} has no requirement kind {id}."
            return self._fault(use, question, source, why, fault.kind), fault.kind
        except CocycleError as error:  # the plugins folder is not there
            return Opinion("error", (error.message,), source), "absent"
        except Exception as error:  # noqa: BLE001  # the judge is never stopped by a plugin, nor by what asks it
            why = f"The plugin {plugin} could not be asked: {type(error).__name__}."
            return Opinion("error", (why,), source), "form"
        self._keep(mark, said, None)
        return said, None

    def known(self, use: str, question: Mapping[str, Any]) -> Opinion | None:
        """Returns an answer that needs no waiting: a kept one, or that nobody can be asked; else None."""
        try:
            line = self._line_to(use.partition("/")[0])
        except CocycleError:
            return self.ask(use, question)
        if line.resting:
            return self.ask(use, question)
        return self._known(_mark(use, *_parts(question)), line.source)

    def _fault(self, use: str, question: Mapping[str, Any], source: Source, why: str, kind: str) -> Opinion:
        opinion = Opinion("error", (why,), source)
        if kind not in ("busy", "rests", "absent"):
            self._keep(_mark(use, *_parts(question)), opinion, time.monotonic() + SECONDS_OF_A_FAULT)
        return opinion

    def _known(self, mark: bytes, source: Source) -> Opinion | None:
        with self._lock:
            found = self._kept.get(mark)
            if found is None:
                return None
            opinion, until = found
            if opinion.source.digest != source.digest or (until is not None and until < time.monotonic()):
                del self._kept[mark]
                return None
            self._kept.move_to_end(mark)
            return opinion

    def _keep(self, mark: bytes, opinion: Opinion, until: float | None) -> None:
        if not self._keeps:
            return
        with self._lock:
            self._kept[mark] = (opinion, until)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forgets what was answered."""
        with self._lock:
            self._kept.clear()

    def after_fork(self) -> None:
        """Takes a lock that no thread of another process holds."""
        self._lock = threading.Lock()


def _parts(question: Mapping[str, Any]) -> tuple[bytes, list[bytes]]:
    """Returns a question as JSON without its records, and each of these as JSON: most are the same the next time."""
    head = orjson.dumps({name: value for name, value in question.items() if name != "records"})
    return head, [orjson.dumps(record) for record in question["records"]]


def _mark(use: str, head: bytes, records: list[bytes]) -> bytes:
    """Returns what tells one question from every other."""
    return sha256(b"\0".join([use.encode(), head, *records])).digest()


def _read(value: Any, source: Source) -> Opinion:
    try:
        return opinion_of(value, source)
    except NoAnswer as error:
        raise PluginBroke(f"The plugin {source.plugin} {error}.", "form") from error
