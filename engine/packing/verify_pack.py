"""Puts `verify.py` together: the one file in each pack that checks it, from the parts in `engine/packing/verifier`."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PARTS = ("reading", "ed25519", "ledger", "findings", "entries", "decisions", "kept", "checking")
"""In the order in which each needs only what stands before it."""
OURS = "engine.packing.verifier."

_HEAD = '''#!/usr/bin/env python3
"""Checks the evidence pack it lies in, with Python 3.9 or newer and nothing else.

    python3 verify.py --public-key "TEXT"

Get the public key from the register itself, not from this pack. `python3 verify.py --help` says what else there is.
Nothing is sent anywhere, and nothing is changed. README.txt says what an answer proves, and what it does not.
"""

from __future__ import annotations

'''
_TAIL = """

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    code = main()
    if len(sys.argv) == 1 and os.name == "nt":  # opened with a double click: the window would close at once
        input("Press Enter to close this window.")
    sys.exit(code)
"""


@cache
def verify_py() -> bytes:
    """Returns the text of `verify.py`."""
    imports: set[str] = set()
    parts = [_HEAD]
    bodies = [_body(Path(__file__).with_name("verifier") / f"{name}.py", imports) for name in PARTS]
    parts += ["\n".join(sorted(imports, key=lambda line: (line.startswith("from"), line))), "\n", *bodies, _TAIL]
    return "".join(parts).encode()


def _body(part: Path, imports: set[str]) -> str:
    """Returns a part without its docstring and imports; what it imports of others than its fellows is added."""
    source = part.read_text("utf-8")
    lines, tree = source.splitlines(), ast.parse(source)
    title = (ast.get_docstring(tree) or "").partition("\n")[0]
    end = 0
    for place, statement in enumerate(tree.body):
        if place and not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        end = statement.end_lineno or end
        if isinstance(statement, ast.Import):
            imports.update(f"import {alias.name}" for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and not f"{statement.module}.".startswith(OURS[:-1]):
            imports.update(f"from {statement.module} import {alias.name}" for alias in statement.names)
    imports.discard("from __future__ import annotations")
    rule = "# " + "-" * 88
    return f"\n\n{rule}\n# {title}\n{rule}\n\n" + "\n".join(lines[end:]).strip("\n") + "\n"
