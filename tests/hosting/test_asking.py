"""Asking plugins: what they are handed, what comes back, and what stays of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.definitions.brought import Absent
from engine.hosting import judging
from engine.hosting.host import Host
from tests.hosting.everything import EVERYTHING
from tests.hosting.folders import QUESTION, question, write_judge, write_plugin

Hosts = Callable[..., Host]


def test_a_plugin_says_of_itself_what_it_brings_by_every_hook(host: Hosts, plugins_dir: Path) -> None:
    """A description holds the hooks and everything brought, by id, and what definitions ask for is found in it."""
    write_plugin(plugins_dir, "acme", EVERYTHING)
    one = host()
    said = one.described("acme")
    assert said.error is None
    assert len(said.hooks) == 7
    assert (said.commands, said.stages["review"].title, said.observers["post"].picky) == (("send",), "A review", True)
    assert said.requirement_kinds["panel"].options == {"least": {"type": "integer"}}
    assert (said.evidence_kinds["minutes"].file, said.evidence_kinds["minutes"].examined) == ("required", True)
    assert one.observers() == ["acme/post"]
    assert one.exporters() == [("acme/list", "A list", False)]
    brings = one.brings()
    assert not isinstance(brings.stage("acme/review"), Absent)
    assert brings.requirement_kind("acme/panel") == said.requirement_kinds["panel"]
    assert brings.evidence_kind("acme/minutes") == said.evidence_kinds["minutes"]
    assert brings.stage("acme/other") == Absent("The plugin acme has no stage other. It brings review.", ("review",))
    absent = brings.evidence_kind("nobody/minutes")
    assert isinstance(absent, Absent)
    assert absent.why.startswith("This needs the plugin nobody, which is not active here.")


def test_a_judge_is_handed_frozen_facts_and_its_whole_answer_comes_back(host: Hosts, plugins_dir: Path) -> None:
    """Facts and options reach the judge and cannot be changed; state, reasons and names come back with the source."""
    write_plugin(plugins_dir, "acme", EVERYTHING)
    judges = host().judges()
    said = judges.ask("acme/panel", question())
    assert (said.state, said.why, said.evidence, str(said.not_before)) == (
        "pending",
        ("Wait for the carers.",),
        ("e-0001",),
        "2026-12-01",
    )
    assert (said.source.plugin, said.source.version, len(said.source.digest)) == ("acme", "1.0.0", 64)
    said = judges.ask("acme/panel", question(**{"with": {"least": 1}}))
    assert (said.state, said.why) == ("unmet", ("Nobody came.", "Hand in minutes."))
    assert (said.fields, said.records) == (("lifetime_value",), ("panel-met",))
    assert judges.ask("acme/none", question()).why == ("The plugin acme has no requirement kind none.",)


def test_the_same_question_is_asked_once(host: Hosts, plugins_dir: Path) -> None:
    """A question asked again is answered from what is kept, another one by the plugin; without keeping, each is asked.

    Seen to fail when the mark left the records out.
    """
    code = """
    COUNT = []
    def judge(facts, options):
        COUNT.append(1)
        return met(f"Asked {len(COUNT)} times, {len(facts.records)} records.")
    """
    write_judge(plugins_dir, "acme", code)
    judges = host().judges()
    assert [judges.ask("acme/panel", question()).why for _ in range(3)] == [("Asked 1 times, 1 records.",)] * 3
    assert judges.ask("acme/panel", question(records=[])).why == ("Asked 2 times, 0 records.",)
    assert judges.ask("acme/other", question()).why == ("Asked 3 times, 1 records.",)
    asked = host(keeps=False).judges()
    assert [asked.ask("acme/panel", question()).why[0][:7] for _ in range(2)] == ["Asked 1", "Asked 2"]


def test_a_failed_question_is_not_asked_again_at_once(
    host: Hosts, plugins_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking at one gate asks a question many times; a plugin that hangs is waited for once in that, then again.

    Seen to fail when a fault was not kept, and when it was kept for ever.
    """
    write_judge(plugins_dir, "acme", "import time\ndef judge(facts, options): time.sleep(9)")
    clock = [1_000.0]
    monkeypatch.setattr(judging, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    one = host()
    judges = one.judges()
    first = judges.ask("acme/panel", question())
    assert all(judges.ask("acme/panel", question()) == first for _ in range(20))
    assert one._line("acme", "judge")._faults == 1
    clock[0] += judging.SECONDS_OF_A_FAULT + 1
    judges.ask("acme/panel", question())
    assert one._line("acme", "judge")._faults == 2


def test_another_digest_is_seen_once_the_plugin_is_started_again(host: Hosts, plugins_dir: Path) -> None:
    """An opinion names the digest of the files its process was started from; a host opened anew, the new one."""
    own = write_judge(plugins_dir, "acme")
    one = host()
    first = one.judges().ask("acme/panel", question())
    file = own / "src" / "acme_plugin.py"
    file.write_text(file.read_text().replace("The panel met.", "A panel met."))
    assert one.judges().ask("acme/panel", question()) == first
    one.close()
    second = one.judges().ask("acme/panel", question())
    assert second.why == ("A panel met.",)
    assert second.source.digest != first.source.digest


def test_chance_and_the_order_of_sets_are_the_same_every_time(host: Hosts, plugins_dir: Path) -> None:
    """The same question gives the same answer in another process, also where it shuffles or goes through a set."""
    code = """
    import random
    def judge(facts, options):
        return met(" ".join({"roma", "deaf", "carer", "youth"}), str(random.random()), str(random.sample(range(9), 3)))
    """
    write_judge(plugins_dir, "acme", code)
    said = {host().judges().ask("acme/panel", question()).why for _ in range(3)}
    assert len(said) == 1
    orders = {host(hash_seed=str(seed)).judges().ask("acme/panel", question()).why[0] for seed in range(1, 6)}
    assert len(orders) > 1


def test_days_can_be_reckoned_with_while_the_clocks_are_closed(host: Hosts, plugins_dir: Path) -> None:
    """Dates are parsed, compared, counted and told apart in a judge as anywhere else; only today cannot be asked."""
    code = """
    import calendar, statistics, time
    from datetime import UTC, date, datetime, timedelta
    from decimal import Decimal
    from zoneinfo import ZoneInfo
    MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
    def judge(facts, options):
        today = date.fromisoformat(facts.today)
        later = today + timedelta(days=10)
        assert isinstance(later, date) and not isinstance(later, datetime) and later > today
        assert isinstance(MIDNIGHT, date) and isinstance(MIDNIGHT.date(), date) and isinstance(date.min, date)
        assert issubclass(datetime, date) and not issubclass(date, datetime)
        assert datetime.strptime("2026-11-22", "%Y-%m-%d").date() == today == date(2026, 11, 22)
        assert MIDNIGHT.astimezone(ZoneInfo("Europe/London")).hour == 0
        assert time.strftime("%Y", time.gmtime(0)) == "1970"
        assert calendar.monthrange(2026, 2) == (6, 28) and (later - today).days == 10
        assert (date.max - today) and {today: 1}[date(2026, 11, 22)] == 1 and f"{today:%d %B}" == "22 November"
        match later:
            case date(): pass
            case _: raise AssertionError
        return met(str(statistics.mean([1, 2, 3])), str(Decimal("1.10")))
    """
    write_judge(plugins_dir, "acme", code)
    said = host().judges().ask("acme/panel", question())
    assert (said.state, said.why) == ("met", ("2", "1.10"))


def test_a_record_that_was_seen_before_is_told_by_all_of_it(host: Hosts, plugins_dir: Path) -> None:
    """Every change of a record reaches the judge, though records it has seen are not read again."""
    write_judge(plugins_dir, "acme", "def judge(facts, options): return met(repr(facts.records))")
    judges, said = host().judges(), set()
    record = QUESTION["records"][0]
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"level": None},
        {"facts": {}},
        {"facts": {"attendance": {"carer": 3}}},
        {"signed_by": []},
        {"own": False},
        {"files": []},
    )
    for changed in changes:
        said.add(judges.ask("acme/panel", question(records=[{**record, **changed}])).why)
    assert len(said) == 7


