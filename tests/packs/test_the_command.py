"""`cocycle audit pack`, as a stranger types it, on the projects that come with the demonstration."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .registers import Packed, run_verify

ROOT = Path(__file__).parents[2]


def cocycle(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a folder."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("COCYCLE_")}
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(
        command, cwd=folder, env={**surroundings, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demonstration's register and the pack of its first project."""
    folder = tmp_path_factory.mktemp("demo")
    assert cocycle(folder, "demo", "--db", "cocycle.db", "--json").returncode == 0
    ran = cocycle(folder, "audit", "pack", "CC-001", "--out", "pack", "--sample", "25", "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (folder / "answer.json").write_text(ran.stdout)
    return folder


def demo_pack(demo: Path) -> Packed:
    """Returns the pack."""
    return Packed(demo / "pack", json.loads((demo / "answer.json").read_text()))


def test_a_sample_project_packs_and_is_intact(demo: Path) -> None:
    """The pack of a sample project holds its decisions and a sample of 25, and verify.py finds it intact."""
    found = demo_pack(demo)
    assert len(found.answer["sample"]) == 25
    assert found.answer["verify_sha256"] == hashlib.sha256((found.folder / "verify.py").read_bytes()).hexdigest()
    assert found.answer["decisions"] > 2
    code, words = run_verify(found.folder, "--public-key", found.key)
    assert (code, words.split("\n")[0]) == (0, "INTACT"), words
    assert "A sample of 25 records" in words


def test_what_the_command_says(demo: Path) -> None:
    """For people it says what was packed, what to be careful about, and how the pack is checked; refusals are plain."""
    ran = cocycle(demo, "audit", "pack", "CC-001", "--out", "again.zip")
    assert ran.returncode == 0, ran.stderr
    for part in ("Packed CC-001 to again.zip", "Share it only with those who may see them", "python3 verify.py"):
        assert part in ran.stdout
    again = cocycle(demo, "audit", "pack", "CC-001", "--out", "again.zip")
    assert (again.returncode, again.stdout) == (2, "")
    assert "--force" in again.stderr
    assert cocycle(demo, "audit", "pack", "NO-1", "--out", "none").returncode == 8
    assert cocycle(demo, "audit", "pack", "CC-001", "--out", "x.zip", "--seed", "1").returncode == 2


def test_an_altered_register_is_not_packed(demo: Path) -> None:
    """A word that was altered behind the engine's back is an integrity failure in a sentence, and nothing is packed.

    Seen to fail when the problems that were found had no members: it ended in a traceback.
    """
    for end in ("", ".key", ".signed"):
        shutil.copyfile(demo / f"cocycle.db{end}", demo / f"altered.db{end}")
    connection = sqlite3.connect(demo / "altered.db")
    changed = "UPDATE word SET value = '\"another.pdf\"' WHERE name = 'file.0' AND seq IN"
    connection.execute(f"{changed} (SELECT min(seq) FROM entry WHERE project = 'CC-001' AND name = 'evidence_added')")
    connection.commit()
    connection.close()
    ran = cocycle(demo, "audit", "pack", "CC-001", "--out", "forged", "--db", "altered.db")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "is not the one that was recorded" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (demo / "forged").exists()


class Page(HTMLParser):
    """What matters of a page for people who cannot see it, or not well."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.bad: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.open: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        found = dict(attrs)
        self.attributes.setdefault(tag, found)
        if tag not in ("meta",):
            self.open.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(str(found["href"]))
        if tag == "th" and found.get("scope") not in ("col", "row"):
            self.bad.append("a head of a table without a scope")
        if tag in ("script", "img", "iframe", "object", "form") or any(name.startswith("on") for name in found):
            self.bad.append(f"<{tag}>")
        if "id" in found:
            self.ids.append(str(found["id"]))

    def handle_endtag(self, tag: str) -> None:
        """Notes the end of a tag."""
        if not self.open or self.open.pop() != tag:
            self.bad.append(f"</{tag}> closes another")


def test_every_page_can_be_read_by_everyone(demo: Path, packed: Packed) -> None:
    """Each page names its language, has one first heading and none out of order, and links only to what is in the pack.

    Seen to fail when the requirements of a decision began at the fourth level.
    """
    for pack in (demo / "pack", packed.folder):
        pages = sorted(pack.rglob("*.html"))
        assert len(pages) >= 4
        for path in pages:
            page = Page(path)
            assert page.bad == [], path
            assert page.open == [], path
            assert page.attributes["html"] == {"lang": "en"}
            assert page.headings[0] == 1
            assert page.headings.count(1) == 1
            assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), path
            assert len(page.ids) == len(set(page.ids)), path
            for address in page.links:
                place, _, part = address.partition("#")
                assert "://" not in address
                assert not place or (path.parent / place).is_file(), (path, address)
                assert place or part in page.ids, (path, address)


def test_what_people_typed_does_nothing(packed: Packed) -> None:
    """Words that look like a program are shown as words."""
    start = (packed.folder / "index.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in start
    assert "<script" not in start
