"""The worker: it sweeps by itself, says that it is alive, waits for what is away, and ends when it is told to."""

from __future__ import annotations

import json
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from .machine import LONG, ended, machine_of, rounds, scheduling, until, until_rounds
from .posting import SENDER, office
from .test_notices_sending import three_wait
from .town import ADMIN, START, Json, Town


def worker_check(town: Town) -> Json:
    """Returns what doctor says of the workers."""
    return next(check for check in town.engine.doctor()["checks"] if check["check"] == "worker")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_it_is_told_to_stop(town: Town, sign: signal.Signals) -> None:
    """A worker says where it is at work, is quiet where nothing is to do, and ends with 0 when it is told to."""
    machine = machine_of(town)
    before = town.size
    with machine.worker() as worker:
        until_rounds(town, worker, 3)
        worker.send_signal(sign)
        out, err = worker.communicate(timeout=LONG)
    assert (worker.returncode, err) == (0, "")
    began, done = [json.loads(line) for line in out.splitlines()]
    assert (began["started"], began["every"]) == (str(town.path), 1.0)
    assert done["stopped"] >= 3
    assert town.size == before, "a beat is no event"


def test_told_to_stop_while_it_sends_it_ends_with_the_letter_in_hand(town: Town) -> None:
    """SIGTERM while letters go out ends a worker with the letter in hand; the next one sends the others, each once.

    Seen to fail when the round in hand is made to its end, which can take minutes: whatever stops services kills it.
    """
    three_wait(town)
    machine, taking = machine_of(town), threading.Event()
    with office() as post:
        machine.more = {
            "COCYCLE_MAIL_SERVER": f"smtp://{post.server.host}:{post.server.port}",
            "COCYCLE_MAIL_FROM": SENDER,
        }
        post.slow, post.before = 4.0, lambda message: taking.set()
        with machine.worker() as worker:
            assert taking.wait(LONG)
            ended(worker)
        assert town.engine.notices()["counts"] == {"waiting": 2, "delivered": 1, "dead": 0}
        post.slow = 0.0
        with machine.worker() as worker:
            until(lambda: town.engine.notices()["counts"]["waiting"] == 0, "the others are sent")
            ended(worker)
        assert len({message["Message-ID"] for message in post.messages}) == len(post.messages) == 3


def test_for_people_it_prints_a_line_with_the_time(town: Town) -> None:
    """Without --json each line is the time and a sentence."""
    machine = machine_of(town)
    worker = machine.start("worker")
    until_rounds(town, worker)
    worker.terminate()
    out, _ = worker.communicate(timeout=LONG)
    assert [line.partition("UTC  ")[2] for line in out.splitlines()] == [
        f"The worker looks after {town.path}, every 60 seconds.",
        "The worker was told to stop, and has, after 1 round.",
    ]
    assert out.startswith(machine.now().strftime("%Y-%m-%d"))


@pytest.mark.parametrize("every", ["0", "0.001", "241", "nan"])
def test_rounds_are_a_second_apart_at_least(town: Town, every: str) -> None:
    """Less than a second from round to round is refused; so is more than whoever looks whether it is alive waits for.

    A clock set forward by a day has the scheduler count the rounds that were missed: of a thousandth, 86 million.
    Seen to fail when any time above nothing is taken: a worker stands still once the clock is set forward.
    """
    refusal = machine_of(town).run("worker", "--every", every)
    assert (refusal.returncode, refusal.stdout) == (2, "")
    assert "1<=x<=240" in refusal.stderr


def test_whether_one_is_alive_can_be_seen(town: Town) -> None:
    """Never seen is no fault; seen and gone for five minutes is one, told with the moment, by doctor and by health.

    Seen to fail when the moment of a beat is not compared with now.
    """
    assert worker_check(town) == {
        "check": "worker",
        "ok": True,
        "message": "No worker was ever seen here. Without one nobody is reminded and no notice goes out, unless"
        " somebody runs `cocycle sweep`. Start one: cocycle worker.",
    }
    assert (town.engine.health()["ok"], town.engine.health()["last_seen"]) == (True, None)
    machine = machine_of(town)
    with machine.worker() as worker:
        until_rounds(town, worker)
        town.clock.set(machine.now())
        assert worker_check(town)["message"].startswith("A worker is at work, last seen on 1 June 2026,")
        health = town.engine.health()
        assert (health["ok"], health["alive"], health["workers"][0]["problems"]) == (True, 1, [])
        worker.kill()
    town.clock.set(machine.now() + timedelta(minutes=5, seconds=1))
    check = worker_check(town)
    assert not check["ok"]
    assert check["message"].startswith("No worker has been seen since 1 June 2026,")
    assert (town.engine.health()["ok"], town.engine.health()["alive"]) == (False, 0)


