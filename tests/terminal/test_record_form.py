"""`cocycle evidence form`: an empty form for a record, whatever its fields are."""

from __future__ import annotations

from pathlib import Path

from .conftest import Run

FORM = """\
# “Walk with neighbours”, for the project G-1: a walk round the site.
# At least two neighbours must have walked along.
#
# Fill it in after the colons. What must be filled in is marked with a star. A
# line that is left empty is left out.
# Text that holds a colon or a # goes in "double quotes". Keep it as a file,
# and then:
#   cocycle evidence add G-1 round --record FILE.yaml --as gil@example.org

# Walkers *
# A whole number for each, 0 for nobody.
walkers:
  neighbours:
  officers:

# Asked for
# Any number, in brackets, like [one thing, another].
asked_for:
"""


def test_a_form_says_what_is_asked_and_is_taken_filled_in(work: Run, tmp_path: Path) -> None:
    """A form names each field, what is needed and how it is handed in; lines left empty are left out."""
    asked = work("evidence", "form", "G-1", "round", "--as", "gil@example.org")
    assert (asked.returncode, asked.stdout) == (0, FORM)
    (tmp_path / "r.yaml").write_text(FORM.replace("neighbours:", "neighbours: 3"))
    done = work("evidence", "add", "G-1", "round", "--record", str(tmp_path / "r.yaml"), "--as", "gil@example.org")
    assert done.returncode == 0, done.stderr
    (tmp_path / "r.yaml").write_text(FORM)
    done = work("evidence", "add", "G-1", "round", "--record", str(tmp_path / "r.yaml"), "--as", "gil@example.org")
    assert done.returncode == 2
    assert "Walkers is required" in done.stderr


def test_a_form_for_a_file_alone_says_so(look: Run) -> None:
    """Where there is nothing to fill in, the command has no record, and the file and the level that are needed."""
    said = look("evidence", "form", "G-1", "plan").stdout
    assert "There is nothing to fill in" in said
    assert said.endswith("#   cocycle evidence add G-1 plan --level engagement --file FILE --as EMAIL\n")
