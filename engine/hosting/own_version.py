"""The version of cocycle itself, which is also that of every plugin that comes with it."""

from __future__ import annotations

import tomllib
from functools import cache

from engine.hosting.locating import OURS


@cache
def own_version() -> str:
    """Returns the version; it is read from the checkout where there is one, since that is what runs."""
    try:
        return str(tomllib.loads((OURS / "pyproject.toml").read_text("utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError):
        from importlib.metadata import PackageNotFoundError, version  # slow to import

        try:
            return version("cocycle")
        except PackageNotFoundError:
            return ""
