"""The page of attacks, held to the tests that play them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import tests.journeys.test_owner_attacks as owner
from tests.packs import test_attacks as packs

PAGE = (Path(__file__).parents[2] / "docs" / "attacks.md").read_text(encoding="utf-8")
BY_THEMSELVES = {
    "test_two_entries_in_each_others_places": "puts two entries in each other's places",
    "test_an_entry_left_out": "leaves an entry out",
    "test_a_word_put_back_after_its_erasure": "puts a word back after its erasure",
    "test_a_gate_passed_that_was_shut": "writes that a shut gate was passed",
    "test_a_decision_in_the_name_of_somebody_else": "decides in the name of somebody else",
    "test_with_the_key_in_hand": "signs the forgery with the register's own key",
    "test_another_public_key": "shows a register with a key of their own",
}
"""Each attack on a register that has a test of its own, as the page calls it."""
IN_A_LIST = {"test_the_file_alone_tells", "test_only_what_others_kept_tells"}


def listed(heading: str) -> list[str]:
    """Returns the attacks that the page lists below a heading."""
    below = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [row for row in re.findall(r"^\| ([^|]+?) \|", below, re.MULTILINE) if row != "somebody …"]


def told(attack: Callable[..., None]) -> str:
    """Returns what an attack does, from its docstring, as the page writes it."""
    words = inspect.getdoc(attack) or ""
    return (words[:1].lower() + words[1:]).removesuffix(".")


def test_every_attack_on_a_register_is_on_the_page() -> None:
    """The page lists the attacks on a register that are played, each once, and no other.

    Seen to fail when a row was taken out of the page, and when an attack was added to the tests.
    """
    tests = {name for name, _ in inspect.getmembers(owner, inspect.isfunction) if name.startswith("test_")}
    assert tests - IN_A_LIST == BY_THEMSELVES.keys()
    assert sorted(listed("On the register")) == sorted([*owner.PLAIN, *owner.CONSISTENT, *BY_THEMSELVES.values()])


def test_every_attack_on_a_pack_is_on_the_page() -> None:
    """The page lists the attacks on packs that are played, each once, and no other.

    Seen to fail when a row was taken out of the page.
    """
    attacks: list[Callable[..., None]] = [*packs.ATTACKS, *packs.ARCHIVES]
    assert listed("On a pack") == [told(attack) for attack in attacks]


def test_what_only_something_kept_finds_is_said() -> None:
    """Each attack that leaves a register which agrees with itself is said to need an older checkpoint or a receipt."""
    for attack in owner.CONSISTENT:
        assert f"| {attack} | an older checkpoint, or a receipt |" in PAGE
