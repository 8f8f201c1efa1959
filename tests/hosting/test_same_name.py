"""A plugin that is installed and lies in a folder as well: which one is meant, and what is said where nobody knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.hosting.locating import OURS
from tests.hosting.folders import GOOD, write_judge

ASK = """
import sys
sys.path[:0] = [{site!r}, {ours!r}]
from engine.conformance.check import check
from engine.hosting.host import Host
from tests.hosting.folders import question
one = Host({named!r}, {folder!r})
for a in one.available():
    if a.name == "acme":
        print(a.origin, a.version, a.active, a.error)
print(one.judges().ask("acme/panel", question()).why[0])
one.close()
print([f.rule for f in check({folder!r}).found if f.rule.startswith("loads/")])
"""


def _told(tmp_path: Path, *named: str) -> list[str]:
    """Returns what is said of acme where version 2.1 is installed and version 1.0.0 lies in a folder."""
    site = tmp_path / "site"
    info = site / "acme-2.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.1\n")
    (info / "entry_points.txt").write_text("[cocycle.plugins]\nacme = acme_plugin\n")
    own = write_judge(tmp_path, "acme", GOOD)
    (site / "acme_plugin.py").write_text("raise SystemExit('the installed one was imported')")
    code = ASK.format(site=str(site), ours=str(OURS), named=named, folder=str(own))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_one_that_is_installed_does_not_keep_its_author_from_working_on_it(tmp_path: Path) -> None:
    """Installed and not made active, it gives way to the one in the folder, which is used and can be checked.

    Seen to fail when both were turned down: whoever had installed a plugin could check it in its folder no more.
    """
    assert _told(tmp_path, "bundled") == [
        "folder 1.0.0 True None",
        "installed 2.1 False One of the same name in the plugins folder takes its place.",
        "The panel met.",
        "[]",
    ]


def test_of_two_that_were_both_asked_for_none_is_used(tmp_path: Path) -> None:
    """Made active by name and lying in the folder, too, nobody can say which is meant; so both are turned down."""
    both = "2 plugins claim the name acme (1 installed, 1 in the plugins folder), so none of them is used."
    said = f"{both} Take all but one away."
    assert _told(tmp_path, "acme") == [
        f"folder 1.0.0 False {said}",
        f"installed 2.1 False {said}",
        f"The plugin acme cannot be used. {said}",
        "[]",
    ]
