"""Writes the page of every shipped workflow into `docs/workflows`: `python -m engine.pages`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from engine.api import definition_page, shipped_definition, workflows_folder


def shipped_pages() -> Iterator[tuple[str, str]]:
    """Yields the file name and the text of each shipped workflow's page."""
    for folder in sorted(file.parent for file in workflows_folder().glob("*/workflow.yaml")):
        yield f"{folder.name}.md", definition_page(shipped_definition(folder.name))


def main() -> None:
    """Writes the pages, takes away those of workflows that are gone, and says which were written."""
    place = workflows_folder().parent / "docs" / "workflows"
    place.mkdir(exist_ok=True)
    written = dict(shipped_pages())
    for old in place.glob("*.md"):
        if old.name not in written:
            old.unlink()
    for name, text in written.items():
        (place / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/workflows/{name}\n")


if __name__ == "__main__":
    main()
