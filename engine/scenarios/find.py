"""Finds what a path names: a definition, the files of stories beside it, and the explanations of unnoticed breaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.core.errors import InputRefused

WORKFLOW: Final = "workflow.yaml"
FOLDER: Final = "scenarios"
UNNOTICED: Final = "unnoticed.yaml"
CODE: Final = "scenarios_refused"


@dataclass(frozen=True, slots=True)
class Found:
    """A definition with its files of stories, and the file of explanations where all its stories are meant."""

    definition: Path
    stories: tuple[Path, ...]
    unnoticed: Path | None


def found_at(path: str) -> Found:
    """Returns what a path names: a definition, a folder with `workflow.yaml`, or one file of stories.

    Raises:
        InputRefused: nothing is there, or no definition belongs to it, or there are no stories.
    """
    place = Path(path)
    if place.is_dir():
        place = place.parent if place.name == FOLDER and not (place / WORKFLOW).is_file() else place
        if not (place / WORKFLOW).is_file():
            raise InputRefused(f"{path} holds no {WORKFLOW}; name a definition, its folder or a scenario file.")
        return _beside(place / WORKFLOW)
    if not place.is_file():
        raise InputRefused(f"{path} does not exist, or is no plain file.")
    if place.name == UNNOTICED:
        raise InputRefused(f"{path} explains breaks and holds no scenarios; name the definition or its folder.")
    definition = _definition_of(place)
    return _beside(place) if definition is None else Found(definition, (place,), None)


def _definition_of(place: Path) -> Path | None:
    """Returns the definition a file of stories belongs to; None where it is a definition itself."""
    if place.name == WORKFLOW:
        return None
    folders = [place.parent.parent, place.parent] if place.parent.name == FOLDER else [place.parent]
    found = [folder / WORKFLOW for folder in folders if (folder / WORKFLOW).is_file()]
    if not found and place.parent.name == FOLDER:
        raise InputRefused(f"There is no {WORKFLOW} beside the folder of {place}.")
    return found[0] if found else None


def _beside(definition: Path) -> Found:
    folder = definition.parent / FOLDER
    files = sorted(p for p in folder.glob("*.yaml") if p.is_file() and p.name != UNNOTICED)
    if not files:
        raise InputRefused(f"There are no scenarios for {definition}: write them into {folder}/NAME.yaml.")
    unnoticed = folder / UNNOTICED
    return Found(definition, tuple(files), unnoticed if unnoticed.is_file() else None)


def read_bytes(path: Path) -> bytes:
    """Returns the bytes of a file; raises InputRefused where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputRefused(f"{path} cannot be read: {error.strerror}.") from error
