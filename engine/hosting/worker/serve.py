"""The loop that answers calls, one at a time, each with the mark that the call came with.

Nothing that a plugin does ends the loop but ending the process: whatever it raises is said in the answer.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import orjson

from engine.hookshapes import DeliveryFailed, ExportedFile, Finding, Verdict
from engine.hosting.limits import LOAD_SECONDS
from engine.hosting.wire import packed, read_frame, write_frame
from engine.hosting.worker import refusing, rights
from engine.hosting.worker.clocks import Clocks
from engine.hosting.worker.loaded import Loaded, NotSo, load
from engine.hosting.worker.shapes import entry_from, facts_from, notice_from, options_from, submission_from

LONGEST_TEXT = 2_000
_AS_IT_IS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_MADE_WITH = {
    Verdict: "return met(…), unmet(…) or pending(…)",
    Finding: "each one is a Finding(…)",
    ExportedFile: "each one is an ExportedFile(…)",
}
Answer = tuple[dict[str, Any], Sequence[bytes]]


class Unknown(Exception):
    """The plugin brings nothing of that name."""


class Serving:
    """Answers calls for one plugin."""

    def __init__(self, module: str, seconds: float, clocks: Clocks) -> None:
        self._module, self._seconds, self._clocks = module, seconds, clocks
        self._own = clocks.own
        self._loaded: Loaded | None = None
        self._calls: dict[str, Callable[[dict[str, Any], list[bytes]], Answer]] = {
            "load": self._load,
            "judge": self._judge,
            "examine": self._examine,
            "observe": self._observe,
            "notify": self._notify,
            "export": self._export,
        }

    def serve(self, sock: socket.socket) -> None:
        """Answers until the other side is gone."""
        while (frame := read_frame(sock)) is not None:
            message, blobs = frame
            rights.more_time(LOAD_SECONDS if message["do"] == "load" else self._seconds)
            refusing.begin()
            mark = {"call": message["call"]}
            try:
                answer, contents = self._calls[message["do"]](message, blobs)
                pieces = _plain({**mark, **answer, "tried": refusing.attempts()}, contents)
            except BaseException as error:  # noqa: BLE001  # SystemExit too: this process ends when the core says so
                pieces = packed({**mark, **_told(error, self._own), "tried": refusing.attempts()})
            write_frame(sock, pieces)

    def _load(self, message: dict[str, Any], blobs: list[bytes]) -> Answer:
        self._loaded = load(self._module)
        self._clocks.own = ()
        if "logging" in sys.modules:
            sys.modules["logging"].disable()  # nobody reads it, and each line would read the clock
        return {"ok": self._loaded.said}, ()

    def _brought(self, hook: str, id: str) -> Any:
        assert self._loaded is not None
        found = self._loaded.brings.get(hook, {}).get(id)
        if found is None:
            raise Unknown
        return found

    def _judge(self, message: dict[str, Any], blobs: list[bytes]) -> Answer:
        kind, question = self._brought("cocycle_requirement_kinds", message["id"]), message["question"]
        facts, options = facts_from(question, blobs), options_from(question)
        random.seed(0)
        self._clocks.closed = True
        try:
            verdict = kind.judge(facts, options)
        finally:
            self._clocks.closed = False
        return {"ok": _members(verdict, Verdict)}, ()

    def _examine(self, message: dict[str, Any], blobs: list[bytes]) -> Answer:
        kind = self._brought("cocycle_evidence_kinds", message["id"])
        if kind.examine is None:
            raise Unknown
        found = kind.examine(submission_from(message["submission"], blobs))
        if found is None:
            raise NotSo("returns nothing from an examiner, which must return a list of findings, [] for none")
        return {"ok": [_members(finding, Finding) for finding in found]}, ()

    def _observe(self, message: dict[str, Any], blobs: list[bytes]) -> Answer:
        observer = self._brought("cocycle_observers", message["id"])
        entry = entry_from(message["entry"])
        if observer.wants is not None and not observer.wants(entry):
            return {"ok": None}, ()
        said = observer.observe(entry, message["settings"])
        if type(said) is not str:
            raise NotSo("returns from an observer what is no line of text")
        return {"ok": said}, ()

    def _notify(self, message: dict[str, Any], blobs: list[bytes]) -> Answer:
        channel = self._brought("cocycle_channels", message["id"])
        said = channel.deliver(notice_from(message["notice"]), message["settings"])
        if type(said) is not str:
            raise NotSo("returns from a channel what is no line of text")
        return {"ok": said}, ()

    def _export(self, message: dict[str, Any], blobs: list[bytes]) -> Answer:
        exporter = self._brought("cocycle_exporters", message["id"])
        files = [_members(file, ExportedFile) for file in exporter.export(message["what"], message["settings"])]
        contents = [file.pop("content") for file in files]
        if not all(type(content) is bytes for content in contents):
            raise NotSo("returns a file whose content is not bytes")
        return {"ok": files}, contents


def _plain(answer: dict[str, Any], contents: Sequence[bytes]) -> list[bytes]:
    """Returns the frame of an answer; raises NotSo where it holds more than text, numbers, lists and objects."""
    try:
        return packed(answer, contents, option=_AS_IT_IS)
    except TypeError:
        raise NotSo("answers with something else than plain texts, numbers and lists") from None


def _members(value: Any, shape: type) -> dict[str, Any]:
    """Returns the members of a shape of `engine.hookshapes`; raises NotSo for anything else."""
    if type(value) is not shape:
        what = "nothing" if value is None else f"{type(value).__name__!s:.40}"
        raise NotSo(f"answers with what is no {shape.__name__}, but {what}; {_MADE_WITH[shape]}")
    return {member.name: getattr(value, member.name) for member in fields(shape)}


def _told(error: BaseException, own: tuple[str, ...]) -> dict[str, Any]:
    """Returns what an answer says of an error; `own` is where the plugin's code lies."""
    if isinstance(error, refusing.MayNot):
        return {"refused": error.tried}
    if isinstance(error, Unknown):
        return {"unknown": True}
    if isinstance(error, DeliveryFailed):
        return {"failed": _text(error), "final": bool(error.final), "after": _seconds(error.after)}
    if isinstance(error, NotSo):
        return {"form": _text(error)}
    return {"raised": f"{type(error).__name__}: {_text(error)}"[:LONGEST_TEXT].rstrip(": ") + _place(error, own)}


def _place(error: BaseException, own: tuple[str, ...]) -> str:
    """Returns the last line of the plugin's own code that an error came through; nothing where there is none."""
    found, step = "", error.__traceback__
    while step is not None and not isinstance(error, SyntaxError):  # which says its line itself
        name = step.tb_frame.f_code.co_filename
        if own and name.startswith(own):
            found = f" ({os.path.basename(name)}, line {step.tb_lineno})"
        step = step.tb_next
    return found


def _seconds(asked: Any) -> float:
    """Returns how long an observer asks to be left alone; none where it is no number."""
    with contextlib.suppress(BaseException):
        return min(max(0.0, float(asked)), 1e6)
    return 0.0


def _text(error: BaseException) -> str:
    """Returns the words of an error; those that cannot be had, or are none, are left out."""
    with contextlib.suppress(BaseException):
        return str.__str__(str(error))[:LONGEST_TEXT].encode("utf-8", "replace").decode()
    return ""
