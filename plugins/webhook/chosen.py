"""What the settings say about an address: where it is, with which secrets it is signed, what it wants to hear."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import urlsplit

from engine.hookspecs import DeliveryFailed

MOST_ADDRESSES: Final = 4
NONE: Final = "-"
"""What stands in the list of addresses for one that was taken out, so that those after it keep their places."""

TESTING: Final = "testing_only_send_to_this_machine"
_OURS: Final = "COCYCLE_PLUGIN_WEBHOOK__"
_ASCII = re.compile(r"[!-~]+")
_LEAST_BYTES, _MOST_BYTES = 24, 64  # of a secret, after Standard Webhooks


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody to tell.

    Attributes:
        host, port: as the address names them; `target` is its path and query.
        secrets: the keys of the signatures, the newest first.
        events: patterns of names of events, like `evidence_*`.
        authorities: certificates (PEM) of authorities that are trusted beside the machine's own.
        testing: True for a test on one machine: this machine only, and http is good enough.
    """

    scheme: str
    host: str
    port: int
    target: str
    secrets: tuple[bytes, ...] = field(repr=False)
    events: tuple[str, ...]
    authorities: str
    testing: bool

    def wants(self, name: str) -> bool:
        """Answers whether it wants to hear of events of this name."""
        return any(fnmatchcase(name, pattern) for pattern in self.events)

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the usual one, as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


def receiver(settings: Mapping[str, str], place: int) -> Receiver | None:
    """Returns who is told at a place, from 1; None where nobody is.

    Raises:
        DeliveryFailed: the settings cannot be followed; every mistake is told. It is not final, since it can be mended.
    """
    addresses = _listed(settings.get("urls", ""))
    if len(addresses) < place or addresses[place - 1] == NONE:
        return None
    wrong: list[str] = []
    if len(addresses) > MOST_ADDRESSES:
        wrong.append(f"{_OURS}URLS names {len(addresses)} addresses; {MOST_ADDRESSES} is the most.")
    named = _Named(f"Address {place}", f"Address {place} of {_OURS}URLS", f"{_OURS}SECRET")
    events = tuple(_listed(_own(settings, "events", place))) or ("*",)
    return _read(settings, addresses[place - 1], _own(settings, "secret", place), named, events, wrong)


def receiver_of_notices(settings: Mapping[str, str]) -> Receiver | None:
    """Returns who is told of notices to people; None where nobody is.

    It is an address of its own with a secret of its own, since notices hold what people typed and entries do not.

    Raises:
        DeliveryFailed: the settings cannot be followed, as with `receiver`.
    """
    address = settings.get("notices_url", "").strip()
    if not address:
        return None
    named = _Named("The address for notices", f"{_OURS}NOTICES_URL", f"{_OURS}NOTICES_SECRET")
    return _read(settings, address, settings.get("notices_secret", ""), named, ("*",), [])


@dataclass(frozen=True, slots=True)
class _Named:
    """What an address is called in a sentence, which setting it stands in, and which its secret is to stand in."""

    called: str
    setting: str
    secret: str


def _read(
    settings: Mapping[str, str], address: str, secret: str, named: _Named, events: tuple[str, ...], wrong: list[str]
) -> Receiver:
    """Returns a receiver; raises DeliveryFailed with every mistake, those in `wrong` first."""
    testing = settings.get(TESTING, "").strip().lower() == "yes"
    scheme, host, port, target = _address(address, named.setting, testing, wrong)
    ports = {443, *(int(one) for one in _listed(settings.get("ports", "")) if one.isdecimal())}
    if port and port not in ports and not testing:
        wrong.append(f"{named.called} is at port {port}. Only 443 is allowed, and what {_OURS}PORTS names.")
    secrets = _secrets(secret, named, wrong)
    if wrong:
        raise DeliveryFailed(" ".join(wrong))
    return Receiver(
        scheme=scheme,
        host=host,
        port=port,
        target=target,
        secrets=secrets,
        events=events,
        authorities=settings.get("ca", ""),
        testing=testing,
    )


def _own(settings: Mapping[str, str], name: str, place: int) -> str:
    """Returns a setting of a place: `NAME_2` for the second address, else `NAME` for all."""
    return settings.get(f"{name}_{place}") or settings.get(name, "")


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _address(address: str, name: str, testing: bool, wrong: list[str]) -> tuple[str, str, int, str]:
    """Returns the parts of an address; adds to `wrong` what is wrong, and never the address, which may be secret."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        wrong.append(f"{name} is no web address.")
        return "", "", 0, ""
    if parts.scheme != "https" and not (testing and parts.scheme == "http"):
        wrong.append(f"{name} must begin with https://.")
    if not _ASCII.fullmatch(address) or "\\" in address:
        wrong.append(f"{name} has characters that an address cannot have; write a name with accents as xn--….")
    if not host or "%" in host or port == 0:
        wrong.append(f"{name} names no host that can be called.")
    if parts.username is not None or parts.password is not None:
        wrong.append(f"{name} has a user or a password in it. Take them out; the signature says who is calling.")
    if parts.fragment:
        wrong.append(f"{name} has a part after #, which is never sent. Take it out.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (80 if parts.scheme == "http" else 443), target


def _secrets(text: str, named: _Named, wrong: list[str]) -> tuple[bytes, ...]:
    """Returns the keys in a list of `whsec_…`; adds to `wrong` what is wrong with them, without repeating them."""
    found: list[bytes] = []
    called = named.called[:1].lower() + named.called[1:]
    for number, written in enumerate(_listed(text), 1):
        try:
            secret = base64.b64decode(written.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if not written.startswith("whsec_") or not _LEAST_BYTES <= len(secret) <= _MOST_BYTES:
            wrong.append(
                f"Secret {number} for {called} is not one: it is whsec_ and then {_LEAST_BYTES} to {_MOST_BYTES}"
                " random bytes in base64."
            )
        found.append(secret)
    if not found:
        wrong.append(f"There is no secret for {called}; set {named.secret}. Nothing is sent without a signature.")
    return tuple(found)
