"""The conformance checks as a pytest plugin: one test a rule, for the plugin in whose folder the test lies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from engine.conformance.rules import RULES

from .plugins import NAME, STAGE, changed, good


def pytest_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs pytest in a folder, as a plugin's author would."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COCYCLE", "PYTEST"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=300, check=False)


def test_there_is_one_test_for_each_rule(tmp_path: Path) -> None:
    """A test that takes `cocycle_rule` is run once for each rule, named after it.

    Seen to fail when the rules of the first level alone were taken.
    """
    ran = pytest_in(good(tmp_path), "--collect-only", "-q", "tests/test_conformance.py")
    assert set(re.findall(r"\[(.+/.+)\]", ran.stdout)) == {rule.id for rule in RULES}


def test_only_the_rule_that_is_broken_fails(tmp_path: Path) -> None:
    """A fault fails the test of its rule and no other, and what failed is told without a traceback."""
    plugin = changed(tmp_path, (STAGE, "target: 4 weeks", "targett: 4 weeks"))
    ran = pytest_in(plugin, "-q", "tests/test_conformance.py")
    assert re.findall(r"^FAILED \S+\[(\S+)\]", ran.stdout, re.MULTILINE) == ["loads/stages"]
    assert f"- {NAME}/listening: " in ran.stdout
    assert "targett" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert f"{len(RULES) - 1} passed" in ran.stdout


def test_another_plugin_can_be_named(tmp_path: Path) -> None:
    """The mark `cocycle_plugin` names the plugin that is checked: a folder, or one that is installed."""
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n@pytest.mark.cocycle_plugin('calendar')\ndef test_it(cocycle_rule):\n"
        "    cocycle_rule.must_hold()\n",
        encoding="utf-8",
    )
    ran = pytest_in(tmp_path, "-q", "--strict-markers", "test_it.py")
    assert f"{len(RULES)} passed" in ran.stdout, ran.stdout


def test_it_costs_other_tests_nothing() -> None:
    """Having the pytest plugin installed loads nothing of cocycle but the plugin itself."""
    code = (
        "import sys\nimport engine.conformance.pytest_plugin\n"
        "print(sorted(name for name in sys.modules if name.startswith('engine')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "['engine', 'engine.conformance', 'engine.conformance.pytest_plugin']"
