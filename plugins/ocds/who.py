"""Whether a release is of the project's own process, and names who buys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.hookspecs import Finding
from plugins.ocds.json_reading import quoted
from plugins.ocds.looked_at import LookedAt, fault, note


def check_who(looked: LookedAt) -> Iterator[Finding]:
    """Yields what is wrong about whose release it is."""
    ocid, own = looked.release.get("ocid"), looked.submission.fields.get("ocid")
    if isinstance(own, str) and own and isinstance(ocid, str) and ocid.strip() != own.strip():
        yield fault(
            "other-process",
            f"At {looked.path}.ocid: the file says {quoted(ocid)}; the project's own is {quoted(own)}. "
            "Hand in the notice of this project.",
        )
    reference = looked.submission.facts.get("reference")
    id = looked.release.get("id")
    if isinstance(reference, str) and reference.strip() and isinstance(id, str) and reference.strip() not in (id, ocid):
        yield note("other-reference", f"The record calls the notice {quoted(reference)}; the file, {quoted(id)}.")
    yield from _buyer(looked)


def _buyer(looked: LookedAt) -> Iterator[Finding]:
    buyer = looked.named("buyer")
    parties = {party.get("id"): party for _, party in looked.each("parties") if isinstance(party.get("id"), str)}
    if not buyer:
        if not any(_buys(party) for party in parties.values()):
            yield fault("no-buyer", f"At {looked.path}: buyer is missing; the notice does not say who buys.")
        return
    id = buyer.get("id")
    party = parties.get(id) if isinstance(id, str) else None
    if not (buyer.get("name") or (party or {}).get("name")):
        yield fault("no-buyer", f"At {looked.path}.buyer: there is no name; the notice does not say who buys.")
    if parties and id is not None and party is None:
        yield fault(
            "buyer-unknown",
            f"At {looked.path}.buyer.id: no entry of parties has the id {quoted(id)}.",
        )


def _buys(party: dict[str, Any]) -> bool:
    roles = party.get("roles")
    return isinstance(roles, list) and "buyer" in roles
