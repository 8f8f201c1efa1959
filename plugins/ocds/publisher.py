"""Who publishes: what the operator's settings say, checked all at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.hookspecs import CannotExport

_VARIABLE = "COCYCLE_PLUGIN_OCDS__"
_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")
_BUYER_ID = re.compile(r"[A-Z]{2,3}-[A-Z0-9]+-[A-Za-z0-9-]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`/]+(/[^\s<>\"{}|\\^`]*)?")
_KNOWN = ("ocid_prefix", "buyer_name", "buyer_id", "publisher_name", "published_at", "license")


class NotReady(CannotExport):
    """The export lacks something that only people can say; the message says what, a sentence each."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """What the settings say.

    Attributes:
        ocid_prefix: the prefix that Open Contracting gave to the publisher, like `ocds-h6vhtk`; empty where not set.
        buyer_name: who buys; empty where each project's own field `commissioner` says it.
        buyer_id: the buyer's identifier with its scheme in front, like `GB-PPON-ABCD-1234-EFGH`.
        name: who publishes the files; empty for the buyer.
        published_at: the web address of the folder in which the files are published; empty where there is none.
        license: the address of the licence; empty where none is given.
    """

    ocid_prefix: str = ""
    buyer_name: str = ""
    buyer_id: str = ""
    name: str = ""
    published_at: str = ""
    license: str = ""


def publisher_from(settings: Mapping[str, str]) -> Publisher:
    """Returns what the settings say; raises NotReady with every mistake in them."""
    said = {name: value.strip() for name, value in settings.items()}
    wrong = [
        f"There is no setting {_VARIABLE}{name.upper()[:40]}; after the two underscores stands one of"
        f" {', '.join(known.upper() for known in _KNOWN)}."
        for name in sorted(said)
        if name not in _KNOWN
    ]
    wrong += _mismatch(said, "ocid_prefix", _PREFIX, "a prefix as Open Contracting gives it, like ocds-h6vhtk")
    wrong += _mismatch(
        said, "buyer_id", _BUYER_ID, "an identifier with its scheme in front, like GB-PPON-ABCD-1234-EFGH"
    )
    for name in ("published_at", "license"):
        wrong += _mismatch(said, name, _ADDRESS, "a web address that begins with https://")
    if said.get("buyer_id") and not said.get("buyer_name"):
        wrong.append(f"{_VARIABLE}BUYER_ID says whose number it is only together with {_VARIABLE}BUYER_NAME.")
    if wrong:
        raise NotReady(" ".join(wrong))
    return Publisher(
        said.get("ocid_prefix", ""),
        said.get("buyer_name", ""),
        said.get("buyer_id", ""),
        said.get("publisher_name", ""),
        said.get("published_at", "").rstrip("/"),
        said.get("license", ""),
    )


def missing_for(project: Mapping[str, Any], publisher: Publisher) -> list[str]:
    """Returns what is missing before a project can be exported, a sentence each."""
    missing = []
    for cycle in range(1, project["cycle"] + 1):
        try:
            ocid_of(publisher, project, cycle)
        except NotReady as why:
            missing.append(str(why))
    try:
        party_of(publisher, project)
    except NotReady as why:
        missing.append(str(why))
    return missing


def party_of(publisher: Publisher, project: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the buyer as an entry of `parties`; raises NotReady where nothing says who buys."""
    name = publisher.buyer_name or _text(project, "commissioner")
    if not name:
        raise NotReady(
            f"Nothing says who buys in {project['project']}: its field commissioner is empty. "
            f"Set the field, or {_VARIABLE}BUYER_NAME."
        )
    return organization(name, "buyer", publisher.buyer_id)


def supplier_of(project: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns the provider as an entry of `parties`, where the workflow has a field `supplier`; else None."""
    name = _text(project, "supplier")
    return organization(name, "supplier") if name else None


def organization(name: str, role: str, identifier: str = "") -> dict[str, Any]:
    """Returns an organisation as an entry of `parties`; its id is its identifier, else made of its name."""
    id = identifier or "org-" + hashlib.sha256(name.encode()).hexdigest()[:12]
    found: dict[str, Any] = {"id": id, "name": name, "roles": [role]}
    if identifier:
        country, scheme, number = identifier.split("-", 2)
        found["identifier"] = {"scheme": f"{country}-{scheme}", "id": number, "legalName": name}
    return found


def ocid_of(publisher: Publisher, project: Mapping[str, Any], cycle: int) -> str:
    """Returns the id of the process that a cycle of a project is; raises NotReady where there is no prefix.

    A field `ocid` of the project is the one of its present cycle, as Find a Tender gave it.
    """
    own = _text(project, "ocid")
    if own and cycle == project["cycle"]:
        return own
    if not publisher.ocid_prefix:
        raise NotReady(
            f"There is no prefix for the ids of processes. Set {_VARIABLE}OCID_PREFIX to the one that Open Contracting "
            "gave to your organisation, like ocds-a1b2c3."
        )
    return f"{publisher.ocid_prefix}-{tender_id_of(project, cycle)}"


def tender_id_of(project: Mapping[str, Any], cycle: int) -> str:
    """Returns the id of what is bought in a cycle: the project's, with the cycle's number from the second on."""
    return str(project["project"]) if cycle == 1 else f"{project['project']}-{cycle}"


def _mismatch(said: Mapping[str, str], name: str, form: re.Pattern[str], like: str) -> list[str]:
    value = said.get(name, "")
    return [f"{_VARIABLE}{name.upper()} has to be {like}."] if value and not form.fullmatch(value) else []


def _text(project: Mapping[str, Any], field: str) -> str:
    value = project["fields"].get(field)
    return value.strip() if isinstance(value, str) else ""
