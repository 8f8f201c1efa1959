"""Whatever a page names in passing is there: commands in prose with their options, files of ours, linked headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from terminal.front import front

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
HASHED = {"sample v1", "change of key, version 1"}
"""What begins like a command and is a line that is hashed."""


def commands(text: str) -> Iterator[list[str]]:
    """Yields the words after `cocycle` of each command in inline code, and in blocks that no test runs."""
    blocks = [block[0].strip() for block in BLOCK.finditer(text)]
    unrun = [block for block in blocks if block.partition("\n")[0] in ("```", "```sh")]
    lines = [line.strip() for block in unrun for line in block.replace("\\\n", " ").splitlines()]
    for code in [*lines, *re.findall(r"`([^`]+)`", BLOCK.sub("", text))]:
        words = re.sub(r"\"[^\"]*\"", "TEXT", code).split()
        if code.startswith("cocycle ") and " ".join(words[1:]) not in HASHED:
            yield words[1:]


def unknown(words: list[str]) -> str:
    """Returns the first command or option that the command line does not have; empty where it has all of them."""
    at: click.Command = front()
    options = {"--help"}
    groups = True
    for word in words:
        options |= {option for one in at.params for option in one.opts}
        if word.startswith("--"):
            groups = False
            if word.partition("=")[0] not in options:
                return word
        elif groups and isinstance(at, click.Group) and re.fullmatch(r"[a-z-]+", word):
            found = at.get_command(click.Context(at), word)
            if found is None:
                return word
            at = found
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_in_prose_is_there(page: Path) -> None:
    """Each command that a page names outside the blocks that are run exists, with each option it is named with.

    Seen to fail when a page says `cocycle notices again ID`, and when one says `cocycle ledger anchor --evry`.
    """
    assert [" ".join(words) for words in commands(page.read_text()) if unknown(words)] == []


def test_every_command_stands_on_a_page() -> None:
    """Each command, and each option of it, stands in words on a page of the documents: nobody has to find it by chance.

    Seen to fail when no page says `cocycle migrate`, and when none says `--happened-on`.
    """
    told = "\n".join(page.read_text() for page in PAGES)
    missing = [said for said in offered(front(), ()) if not re.search(rf"{re.escape(said)}(?![\w-])", told)]
    assert missing == []


def offered(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    """Yields each command below one, and each option, as they are typed."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from offered(below, (*path, name))
    else:
        yield " ".join(("cocycle", *path))
    for one in command.params:
        yield from (word for word in one.opts if word.startswith("--"))


def test_every_file_of_ours_that_a_page_names_is_there() -> None:
    """Each path into a folder of ours in inline code is a file or a folder.

    Seen to fail when a page names engine/chokepoint.py.
    """
    gone = []
    for page in PAGES:
        for code in re.findall(r"`([^`\s]+)`", BLOCK.sub("", page.read_text())):
            path = re.match(r"(engine|terminal|plugins|workflows|bench|docs)/[\w/.-]+$", code)
            if path and not (ROOT / code).exists():
                gone.append(f"{page.name}: {code}")
    assert gone == []


def test_every_heading_that_is_linked_is_there() -> None:
    """Each link to a part of a page leads to a heading of that page.

    Seen to fail when a heading that settings are linked by is called otherwise.
    """
    lost = []
    for page in PAGES:
        for there, heading in re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", BLOCK.sub("", page.read_text())):
            target = (page.parent / there) if there else page
            titles = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
            if heading not in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}:
                lost.append(f"{page.name}: {there}#{heading}")
    assert lost == []
