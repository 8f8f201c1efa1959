"""The commands for strangers, as they run them: exact bytes, exit codes, and nothing added to the ledger."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import CHECKOUT, Run, run_in


@pytest.fixture
def folder(garden: Path, tmp_path: Path) -> Path:
    """A copy of the register of this test's own."""
    shutil.copytree(garden, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs the command line beside that copy."""
    return run_in(folder)


def test_what_is_given_out_checks_without_the_register(run: Run, folder: Path) -> None:
    """The key, a leaf, a receipt, a checkpoint and an export, printed and written, hold in an empty folder."""
    away = folder.parent / "away"
    away.mkdir()
    key = run("ledger", "public-key").stdout
    for name, words in {"leaf": ("leaf", "5"), "receipt": ("receipt", "5"), "checkpoint": ("checkpoint",)}.items():
        (away / name).write_text(run("ledger", *words).stdout, encoding="utf-8")
    assert run("ledger", "export", str(away / "export")).returncode == 0
    shutil.rmtree(folder)
    there, key = run_in(away), key.rstrip("\n")
    asked = ("ledger", "check-proof", "--leaf", "leaf", "--public-key", key, "--receipt")
    assert there(*asked, "receipt").returncode == 0
    assert there(*asked, "checkpoint").returncode == 3
    verify = ("ledger", "verify", "--export", "export", "--public-key", key)
    ended = there(*verify, "--checkpoint", "checkpoint", "--receipt", "receipt")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Intact" in ended.stdout
    bundle = next((away / "export/tile/entries").rglob("*.p/*"))
    bundle.write_bytes(bundle.read_bytes().replace(b"schema", b"schemb", 1))
    ended = there(*verify, "--json")
    assert ended.returncode == 3
    assert [p["seq"] for p in json.loads(ended.stdout)["problems"]] == [0]


def test_with_json_each_gives_one_object(run: Run) -> None:
    """With --json every one of these commands answers with an object that has what was asked for as a member."""
    asked = {
        ("checkpoint",): "checkpoint",
        ("receipt", "3"): "receipt",
        ("consistency", "2", "5"): "hashes",
        ("export", "out"): "files",
        ("public-key",): "public_key",
        ("verify", "--export", "out"): "ok",
    }
    for words, member in asked.items():
        ended = run("ledger", *words, "--json")
        assert ended.returncode == 0, ended.stdout
        assert json.loads(ended.stdout)[member]
    printed = run("ledger", "consistency", "2", "5").stdout
    assert printed.split("\n") == [*json.loads(run("ledger", "consistency", "2", "5", "--json").stdout)["hashes"], ""]
    assert run("ledger", "checkpoint").stdout == json.loads(run("ledger", "checkpoint", "--json").stdout)["checkpoint"]


def test_none_of_these_adds_to_the_ledger(run: Run, folder: Path) -> None:
    """The register has the same bytes after all of them as before."""
    before = (folder / "cocycle.db").read_bytes()
    for words in (("checkpoint",), ("receipt", "3"), ("consistency", "1", "4"), ("export", "out"), ("public-key",)):
        assert run("ledger", *words).returncode == 0
    assert run("ledger", "verify").returncode == 0
    assert (folder / "cocycle.db").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("receipt", "9999"), 8),
        (("receipt", "x"), 2),
        (("leaf", "9999"), 8),
        (("consistency", "5", "2"), 2),
        (("consistency", "0", "9999"), 2),
        (("export", "."), 2),
        (("export", "cocycle.db"), 2),
        (("export", ""), 2),
        (("verify", "--export", "nowhere"), 8),
        (("verify", "--export", "cocycle.db"), 2),
        (("verify", "--export", ""), 2),
        (("verify", "--checkpoint", ""), 2),
        (("verify", "--export", "n" * 5000), 8),
        (("verify", "--db", "n" * 5000), 8),
        (("export", "n" * 5000), 5),
        (("verify", "--checkpoint", "nowhere"), 2),
        (("verify", "--export", "empty", "--public-key", "x"), 2),
        (("verify", "--export", "empty"), 3),
        (("verify", "--batch", "--export", "empty"), 2),
        (("check-proof", "--leaf", "nowhere", "--receipt", "plan.txt", "--public-key", "x"), 2),
        (("check-proof", "--leaf", "plan.txt", "--receipt", "plan.txt", "--public-key", "x"), 2),
    ],
)
def test_what_cannot_be_done_has_its_exit_code(run: Run, folder: Path, words: tuple[str, ...], code: int) -> None:
    """Each refusal is one sentence with the exit code of the contract, and never a traceback."""
    (folder / "empty").mkdir()
    ended = run("ledger", *words)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_batch_answers_for_each_line_in_order(folder: Path) -> None:
    """One object a line for each register and export, in order, wrecked ones included; blank lines are passed over.

    Seen to fail when a wrecked register ended the batch.
    """
    run = run_in(folder)
    assert run("ledger", "export", "out").returncode == 0
    shutil.copytree(folder / "out", folder / "bent")
    next((folder / "bent/tile/0").rglob("*.p/*")).write_bytes(b"x" * 32)
    shutil.copy(folder / "cocycle.db", folder / "wreck.db")
    with open(folder / "wreck.db", "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 20_000)
    (folder / "noise.db").write_bytes(b"noise")
    places = ["out", "cocycle.db", "wreck.db", "noise.db", "nowhere", "n" * 5000, "", "bent", "out"]
    ended = subprocess.run(
        [sys.executable, "-m", "cli", "ledger", "verify", "--batch"],
        cwd=folder,
        env={"PYTHONPATH": str(CHECKOUT), "HOME": str(folder)},
        input="\n".join(places).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [answer["path"] for answer in answers] == [place for place in places if place]
    assert [answer["ok"] for answer in answers] == [True, True, False, False, False, False, False, True]
    assert "incident" not in ended.stdout.decode()
    assert all({"ok", "size", "root", "problems", "erased", "states_checked"} <= answer.keys() for answer in answers)
    assert ended.returncode == 3


def test_a_batch_prints_text_in_utf8_whatever_a_name_holds(folder: Path) -> None:
    """A name that is no text, and a standard input that is closed, leave every line printed valid JSON in UTF-8.

    Seen to fail when the message repeated the broken name, as half of a character that no strict reader takes.
    """
    verify = [sys.executable, "-m", "cli", "ledger", "verify", "--batch"]
    surroundings = {"PYTHONPATH": str(CHECKOUT), "HOME": str(folder)}
    ended = subprocess.run(
        verify, cwd=folder, env=surroundings, input=b"\xff\xfe\n", capture_output=True, timeout=60, check=False
    )
    (problem,) = json.loads(ended.stdout)["problems"]
    assert problem["message"].encode().startswith(b"There is no register at ")
    closed = ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *verify]
    ended = subprocess.run(closed, cwd=folder, env=surroundings, capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_without_a_public_key_the_ledger_s_own_is_used(run: Run, folder: Path) -> None:
    """An export whose checkpoint has an altered signature is found without a public key as well, by the key it names.

    Seen to fail when no signature was checked without --public-key.
    """
    assert run("ledger", "export", "out").returncode == 0
    ended = run("ledger", "verify", "--export", "out", "--json")
    assert ended.returncode == 0
    assert "itself names" in json.loads(ended.stdout)["warnings"][0]
    note = (folder / "out/checkpoint").read_text(encoding="utf-8")
    at = len(note) - 12
    (folder / "out/checkpoint").write_text(note[:at] + ("B" if note[at] == "A" else "A") + note[at + 1 :], "utf-8")
    ended = run("ledger", "verify", "--export", "out", "--json")
    assert ended.returncode == 3
    assert [p["kind"] for p in json.loads(ended.stdout)["problems"]] == ["checkpoint"]
