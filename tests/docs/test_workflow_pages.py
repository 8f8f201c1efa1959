"""The pages of the shipped workflows, held against the workflows."""

from __future__ import annotations

from pathlib import Path

from engine.pages import shipped_pages

PAGES = Path(__file__).parents[2] / "docs" / "workflows"


def test_every_shipped_workflow_has_its_page() -> None:
    """Each shipped workflow has a page, the page is what its definition gives, and no page is left over.

    `make generated` writes them anew. Seen to fail when a level in a definition was changed and the pages were not.
    """
    written = {file.name: file.read_text(encoding="utf-8") for file in PAGES.glob("*.md")}
    made = dict(shipped_pages())
    assert written.keys() == made.keys()
    for name, text in made.items():
        assert written[name] == text, f"docs/workflows/{name} is not what the definition gives; run `make generated`"
