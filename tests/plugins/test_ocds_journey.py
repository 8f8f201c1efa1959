"""A notice and an export by the real command line, each by the plugin in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .ocds_files import OCID, Json, tender_notice
from .ocds_standard import faults_of_records, faults_of_releases

ROOT = Path(__file__).parents[2]
OPENING = """
cocycle: 1
id: opening
version: "1.0"
title: Opening a tender
roles: {proc: {title: Procurement lead}, sro: {title: Senior responsible owner}}
fields:
  commissioner: {type: text, title: Commissioning organisation, required: true}
  lifetime_value: {type: money, title: Lifetime value, required: true}
  regime: {type: choice, title: Procurement route, of: [pa23_full, psr_competitive], default: pa23_full}
  ocid: {type: text, title: Id of the procurement on Find a Tender}
evidence: {published: {use: ocds/notice}}
stages:
  - {id: procure, title: Procure, transitions: [{id: advance, title: Move on, to: bids, gate: opened}]}
  - {id: bids, title: Bids come in, final: true}
gates:
  opened:
    title: Opening gate
    decided_by: [sro]
    requires: [{id: opening-notice, title: Tender notice, evidence: published}]
"""


class Register:
    """A register in a folder, reached by the command line alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str, code: int = 0, **environment: str) -> Json:
        """Runs a command and returns its answer."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("COCYCLE")}
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words, "--as", "ada@example.org", "--json"],
            cwd=self.folder,
            env={**clean, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        answer: Json = json.loads(done.stdout)
        return answer

    def handed_in(self, content: bytes) -> Json:
        """Hands in a notice; returns what the gate says of its requirement then."""
        (self.folder / "notice.json").write_bytes(content)
        given = ("--set", "published_on=2026-02-09", "--set", "notice_type=uk4", "--file", "notice.json")
        self.run("evidence", "add", "CC-9", "opening-notice", *given)
        answer: Json = self.run("gate", "CC-9")["requirements"][0]
        return answer


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """Returns a register with a project that waits for its tender notice."""
    found = Register(tmp_path)
    (tmp_path / "opening.yaml").write_text(OPENING)
    found.run("init", "--admin", "ada@example.org", "--name", "Ada Bell")
    found.run("workflow", "load", "opening.yaml")
    fields = ("commissioner=Northmere ICB", "lifetime_value=1450000", f"ocid={OCID}")
    sets = [word for field in fields for word in ("--set", field)]
    found.run("project", "new", "Crisis cafés", "--id", "CC-9", "--workflow", "opening", *sets)
    found.run("person", "grant", "ada@example.org", "proc", "--project", "CC-9")
    return found


def test_a_wrong_notice_does_not_count_and_the_right_one_does(register: Register) -> None:
    """A notice with mistakes leaves the requirement unmet with the words of the examiner; the right file meets it.

    Seen to fail when the examiner returned nothing.
    """
    wrong: Any = tender_notice()
    wrong["releases"][0]["tender"]["value"]["amount"] = 14_500_000
    wrong["releases"][0]["ocid"] = "ocds-h6vhtk-999999"
    said = register.handed_in(json.dumps(wrong).encode())
    assert said["state"] == "unmet"
    assert any("£14,500,000" in why and "$.releases[0].tender.value" in why for why in said["why"])
    assert any("ocds-h6vhtk-999999" in why for why in said["why"])
    assert register.handed_in(json.dumps(tender_notice()).encode())["state"] == "met"


@pytest.mark.parametrize("content", [b"[" * 500_000, b'{"a": "' + b"x" * 20_000_000 + b'"}', b"\xff\xfe[\x00]\x00"])
def test_a_hostile_notice_is_a_finding_and_no_failure(register: Register, content: bytes) -> None:
    """A file that is made to hurt leaves the requirement unmet, not in error: the examiner answered."""
    said = register.handed_in(content)
    assert said["state"] == "unmet"
    assert "Examined by the plugin ocds" in " ".join(said["why"])


def test_a_project_leaves_as_open_data(register: Register) -> None:
    """The export is valid and holds the notice as UK4 under the project's own ocid; no setting is needed for that.

    Seen to fail when the project's own ocid was not taken.
    """
    register.handed_in(json.dumps(tender_notice()).encode())
    answer = register.run("export", "ocds/releases", "CC-9", "--out", "out")
    assert [file["name"] for file in answer["files"]] == ["releases.json", "records.json"]
    releases, records = (json.loads((register.folder / "out" / f["name"]).read_text()) for f in answer["files"])
    assert faults_of_releases(releases) == []
    assert faults_of_records(records) == []
    assert [release["tag"] for release in releases["releases"]] == [["planning"], ["tender"]]
    last = releases["releases"][-1]
    assert (last["ocid"], last["tender"]["documents"][0]["noticeType"]) == (OCID, "UK4")
    assert "Ada" not in json.dumps(records)


def test_what_is_missing_for_an_export_is_told_in_words(register: Register) -> None:
    """Without a prefix the export says which setting to make; with a wrong one, what is wrong; no file is made."""
    register.run("project", "set", "CC-9", "ocid=")
    for environment in ({}, {"COCYCLE_PLUGIN_OCDS__OCID_PREFIX": "mine"}):
        words = [sys.executable, "-m", "cli", "export", "ocds/releases", "CC-9", "--out", "out"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("COCYCLE")}
        surroundings = {**clean, "PYTHONPATH": str(ROOT), **environment}
        done = subprocess.run(
            words, cwd=register.folder, env=surroundings, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode != 0
        assert "COCYCLE_PLUGIN_OCDS__OCID_PREFIX" in done.stderr
        assert not (register.folder / "out").exists()
