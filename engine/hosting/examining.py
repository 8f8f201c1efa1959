"""Examining what is handed in, and making files: the calls that take their time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.core.errors import CocycleError, InputRefused
from engine.core.evidence import Examined
from engine.core.opinions import Source
from engine.hookshapes import DeliveryFailed, ExportedFile
from engine.hosting.answers import NoAnswer, file_names_of, findings_of
from engine.hosting.faults import PluginBroke
from engine.hosting.line import Line

FAILED = "examiner-failed"
"""The code of the one finding that there is where an examiner failed."""


def examined(
    line_to: Callable[[str], Line], use: str, submission: Mapping[str, Any], contents: Sequence[bytes]
) -> Examined:
    """Returns what the examiner `use` says of a submission; what fails is the state `failed`, with its words."""
    name, _, id = use.partition("/")
    source, line = Source(name, "", ""), None
    try:
        line = line_to(name)
        message = {"do": "examine", "id": id, "submission": submission}
        found = line.call(message, contents, lambda value, files: _checked(name, findings_of, value))
    except CocycleError as fault:
        words = fault.message
        if isinstance(fault, PluginBroke) and fault.kind == "absent" and line is not None:
            words = f"The plugin {name} has no examiner {id}."
        return Examined(use, source if line is None else line.source, "failed", ((FAILED, "fault", words),))
    except (TypeError, ValueError, DeliveryFailed) as error:
        words = f"The plugin {name} could not be asked: {type(error).__name__}."
        return Examined(use, source if line is None else line.source, "failed", ((FAILED, "fault", words),))
    faulty = any(severity == "fault" for _, severity, _ in found)
    return Examined(use, line.source, "faulty" if faulty else "passed", found)


def exported(line: Line, name: str, message: Mapping[str, Any]) -> list[ExportedFile]:
    """Returns the files that an exporter makes; raises PluginBroke, and InputRefused where it says what is missing."""

    def read(value: Any, files: list[bytes]) -> list[ExportedFile]:
        named = _checked(name, file_names_of, value)
        if len(named) != len(files):
            raise PluginBroke(f"The plugin {name} answers with files that have no content.", "form")
        return [ExportedFile(name, kind, content) for (name, kind), content in zip(named, files, strict=True)]

    try:
        made: list[ExportedFile] = line.call(message, read=read)
    except DeliveryFailed as error:
        raise InputRefused(str(error), code="cannot_export") from error
    return made


def _checked(name: str, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except NoAnswer as error:
        raise PluginBroke(f"The plugin {name} {error}.", "form") from error