def test_threads_ask_one_plugin_side_by_side_and_each_has_its_own_answer(host: Hosts, plugins_dir: Path) -> None:
    """Many threads ask different questions of one plugin, and none has the answer to another's.

    Seen to fail when `Line` held no lock.
    """
    write_judge(plugins_dir, "acme", "def judge(facts, options): return met(facts.project)")
    judges, wrong = host().judges(), []

    def ask(number: int) -> None:
        for count in range(40):
            for _ in range(50):
                said = judges.ask("acme/panel", question(project=f"P-{number}-{count}"))
                if "is busy with other questions" not in said.why[0]:  # which a busy machine can make it, in truth
                    break
            if said.why != (f"P-{number}-{count}",):
                wrong.append(said)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_is_left_of_a_host_that_is_closed(host: Hosts, plugins_dir: Path) -> None:
    """A closed host leaves no process, no descriptor and no scratch folder, also of plugins that failed."""
    write_judge(plugins_dir, "acme")
    write_judge(plugins_dir, "dies", "import os\ndef judge(facts, options): os._exit(1)")
    one = host()
    one.judges().ask("acme/panel", question())
    one.close()
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    running: list[int] = []
    for number in range(3):
        for name in ("acme", "dies"):
            one.judges().ask(f"{name}/panel", question(cycle=number))
        process = one._line("acme", "judge")._process
        assert process is not None
        running.append(process._popen.pid)
        scratch = process._popen.args
        one.close()
    assert scratch
    for pid in running:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after == before


def test_what_is_kept_was_said_by_the_files_that_are_there_now(host: Hosts, plugins_dir: Path) -> None:
    """Once the process was started from other files, what the files before said is not given out any more.

    Seen to fail when a kept answer was given out whatever its digest.
    """
    own = write_judge(plugins_dir, "acme")
    one = host()
    assert one.judges().ask("acme/panel", question()).why == ("The panel met.",)
    file = own / "src" / "acme_plugin.py"
    file.write_text(file.read_text().replace("The panel met.", "A panel met."))
    one._line("acme", "judge").close()
    assert one.judges().ask("acme/panel", question(cycle=2)).why == ("A panel met.",)
    assert one.judges().ask("acme/panel", question()).why == ("A panel met.",)


def test_no_more_answers_are_kept_than_so_many(host: Hosts, plugins_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer that was not asked for longest gives way.

    Seen to fail when every answer was kept for ever.
    """
    monkeypatch.setattr(judging, "MOST_KEPT", 2)
    code = "ASKED = []\ndef judge(facts, options): ASKED.append(1); return met(f'{len(ASKED)}')"
    write_judge(plugins_dir, "acme", code)
    judges = host().judges()
    asked = [judges.ask("acme/panel", question(cycle=cycle)).why[0] for cycle in (1, 2, 1, 3, 1, 2)]
    assert asked == ["1", "2", "1", "3", "1", "4"]
