"""An act loads what it needs and no more: importing is most of what a command costs."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

from .town import PROJECT, ROOT, SRO, Town

ACT = """
import json, sys
from datetime import datetime
from engine.api import SetClock, open_register

engine = open_register(sys.argv[1], clock=SetClock(datetime.fromisoformat(sys.argv[2])))
answer = engine.give_out(engine.advance(sys.argv[3], actor=sys.argv[4]))
print(json.dumps({"receipt": answer["receipt"], "loaded": sorted(sys.modules)}))
"""


def test_an_act_that_goes_to_no_outside_place_loads_nothing_that_goes_there(town: Town) -> None:
    """Where no place keeps checkpoints, an advance with its receipt loads no mail, no web and no encryption of a line.

    Seen to fail when the way to every kind of place was loaded to find out that there is none.
    """
    town.open()
    town.fill_plan()
    town.decide()
    moment = (town.clock.now() + timedelta(seconds=1)).isoformat()
    words = [sys.executable, "-c", ACT, str(town.path), moment, PROJECT, SRO]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found["receipt"]
    assert not {"smtplib", "email", "http.client", "ssl"} & set(found["loaded"])
