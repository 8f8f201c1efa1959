"""The page of the plugin ocds says all of it."""

from __future__ import annotations

import re
from pathlib import Path

from plugins.ocds.notices import ALL
from plugins.ocds.publisher import Publisher

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/plugins/ocds.md").read_text()


def test_every_finding_setting_and_notice_is_on_the_page() -> None:
    """Each code that the examiner can find, each setting and each notice stands on the page, and no other code does.

    Seen to fail when a code was renamed in the examiner, and when one was taken from the page.
    """
    source = "".join(file.read_text() for file in (ROOT / "plugins/ocds").glob("*.py"))
    codes = set(re.findall(r"(?:\bfault|\bnote|Unreadable|else note\))\(\s*\"([a-z0-9-]+)\"", source))
    table = PAGE.partition("## What is looked at")[2].partition("## Is it valid?")[0]
    told = {code for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for code in re.findall(r"`([^`]+)`", row)}
    assert len(codes) > 30
    assert told == codes
    settings = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert settings == {"PUBLISHER_NAME" if f == "name" else f.upper() for f in Publisher.__dataclass_fields__}
    for notice in ALL:
        assert (notice.number or f"`{notice.id}`") in PAGE
    for use in ("ocds/notice", "ocds/releases"):
        assert use in PAGE
