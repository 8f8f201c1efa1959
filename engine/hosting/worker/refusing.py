"""What a plugin tried and may not do: raised where it tried, and kept, since it may swallow what is raised."""

from __future__ import annotations

_MOST = 10
_attempts: list[str] = []


class MayNot(PermissionError):
    """A plugin tried what no plugin may do; `tried` says what, to follow on "it tried to"."""

    def __init__(self, tried: str) -> None:
        super().__init__(f"a plugin may not {tried}")
        self.tried = tried


def refuse(tried: str) -> MayNot:
    """Keeps what was tried, and returns what is to be raised."""
    if len(_attempts) < _MOST:
        _attempts.append(tried)
    return MayNot(tried)


def begin() -> None:
    """Forgets what was tried before."""
    _attempts.clear()


def attempts() -> list[str]:
    """Returns what was tried since, each once."""
    return list(dict.fromkeys(_attempts))
