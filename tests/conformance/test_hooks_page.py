"""The page of hooks says what the hooks are."""

from __future__ import annotations

from engine import hookspecs
from engine.conformance.hooks_page import PAGE, page


def test_the_page_is_what_is_made_of_the_hooks() -> None:
    """`docs/hooks.md` is what `make generated` writes from the hooks as they are.

    Seen to fail when a sentence of a hook was changed and the page was not written anew.
    """
    assert PAGE.read_text(encoding="utf-8") == page()


def test_everything_an_author_imports_is_on_the_page() -> None:
    """Every name that a plugin can import from `engine.hookspecs` is on the page, and each member says what it is.

    Seen to fail when a member of a shape had no meaning.
    """
    text = page()
    for name in set(hookspecs.__all__) - {"GROUP", "Json"}:
        assert name in text, name
    without = [row for row in text.splitlines() if row.startswith("| `") and row.endswith("|  |")]
    assert without == []
