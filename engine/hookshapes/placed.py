"""What is placed in a definition: a stage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage to be placed with `use: PLUGIN/ID`.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for people who look at what the plugin brings.
        text: the stage in the definition language.

    `text` is YAML in the definition language: a mapping of `stage`, and of any of `gate`, `roles`, `evidence`,
    `rules`. `gate` (with an `id`) guards the advance of the stage. What the definition has already is not brought in
    a second time.
    """

    id: str
    title: str
    text: str
