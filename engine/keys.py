"""Idempotency keys: what the ledger may hold of one, and what makes two calls the same."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

import orjson


def hash_of(key: str) -> str:
    """Returns what stands in the ledger for a key: its SHA-256, in hexadecimal."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(key: str, asked: Sequence[Any]) -> str:
    """Returns what a call asked for as a keyed hash: whoever does not hold the key cannot guess the words from it."""
    try:
        canonical = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # broken text or a value that is no JSON: it will be refused, and is compared as it came
        canonical = json.dumps(asked, sort_keys=True, default=str).encode()
    return hmac.digest(key.encode("utf-8", "surrogatepass"), canonical, "sha256").hex()
