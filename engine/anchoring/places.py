"""The outside places, as the surroundings name them; a place that is written wrongly is told, never left out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from engine.core.errors import InputRefused

FOLDERS: Final = "COCYCLE_ANCHOR_FOLDERS"
MAIL: Final = "COCYCLE_ANCHOR_MAIL"
SERVER: Final = "COCYCLE_MAIL_SERVER"
SENDER: Final = "COCYCLE_MAIL_FROM"
WITNESSES: Final = "COCYCLE_WITNESSES"
_ADDRESS = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[^@\s<>\"',;:()\[\]\\]{1,190}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in.

    Attributes:
        sealed: encrypted from the first byte (smtps); else it is as soon as the server offers it.
        strict: nothing is handed in where it offers no encryption (smtp+tls).
    """

    host: str
    port: int
    sealed: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Witness:
    """A C2SP witness: its public key as text, with its name in front, and the prefix of its address."""

    key: str
    url: str

    @property
    def name(self) -> str:
        """The witness's name."""
        return self.key.partition("+")[0]


@dataclass(frozen=True, slots=True)
class Places:
    """Everywhere a checkpoint goes, and how mail is sent.

    Attributes:
        folders: absolute paths; mail: addresses; witnesses: see `Witness`.
        server, sender: how mail is sent; without a server people get no receipt by mail.
    """

    folders: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    server: MailServer | None = None
    sender: str = ""

    def labels(self) -> dict[str, str]:
        """Returns each place by the name it is stored under, with what it is called to people.

        An address is stored as the beginning of its digest: where somebody's words are erased, so is their address.
        """
        found = {f"folder:{folder}": f"the folder {folder}" for folder in self.folders}
        found |= {f"mail:{_digest(address)}": f"the e-mail {address}" for address in self.mail}
        return found | {f"witness:{w.name}": f"the witness {w.name}" for w in self.witnesses}


def is_address(text: str) -> bool:
    """True for text that can stand as an e-mail address in a message: one address, with nothing that ends or adds."""
    return text.isprintable() and _ADDRESS.fullmatch(text) is not None


def stored_name(kind: str, of: str) -> str:
    """Returns the name that a place is stored under; `kind` is folder, mail or witness."""
    return f"{kind}:{_digest(of) if kind == 'mail' else of}"


def places_from(environment: Mapping[str, str]) -> Places:
    """Returns the places that the environment names.

    Raises:
        InputRefused: with every mistake at once.
    """
    wrong: list[str] = []
    folders = tuple(_folders(environment.get(FOLDERS, ""), wrong))
    mail = tuple(_addresses(environment.get(MAIL, ""), wrong))
    server = _server(environment.get(SERVER, ""), wrong)
    sender = environment.get(SENDER, "").strip()
    witnesses = tuple(_witnesses(environment.get(WITNESSES, ""), wrong))
    if sender and not is_address(sender):
        wrong.append(f"{SENDER}: {sender!r} is not an e-mail address, like register@example.nhs.uk.")
    if server is not None and not sender:
        wrong.append(f"{SENDER} is missing: mail needs an address that it comes from.")
    if mail and not environment.get(SERVER, ""):
        wrong.append(f"{SERVER} is missing: without it no mail can be sent to those whom {MAIL} names.")
    if len({w.name for w in witnesses}) < len(witnesses):
        wrong.append(f"{WITNESSES}: two witnesses have the same name.")
    if wrong:
        problems = [{"field": one.partition(" ")[0].rstrip(":"), "message": one} for one in wrong]
        raise InputRefused(" ".join(wrong), details={"problems": problems})
    return Places(folders, mail, witnesses, server, sender)


def _folders(text: str, wrong: list[str]) -> Iterator[str]:
    for folder in dict.fromkeys(part.strip() for part in text.split(os.pathsep) if part.strip()):
        if os.path.isabs(folder) and folder.isprintable():
            yield folder
        else:
            wrong.append(f"{FOLDERS}: {folder!r} is not a whole path from the root of the disk.")


def _addresses(text: str, wrong: list[str]) -> Iterator[str]:
    for address in dict.fromkeys(part.strip() for part in text.split(",") if part.strip()):
        if is_address(address):
            yield address
        else:
            wrong.append(f"{MAIL}: {address!r} is not an e-mail address, like audit@example.nhs.uk.")


def _server(text: str, wrong: list[str]) -> MailServer | None:
    if not text.strip():
        return None
    found = _split(text)
    if found is None or found.scheme not in ("smtp", "smtp+tls", "smtps") or found.path not in ("", "/") or found.query:
        # the value may hold a password, so it is not repeated
        wrong.append(
            f"{SERVER} is not written like smtp://mail.example.nhs.uk:587, smtp+tls://user:password@host:587 or"
            " smtps://user:password@host:465."
        )
        return None
    sealed, strict = found.scheme == "smtps", found.scheme == "smtp+tls"
    user, password = (unquote(part or "") for part in (found.username, found.password))
    if not (user.isascii() and password.isascii()) or "\0" in user + password:
        wrong.append(f"{SERVER}: the user and the password can only have the letters, figures and signs of ASCII.")
        return None
    port = found.port or (465 if sealed else 587 if user or strict else 25)
    return MailServer(str(found.hostname), port, sealed, user, password, strict)


def _witnesses(text: str, wrong: list[str]) -> Iterator[Witness]:
    for part in dict.fromkeys(" ".join(part.split()) for part in text.split(";") if part.strip()):
        from engine.ledger.note import COSIGNATURE, BadKey, read_verifier  # takes long to load; most have no witness

        key, _, url = part.partition(" ")
        try:
            if read_verifier(key).kind != COSIGNATURE:
                raise BadKey("it is the key of a ledger, and a witness has one for cosignatures (type 4)")
        except BadKey as error:
            wrong.append(f"{WITNESSES}: {key!r} is no key of a witness: {error}.")
        found = _split(url)
        plain = found is not None and not (found.username or found.password or found.query or found.fragment)
        if found is None or not plain or found.scheme not in ("http", "https"):
            wrong.append(f"{WITNESSES}: after the key comes the address of the witness, like https://witness.example.")
            continue
        yield Witness(key, url.rstrip("/"))


def _split(url: str) -> SplitResult | None:
    try:
        found = urlsplit(url.strip())
        return found if found.hostname and (found.port is None or found.port > 0) and url.isprintable() else None
    except ValueError:  # a port that is no number
        return None


def _digest(address: str) -> str:
    return sha256(address.casefold().encode()).hexdigest()[:16]
