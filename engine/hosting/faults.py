"""How a plugin fails: each way with a plain sentence that names the plugin and says what happened."""

from __future__ import annotations

from typing import Literal

from engine.core.errors import CocycleError

Kind = Literal["absent", "broken", "time", "busy", "rests", "died", "flood", "form", "raised", "refused", "start"]


class PluginBroke(CocycleError):
    """A plugin did not do what it was asked for; nothing else is touched by it.

    `kind` says how: absent (not here or not active), broken (could not be loaded or described), time (no answer within
    its limit), busy (others were waiting for it), rests (failed too often just now), died (its process ended), flood
    (answered too much), form (answered in a form that no answer has), raised (raised an error), refused (tried what no
    plugin may do), start (its process could not be started).
    """

    code = "plugin_failed"

    def __init__(self, message: str, kind: Kind = "raised") -> None:
        super().__init__(message, details={"kind": kind})
        self.kind: Kind = kind
