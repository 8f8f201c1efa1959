"""Why an act was refused, by the code of the refusal, in words that end a sentence in the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REFUSALS: Final[Mapping[str, str]] = {
    "gate_shut": "the gate was shut",
    "frozen": "a gate passed before was no longer sound",
    "on_hold": "the project was on hold",
    "project_ended": "the project had ended",
    "no_such_transition": "no such way led on from there",
    "not_decided": "that was not the way decided on",
    "nothing_to_sign": "nothing had been handed in yet",
    "signed_already": "that was signed already",
    "decided_already": "that was decided already",
    "still_unsound": "what it rests on was not put right yet",
    "sound_already": "the gate was sound already",
    "reopened": "the gate was to be passed again",
    "not_permitted": "that was for somebody else to do",
    "unknown_person": "only people the register knows may",
}
