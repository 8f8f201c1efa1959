"""How what goes out fails, in words that people read."""

from __future__ import annotations


class DeliveryFailed(Exception):  # noqa: N818  # named after what happened
    """What was to be delivered was not. `final` where trying again is of no use; else not before `after` seconds."""

    def __init__(self, message: str, *, final: bool = False, after: float = 0.0) -> None:
        super().__init__(message)
        self.final = final
        self.after = after


class CannotExport(DeliveryFailed):
    """An exporter cannot make its files. The message says what is missing and what to do; people read it as it is."""
