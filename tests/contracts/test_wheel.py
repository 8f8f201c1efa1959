"""What is built holds all of cocycle and nothing else: no folder of tests or docs lands beside other packages."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("engine", "plugins", "terminal", "workflows")


def test_the_wheel_is_cocycle_and_nothing_else(tmp_path: Path) -> None:
    """The wheel has the four packages and `cli.py`, with the templates of a plugin, the marks of types and all YAML.

    Seen to fail when `include = ["plugins", …]` took tests/plugins, docs/plugins and tests/terminal along.
    """
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {*OURS, "cli.py"}
    here = {
        file.relative_to(ROOT).as_posix()
        for folder in OURS
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix in (".py", ".yaml", ".json", ".txt", ".typed")
    }
    missing = {name for name in here.difference(names) if "__pycache__" not in name}
    assert not missing