def test_workers_that_ended_long_ago_are_forgotten_but_for_the_last(town: Town) -> None:
    """A worker that was seen more than a day ago is forgotten when another is seen, and never the last of all."""
    machine = machine_of(town)
    for _ in range(2):
        with machine.worker() as worker:
            until_rounds(town, worker)
            ended(worker)
    assert len(town.engine.health()["workers"]) == 2
    machine.move(hours=23, minutes=59, seconds=50)
    assert len(town.engine.health()["workers"]) == 2
    with machine.worker() as worker:
        until_rounds(town, worker)
        machine.move(seconds=30)
        until_rounds(town, worker, 2)
        assert [one["name"].endswith(f"-{worker.pid}") for one in town.engine.health()["workers"]] == [True]


def test_a_register_that_is_away_is_waited_for(town: Town, tmp_path: Path) -> None:
    """A register that cannot be found is told of once, and swept again once it is back."""
    machine = machine_of(town)
    with machine.worker() as worker:
        until_rounds(town, worker)
        away = tmp_path / "away"
        away.mkdir()
        town.engine.close()
        for file in tmp_path.glob("town.db*"):
            file.rename(away / file.name)
        time.sleep(3)
        for file in away.iterdir():
            file.rename(tmp_path / file.name)
        town.reopen()
        until_rounds(town, worker, 2)
        told = ended(worker)
    problems = [[one["code"] for one in line["problems"]] for line in told[1:-1]]
    assert problems == [["not_found"], []], told


def test_a_backup_that_was_put_back_is_the_one_that_is_swept(town: Town, tmp_path: Path) -> None:
    """Where another file has come to the register's place, that one is swept from then on, not the one that is gone.

    Seen to fail when the file is not looked at before each round: the worker goes on with one that has no name.
    """
    machine = machine_of(town)
    with machine.worker() as worker:
        until_rounds(town, worker)
        town.engine.backup(tmp_path / "kept.db")
        town.engine.close()
        for end in ("-wal", "-shm"):
            town.path.with_name(f"town.db{end}").unlink(missing_ok=True)
        (tmp_path / "kept.db").replace(town.path)
        time.sleep(4)  # until the worker has let go of the old one, which takes the log beside it along
        town.reopen()
        noted = rounds(town, worker)
        until(lambda: rounds(town, worker) > noted + 1, "rounds on the file that was put back")
        ended(worker)


# ---- what goes wrong inside


def test_an_error_in_a_round_is_told_and_the_next_is_made(town: Town) -> None:
    """A bug in a round is kept with its particulars and told; the next round is made as if nothing had been."""
    with scheduling(town, "breaks-at-first") as process:
        out, err = process.communicate(timeout=LONG)
    assert (process.returncode, err) == (0, "")
    first, second, third = [json.loads(line) for line in out.splitlines()]
    assert [one["code"] for one in first["problems"]] == ["bug"]
    assert first["problems"][0]["message"] == "Kept: ZeroDivisionError."
    assert [one["code"] for one in second["problems"]] == []
    assert (first["rounds"], second["rounds"], third["rounds"]) == (1, 2, 3)


@pytest.mark.parametrize("how", ["falls-asleep", "hangs"])
def test_a_scheduler_that_stands_still_ends_the_process(town: Town, how: str) -> None:
    """Where no round ends any more the process says so and ends itself with 70, even where a thread hangs for ever.

    Seen to fail when the watch does not look: the process is still there after the test's whole patience.
    """
    with scheduling(town, how) as process:
        out, err = process.communicate(timeout=LONG)
    assert (process.returncode, err) == (70, "")
    assert json.loads(out.splitlines()[-1])["stuck"] == 3.0


def test_one_that_was_stopped_and_let_go_on_is_not_taken_for_stuck(town: Town) -> None:
    """A process that was stopped for longer than patience lasts goes on as if nothing had been, with one round.

    Seen to fail when the watch measures time instead of counting its own looks.
    """
    with scheduling(town, "runs") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(11)  # patience is 8
        process.send_signal(signal.SIGCONT)
        went_on = time.monotonic()
        found = [json.loads(process.stdout.readline())["rounds"] for _ in range(3)]
        assert found == list(range(found[0], found[0] + 3))
        assert time.monotonic() - went_on > 1, "the rounds it missed are not all made up for"
        process.terminate()
        process.communicate(timeout=LONG)
        assert process.returncode == 0


def test_the_beat_of_a_clock_that_was_far_ahead_hides_nobodys_end(town: Town) -> None:
    """A worker last seen in the time to come counts as gone: the clock was wrong, and it would have been seen since."""
    machine = machine_of(town)
    machine.move(hours=5)
    with machine.worker() as worker:
        until_rounds(town, worker)
        worker.kill()
    town.clock.set(START)
    assert town.engine.health()["alive"] == 0
    assert town.engine.add_person("new@example.org", "New", actor=ADMIN)["events"] == ["person_added"]
