"""What each kind of process may do, and how long, how much and how large: the limits, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["judge", "examine", "observe", "export"]

KIB, MIB = 1024, 1024 * 1024
LOAD_SECONDS = 5.0
"""For starting the process, importing the plugin and having it describe itself."""
LONGEST_KEPT_WAITING = 2.0
"""Seconds that a busy machine can add to a limit, by not letting the process run."""
MOST_LOADED = 1 * MIB
FAULTS_BEFORE_REST = 3
REST_SECONDS, LONGEST_REST_SECONDS = 2.0, 60.0
MOST_SENTENCES, LONGEST_SENTENCE = 20, 1_000
MOST_NAMED, LONGEST_NAME = 10_000, 200
MOST_FINDINGS, MOST_FILES = 200, 1_000
LONGEST_CODE = 60
"""Of a finding; a code stands in the ledger in clear, and nobody can erase it."""
CACHES = frozenset({"__pycache__", ".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""Folders in a plugin's folder that its digest leaves out, and that it is therefore kept out of itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a kind of process.

    Attributes:
        seconds: for one answer, by the clock on the wall.
        answer_bytes: the largest answer that is read.
        memory_bytes: address space above what the process needs before the plugin is loaded.
        written_bytes: the largest file it may write into its scratch folder; 0 for none at all.
        network: whether it may open connections.
        clocks: whether it may read a clock and draw random numbers.
    """

    seconds: float
    answer_bytes: int
    memory_bytes: int
    written_bytes: int
    network: bool
    clocks: bool


LIMITS: dict[Purpose, Limits] = {
    "judge": Limits(0.4, 256 * KIB, 512 * MIB, 0, network=False, clocks=False),
    "examine": Limits(10.0, 256 * KIB, 512 * MIB, 64 * MIB, network=True, clocks=True),
    "observe": Limits(15.0, 64 * KIB, 512 * MIB, 64 * MIB, network=True, clocks=True),
    "export": Limits(60.0, 256 * MIB, 2048 * MIB, 512 * MIB, network=False, clocks=True),
}
