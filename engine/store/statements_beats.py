"""The statements on the beats of workers, as SQL text. Made by `python -m engine.store.generate`, not by hand."""

from __future__ import annotations

from typing import Final

PUT_BEAT: Final = (
    "INSERT INTO beat (name, at, said) VALUES (:name, :at, :said) ON CONFLICT (name) DO UPDATE SET at = excluded.at, "
    "said = excluded.said"
)

BEATS: Final = "SELECT beat.name, beat.at, beat.said FROM beat ORDER BY beat.at DESC, beat.name"

NEWEST_BEAT: Final = "SELECT max(beat.at) AS max_1 FROM beat"

PRUNE_BEATS: Final = "DELETE FROM beat WHERE beat.at < :before AND beat.at < (SELECT max(beat.at) AS max_1 FROM beat)"
