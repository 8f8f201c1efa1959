"""An act of the samples in words, as the tour tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.scene import Scene
from terminal.words import inside, level


def said(act: Mapping[str, Any], scene: Scene) -> str:
    """Returns what somebody did, in the past tense: handed in …, signed …, decided …"""
    title = f"“{scene.requirement(act['requirement'])}”" if "requirement" in act else ""
    role = inside(scene.role(act["role"])) if "role" in act else ""
    match act["do"]:
        case "evidence":
            at = f", at the level of {level(act['level'])}" if "level" in act else ""
            return f"handed in {title}{at}"
        case "sign":
            return f"signed {title} as {role}"
        case "decide":
            return f"decided to pass the gate as {role}"
    return f"{act['do']} {title}".strip()
