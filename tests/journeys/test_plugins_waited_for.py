"""Nobody waits for a plugin longer than has to be: not who writes meanwhile, and not who looks at a list."""

from __future__ import annotations

import time
from typing import Any

import pytest

from engine.core.opinions import Opinion, Source
from engine.hurrying import Hurried
from engine.store.driver import dbapi as sqlite

from .panels import Panels


def test_no_plugin_is_waited_for_while_the_register_is_locked(panels: Panels, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever a plugin is asked, somebody else can write; acts that ask, ask first, and are then done in one go.

    Seen to fail when the act asked inside its own transaction: every question met a locked register.
    """
    judges = panels.town.engine.host.judges()
    ask, locked, asked = judges.ask_closely, [], []

    def watched(use: str, question: Any) -> Any:
        asked.append(use)
        connection = sqlite.connect(panels.town.path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite.OperationalError:
            locked.append(use)
        finally:
            connection.close()
        return ask(use, question)

    monkeypatch.setattr(judges, "ask_closely", watched)
    panels.hold(7)
    panels.pass_gate()
    assert asked
    assert not locked
    assert panels.town.engine.verify()["ok"]


def test_a_list_does_not_wait_for_a_slow_plugin(panels: Panels) -> None:
    """A page of many projects asks plugins for two seconds at most; what was not asked is not taken as met."""
    opinion = Opinion("met", ("All is well.",), Source("acme", "1.0.0", ""))

    class Slow:
        asked = 0

        def ask(self, use: str, question: Any) -> Opinion:
            self.asked += 1
            time.sleep(0.02)
            return opinion

    slow = Slow()
    hurried = Hurried(slow, seconds=0.1)
    answers = [hurried.ask("acme/panel", {}) for _ in range(100)]
    assert 1 <= slow.asked <= 6
    assert {answer.state for answer in answers[slow.asked :]} == {"error"}
    assert panels.town.engine.projects()["projects"][0]["missing"] == 1
