"""Which addresses are public. Everything else is refused, so that nobody's server is made to call its own neighbours.

From the special-purpose registries of IANA (RFC 6890 and what was added since), written out here because what Python
takes for public differs between its versions. For IPv6 only what is handed out to networks is public (2000::/3), less
the parts of it that are special; so forms that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo) are refused,
whatever they carry.
"""

from __future__ import annotations

import socket
import threading
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from engine.hookspecs import DeliveryFailed

Address = IPv4Address | IPv6Address
LOOKING_UP: Final = 5.0  # seconds
PUBLIC_6: Final = IPv6Network("2000::/3")
SPECIAL_4: Final = {
    IPv4Network(network): why
    for network, why in {
        "0.0.0.0/8": "it names no host",
        "10.0.0.0/8": "it is private",
        "100.64.0.0/10": "it is shared inside a provider's network",
        "127.0.0.0/8": "it is this machine",
        "169.254.0.0/16": "it is link-local",
        "172.16.0.0/12": "it is private",
        "192.0.0.0/24": "it is reserved",
        "192.0.2.0/24": "it is for examples",
        "192.31.196.0/24": "it is reserved",
        "192.52.193.0/24": "it is reserved",
        "192.88.99.0/24": "it is a relay (6to4)",
        "192.168.0.0/16": "it is private",
        "192.175.48.0/24": "it is reserved",
        "198.18.0.0/15": "it is for measurements",
        "198.51.100.0/24": "it is for examples",
        "203.0.113.0/24": "it is for examples",
        "224.0.0.0/4": "it is multicast",
        "240.0.0.0/4": "it is reserved",
    }.items()
}
SPECIAL_6: Final = {
    IPv6Network(network): why
    for network, why in {
        "::/128": "it names no host",
        "::1/128": "it is this machine",
        "::ffff:0:0/96": "it stands for another address (mapped)",
        "64:ff9b::/96": "it stands for another address (NAT64)",
        "64:ff9b:1::/48": "it stands for another address (NAT64)",
        "2001::/32": "it stands for another address (Teredo)",
        "2001::/23": "it is reserved",
        "2001:db8::/32": "it is for examples",
        "2002::/16": "it stands for another address (6to4)",
        "2620:4f:8000::/48": "it is reserved",
        "3fff::/20": "it is for examples",
        "fc00::/7": "it is private",
        "fe80::/10": "it is link-local",
        "fec0::/10": "it is private",
        "ff00::/8": "it is multicast",
    }.items()
}


def why_refused(address: Address) -> str:
    """Returns why an address is not called, as the end of a sentence; an empty text where it is public."""
    if isinstance(address, IPv4Address):
        return next((why for network, why in SPECIAL_4.items() if address in network), "")
    found = next((why for network, why in SPECIAL_6.items() if address in network), "")
    return found or ("" if address in PUBLIC_6 else "it is reserved")


def checked_addresses(host: str, port: int, *, testing: bool) -> list[Address]:
    """Looks a name up once and returns its addresses, every one of which may be called.

    Args:
        testing: take addresses of this machine, and no others.

    Raises:
        DeliveryFailed: the name is not known, or one of its addresses may not be called.
    """
    found = _looked_up(host, port)
    for address in found:
        if testing:
            if not address.is_loopback:
                raise DeliveryFailed(f"{host} is not this machine ({address}), and only that is called in a test.")
        elif why := why_refused(address):
            raise DeliveryFailed(f"{host} is at {address}, which is not called: {why}. Nothing was sent.")
    return found


def _looked_up(host: str, port: int) -> list[Address]:
    """Looks up in a thread, since nothing else ends a look-up that hangs."""
    found: list[Address] = []
    failed: list[Exception] = []

    def look_up() -> None:
        try:
            for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                address = ip_address(place[0])
                if address not in found:
                    found.append(address)
        except (OSError, ValueError) as error:  # a ValueError for a name that cannot be one
            failed.append(error)

    looking = threading.Thread(target=look_up, daemon=True)
    looking.start()
    looking.join(LOOKING_UP)
    if looking.is_alive() or failed or not found:
        why = "looking it up took too long" if looking.is_alive() else "its name is not known"
        raise DeliveryFailed(f"{host} cannot be found: {why}.")
    return found
