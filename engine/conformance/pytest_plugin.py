"""The conformance checks as a pytest plugin: a test that takes `cocycle_rule` is run once for each rule.

    def test_the_plugin_keeps_its_word(cocycle_rule: CheckedRule) -> None:
        cocycle_rule.must_hold()

The plugin that is checked is the one in whose folder the test lies (the nearest pyproject.toml above it), or what the
mark `cocycle_plugin("folder or name")` says. It is checked once in a run. Nothing is loaded before a test asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine.conformance.check import Report

__all__ = ["CheckedRule"]


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule, and what was found against it.

    Attributes:
        id: of the rule, like `proven/pure`.
        says: what the rule asks, as a sentence.
        faults: what breaks it, a sentence each.
    """

    id: str
    says: str
    faults: tuple[str, ...]

    def must_hold(self) -> None:
        """Fails the test where the rule is broken, with what was found."""
        __tracebackhide__ = True
        if self.faults:
            pytest.fail("\n".join([self.says, *(f"- {fault}" for fault in self.faults)]), pytrace=False)


_checked = pytest.StashKey["dict[str, Report]"]()


def pytest_configure(config: pytest.Config) -> None:
    """Tells pytest of the mark."""
    line = "cocycle_plugin(place): the folder or the name of the plugin that cocycle_rule checks."
    config.addinivalue_line("markers", line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes one test for each rule of a test that takes `cocycle_rule`."""
    if "cocycle_rule" in metafunc.fixturenames:
        from engine.conformance.rules import RULES

        metafunc.parametrize("cocycle_rule", [rule.id for rule in RULES], indirect=True)


@pytest.fixture
def cocycle_rule(request: pytest.FixtureRequest) -> CheckedRule:
    """A rule that plugins are held to, with what was found against it in the plugin that is checked."""
    from engine.conformance.rules import BY_ID

    rule = BY_ID[str(request.param)]
    report = _report_on(_place(request), request.config)
    faults = [f"{one.subject}: {one.says}" for one in report.found if (one.rule, one.severity) == (rule.id, "fault")]
    return CheckedRule(rule.id, rule.says, tuple(faults))


def _report_on(place: str, config: pytest.Config) -> Report:
    from engine.conformance.check import check

    reports = config.stash.setdefault(_checked, {})
    if place not in reports:
        reports[place] = check(place)
    return reports[place]


def _place(request: pytest.FixtureRequest) -> str:
    """Returns the folder or the name of the plugin that is checked."""
    mark = request.node.get_closest_marker("cocycle_plugin")
    if mark is not None:
        return str(mark.args[0])
    for folder in Path(str(request.path)).parents:
        if (folder / "pyproject.toml").is_file():
            return str(folder)
    return pytest.fail("No folder above this test has a pyproject.toml; mark it with cocycle_plugin(place).")
