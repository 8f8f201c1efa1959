"""What every shape of a plugin is made of: plain values, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
"""Values by name; nobody can change those that a plugin is handed."""
