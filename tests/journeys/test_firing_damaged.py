"""What is damaged keeps only its own from being told: one project, one definition, one row; all the others are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine import firing
from engine.core.definition import Workflow
from engine.firing import Fired, fire
from engine.room import Room
from engine.store import deadlines
from engine.store.database import Transaction
from engine.store.driver import dbapi as sqlite

from .kept_rows import Told
from .test_deadlines import with_a_condition
from .town import ADMIN, LONDON, MANAGER, PROJECT, ROOT, Town

Damage = Callable[[sqlite.Connection], object]


@pytest.fixture
def two(town: Town) -> Town:
    """A town with two projects, each with a condition that is told of on 17 June."""
    for project in (PROJECT, "CC-2"):
        with_a_condition(town, project)
    town.wrecked = True
    return town


def altered(old: str, new: str) -> Damage:
    """Returns a way to alter a word in the stored state of the first project."""

    def damage(database: sqlite.Connection) -> None:
        (state,) = database.execute("SELECT snapshot FROM project WHERE id = ?", (PROJECT,)).fetchone()
        text = state.decode() if isinstance(state, bytes) else str(state)
        assert old in text
        database.execute("UPDATE project SET snapshot = ? WHERE id = ?", (text.replace(old, new).encode(), PROJECT))

    return damage


def without_its_definition(database: sqlite.Connection) -> None:
    """Has the first project name a definition that is not there."""
    database.execute("UPDATE project SET definition = 'away' WHERE id = ?", (PROJECT,))


DAMAGES: dict[str, Damage] = {
    "no JSON": lambda database: database.execute("UPDATE project SET snapshot = x'7b' WHERE id = ?", (PROJECT,)),
    "a stage that is not there": altered('"design"', '"nowhere"'),
    "a day that is none": altered("2026-06-01", "2026-99-01"),
    "no definition": without_its_definition,
}


@pytest.mark.parametrize("anew", [False, True], ids=["rows as they were", "rows to be made anew"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_project_that_is_damaged_in_any_way_keeps_nobody_else_back(two: Town, damage: Damage, *, anew: bool) -> None:
    """However the state of a project was altered, the others are told, also where all rows have to be made anew first.

    Seen to fail when only what is known to be damage is caught while rows are made: nobody is told of anything.
    """
    with two.sql() as database:
        damage(database)
        if anew:
            database.execute("DELETE FROM setting WHERE name IN ('deadlines_by', 'stays_by')")
    two.reopen()
    told, fired = swept(two, "2026-06-17")
    assert {id_.split("/")[0] for id_, _ in told.steps} == {"CC-2"}
    assert fired.problems or fired.bugs
    later, again = swept(two, "2026-06-17", "09:01")
    assert later.steps == []
    assert again.made == 0, "what could be made anew was"
    assert len(again.problems) <= 1


def test_a_definition_that_is_damaged_keeps_nobody_back(two: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a definition was altered that nobody's project rests on, everybody is told.

    Seen to fail when the time zone of each definition is asked for, and one of them cannot be read.
    """
    monkeypatch.setattr(firing, "_zones", {})
    with two.sql() as database:
        database.execute(
            "INSERT INTO definition SELECT 'ffff', workflow, '99', title, '{', source, loaded FROM definition LIMIT 1"
        )
    two.reopen()
    told, fired = swept(two, "2026-06-17")
    assert {id_.split("/")[0] for id_, _ in told.steps} == {PROJECT, "CC-2"}
    assert (fired.problems, fired.bugs) == ([], [])


def test_definitions_are_read_once_and_not_with_every_round(two: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time zone of a definition is read once in the life of a process, since it never changes under its digest.

    Seen to fail when each round asks each definition: with a hundred of them a round with nothing due takes a second.
    """
    swept(two, "2026-06-17")
    read: list[str] = []

    def workflow(tx: Transaction, digest: str) -> Workflow:
        read.append(digest)
        return Room.workflow(two.engine.room, tx, digest)

    monkeypatch.setattr(two.engine.room, "workflow", workflow)
    swept(two, "2026-06-17", "09:01")
    assert read == []


def test_what_is_due_tomorrow_is_left_alone_though_it_is_tomorrow_elsewhere(town: Town) -> None:
    """Where one definition goes by the clocks of Auckland, no project of another is loaded half a day too early.

    Seen to fail when all is loaded whose day has come anywhere.
    """
    text = (ROOT / "tests" / "examples" / "two-gates.yaml").read_text("utf-8")
    far = text.replace("id: two-gates\n", "id: far\ntime_zone: Pacific/Auckland\n", 1)
    town.engine.load_definition(far.encode(), "far.yaml", actor=ADMIN)
    asked = {"lifetime_value": "1450000.00"}
    town.engine.new_project("Far away", "far", project_id="F-1", fields=asked, actor=MANAGER)
    town.open()
    with town.engine.database.read() as tx:
        (step,) = {row.row.next_on for row in deadlines.listed(tx)}
    assert step is not None
    evening = datetime.fromisoformat(f"{step}T00:00:00").replace(tzinfo=LONDON) - timedelta(hours=6)
    with town.sql() as database:  # so that loading it would be told
        database.execute("UPDATE project SET snapshot = x'7b' WHERE id = ?", (PROJECT,))
    town.wrecked = True
    told = Told()
    fired = fire(town.engine.database, town.engine.room, (), evening, told)
    assert ([id_.split("/")[0] for id_, _ in told.steps], fired.problems) == (["F-1"], [])
    assert fire(town.engine.database, town.engine.room, (), evening + timedelta(hours=6), told).problems != []


def swept(town: Town, day: str, time: str = "09:00") -> tuple[Told, Fired]:
    """Fires on a day; returns what was told, and what came of it."""
    town.on(day, time)
    told = Told()
    return told, fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
