"""The definitions that come with cocycle, compiled ahead, so that making a register parses nothing.

Beside each `workflow.yaml` lies `definition.json`, its canonical form to the byte: its SHA-256 is the definition's
digest. `workflows/compiled.json` says from which text each was made. Where a text is another by now, somebody has
changed it in place, and all of them are compiled anew, since one may build on another.

`python -m engine.shipped` writes these files; a test holds them to the definitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson

from engine.bases import WORKFLOWS, FileBases, shipped

if TYPE_CHECKING:
    from engine.definitions.brought import Brings

MADE_FROM = WORKFLOWS / "compiled.json"


class Shipped(NamedTuple):
    """A definition that comes with cocycle: its digest, its head, its canonical form, and the text it came from."""

    digest: str
    id: str
    version: str
    title: str
    canonical: bytes
    raw: bytes


def definitions() -> list[Shipped]:
    """Returns every shipped definition, by name."""
    found = {file: file.read_bytes() for file in shipped()}
    ready = _ready(found)
    if ready is not None:
        return ready
    with _bundled() as brings:
        return [_compiled(file, raw, brings) for file, raw in found.items()]


def _ready(found: dict[Path, bytes]) -> list[Shipped] | None:
    """Returns what was compiled ahead; None where a text, or what was made of it, is not what it was then."""
    try:
        made_from = orjson.loads(MADE_FROM.read_bytes())
        forms = {file: file.with_name("definition.json").read_bytes() for file in found}
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    if made_from != _made_from(found, {file: sha256(form).hexdigest() for file, form in forms.items()}):
        return None
    return [_shipped(form, found[file]) for file, form in forms.items()]


def _made_from(found: dict[Path, bytes], digests: dict[Path, str]) -> dict[str, dict[str, str]]:
    return {
        file.parent.name: {"text": sha256(raw).hexdigest(), "definition": digests[file]} for file, raw in found.items()
    }


def _shipped(canonical: bytes, raw: bytes) -> Shipped:
    head = orjson.loads(canonical)
    return Shipped(sha256(canonical).hexdigest(), head["id"], head["version"], head["title"], canonical, raw)


@contextmanager
def _bundled() -> Iterator[Brings]:
    """Opens the plugins that come with cocycle; none is started unless a definition uses it."""
    from engine.hosting.host import Host

    host = Host()
    try:
        yield host.brings()
    finally:
        host.close()


def _compiled(file: Path, raw: bytes, brings: Brings) -> Shipped:
    from engine.definitions.compile import compile_definition

    made = compile_definition(raw, file.name, FileBases(file), brings, proofs=False)  # tests prove it
    return _shipped(made.canonical, raw)


def write() -> None:
    """Compiles every shipped definition and writes what a register is made from."""
    found = {file: file.read_bytes() for file in shipped()}
    with _bundled() as brings:
        made = {file: _compiled(file, raw, brings) for file, raw in found.items()}
    for file, definition in made.items():
        file.with_name("definition.json").write_bytes(definition.canonical)
    digests = {file: definition.digest for file, definition in made.items()}
    MADE_FROM.write_bytes(orjson.dumps(_made_from(found, digests), option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    write()
