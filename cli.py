"""The console script `cocycle`: puts the commands together and leaves with the exit code of the contract."""

from __future__ import annotations

import sys

from terminal.front import front
from terminal.process import run


def main() -> None:
    """Runs the command line with the arguments of this process and exits."""
    sys.exit(run(front(), sys.argv[1:]))


if __name__ == "__main__":
    main()
