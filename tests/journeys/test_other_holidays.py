"""Extra holidays that are set for one who works with a register and not for another: each undoes the other's rows."""

from __future__ import annotations

from engine.api import settings_from

from .test_deadlines import with_a_condition
from .town import Town


def test_two_who_go_by_other_holidays_are_found(town: Town) -> None:
    """Where rows were made with holidays that are not set here, the doctor says so, and how to end it.

    Seen to fail when rows that are not of today are told as something that passes by itself.
    """
    with_a_condition(town)
    town.engine.sweep()

    def said() -> tuple[bool, str]:
        (found,) = [one for one in town.engine.doctor()["checks"] if one["check"] == "deadlines"]
        return found["ok"], found["message"]

    assert said()[0]
    town.reopen(settings=settings_from({"COCYCLE_EXTRA_HOLIDAYS": "2026-06-08=A day of rest"}))
    well, words = said()
    assert not well
    assert "COCYCLE_EXTRA_HOLIDAYS" in words
    town.engine.sweep()
    assert said()[0]
    with town.sql() as database:
        database.execute("UPDATE setting SET value = replace(value, '[1,', '[0,') WHERE name = 'deadlines_by'")
    assert said()[0], "rows by older rules are made anew by the next sweep, and that is that"
