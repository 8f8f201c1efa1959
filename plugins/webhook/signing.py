"""Signatures after Standard Webhooks: HMAC-SHA256 over the id, the moment of sending and the exact bytes."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence


def signed_headers(message: str, sent_at: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Returns the three headers.

    Args:
        message: the id, the same at every try; it holds no full stop, which is what separates the parts.
        sent_at: seconds since 1970, of this try.
        body: the bytes that are sent.
        secrets: each makes a signature, so that a receiver can move from one to the next without a gap.
    """
    content = f"{message}.{sent_at}.".encode() + body
    made = (base64.b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }
