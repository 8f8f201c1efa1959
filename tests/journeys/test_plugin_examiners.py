"""Records that a plugin examines: what it finds is on record with them, and nothing is lost where it is absent."""

from __future__ import annotations

from typing import Any

import pytest

from engine.api import CocycleError

from .panels import Panels
from .town import AUDITOR, LEAD


def test_an_examiner_s_faults_keep_a_record_from_counting(panels: Panels) -> None:
    """What an examiner finds is recorded with the record, by code in the clear and in words that can be erased."""
    answer = panels.hold(13)
    assert (answer["examined"]["state"], answer["examined"]["found"][0]["code"]) == ("faulty", "unlucky")
    shown = panels.town.engine.evidence_show(answer["evidence"])["examined"]
    assert shown["found"] == [{"code": "unlucky", "severity": "fault", "says": "Thirteen people do not make a panel."}]
    found = panels.requirement()
    assert found["state"] == "unmet"
    assert "Thirteen people do not make a panel." in " ".join(found["why"])
    leaf = panels.town.leaves()[answer["seq"]]
    assert "Thirteen" not in str(leaf)
    assert leaf["body"]["examined"]["found"] == [["unlucky", "fault"]]
    noted = panels.hold(12)["examined"]
    assert (noted["state"], noted["found"][0]["severity"]) == ("passed", "note")
    assert panels.requirement()["state"] == "met"


def test_a_record_is_not_lost_where_its_examiner_is_absent(panels: Panels) -> None:
    """The record is recorded as not examined, its requirement is in error with the plugin's name, and it counts again
    once it is handed in with the plugin there."""
    panels.reopen(plugin=False)
    answer = panels.hold(7)
    assert answer["examined"]["state"] == "failed"
    panels.reopen()
    found = panels.requirement()
    assert found["state"] == "error"
    assert "acme" in " ".join(found["why"])
    panels.hold(7)
    assert panels.requirement()["state"] == "met"


def test_nobody_examines_what_will_be_refused(panels: Panels, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record with a mistake, from somebody who may not hand it in, or of a day to come is refused unseen."""
    seen: list[str] = []
    examine = panels.town.engine.host.examine

    def watched(use: str, submission: Any, contents: Any) -> Any:
        seen.append(use)
        return examine(use, submission, contents)

    monkeypatch.setattr(panels.town.engine.host, "examine", watched)
    engine = panels.town.engine
    for actor, more in (
        (LEAD, {"facts": {"present": "many"}}),
        (LEAD, {"facts": {"present": 7}, "happened_on": "2999-01-01"}),
        (LEAD, {"facts": {"present": 7}, "level": "shouting"}),
        (AUDITOR, {"facts": {"present": 7}}),
    ):
        with pytest.raises(CocycleError):
            engine.add_evidence("P-1", "heard", actor=actor, **more)
    assert not seen
    panels.hold(7)
    assert seen == ["acme/minutes"]
