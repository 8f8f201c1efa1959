"""A C2SP witness over HTTP (c2sp.org/tlog-witness): it cosigns a checkpoint once it saw that it continues the last."""

from __future__ import annotations

import base64
import re
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

from engine.anchoring.parcel import Contradicted, NotTaken, Overtaken, Parcel
from engine.anchoring.places import Witness
from engine.ledger.note import BadNote, open_note, read_verifier, split_note

MOST_BYTES = 65_536
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")


def have_cosigned(witness: Witness, seen: int, parcel: Parcel) -> str:
    """Asks a witness to cosign a checkpoint; returns the note with the witness's signatures added.

    Args:
        witness: whom to ask.
        seen: the size that the witness cosigned last, as far as we know; it says so itself where it is another.
        parcel: what to cosign.

    Raises:
        Overtaken: it cosigned a newer checkpoint meanwhile.
        Contradicted: the witness saw a longer ledger than this, or other entries at the beginning of it.
        NotTaken: it cannot be reached, does not know this ledger, or its signature is not its own.
    """
    seen = min(seen, parcel.checkpoint.size)
    for _ in range(3):  # others may have asked it meanwhile
        status, body = _post(witness, _request(seen, parcel), parcel.seconds)
        if status != 409:
            break
        found = _SIZE.fullmatch(body)
        if found is None:
            raise NotTaken(f"The witness {witness.name} answered what no witness answers.")
        seen = int(found[1])
        if seen > parcel.checkpoint.size:
            if parcel.grown_to() >= seen:
                raise Overtaken
            size = parcel.checkpoint.size
            raise Contradicted(f"The witness {witness.name} saw {seen:,} entries of this ledger, and it has {size:,}.")
    if status == 422:
        raise Contradicted(f"To the witness {witness.name} this ledger does not continue what it saw before.")
    if status != 200:
        raise NotTaken(f"The witness {witness.name} {_MEANING.get(status, f'answered with the code {status}')}.")
    return _with_cosignature(witness, body, parcel)


_MEANING = {
    403: "does not know the key that signed; give its keeper the public key (cocycle ledger public-key)",
    404: "does not know this ledger; ask its keeper to add it (cocycle ledger public-key)",
    409: "keeps being asked by others at the same time",
    429: "was asked too often",
}


def _request(seen: int, parcel: Parcel) -> bytes:
    proof = parcel.consistency(seen) if seen else []
    lines = [f"old {seen}", *(base64.b64encode(one).decode() for one in proof), ""]
    return ("\n".join(lines) + "\n" + parcel.note).encode()


def _with_cosignature(witness: Witness, body: bytes, parcel: Parcel) -> str:
    """Returns our note with those lines of an answer that the witness's own key made; it must have made one."""
    verifier = read_verifier(witness.key)
    text = parcel.checkpoint.text()
    try:
        whole = f"{text}\n{body.decode()}"
        open_note(whole, [verifier])
        own = [s for s in split_note(whole)[1] if (s.name, s.hash) == (verifier.name, verifier.hash)]
        if not any(int.from_bytes(s.signature[:8], "big") for s in own):
            raise BadNote("its time is missing")
    except (BadNote, UnicodeDecodeError) as error:
        raise NotTaken(f"The signature of the witness {witness.name} does not hold: {error}.") from error
    return parcel.note + "".join(f"{s.line}\n" for s in own)


def _post(witness: Witness, body: bytes, seconds: float) -> tuple[int, bytes]:
    headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "cocycle"}
    request = urllib.request.Request(f"{witness.url}/add-checkpoint", body, headers, method="POST")  # noqa: S310  # the settings take http and https only
    try:
        with _opener().open(request, timeout=seconds) as answer:
            return answer.status, answer.read(MOST_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MOST_BYTES)
    except urllib.error.URLError as error:
        why = error.reason.strerror if isinstance(error.reason, OSError) and error.reason.strerror else error.reason
        raise NotTaken(f"The witness {witness.name} cannot be reached: {why}.") from error
    except (OSError, HTTPException) as error:
        raise NotTaken(f"The witness {witness.name} broke off: {error or type(error).__name__}.") from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is configured is who is asked."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Answers None, so that the redirect comes back as the error it is."""


def _opener() -> Any:
    """Returns what opens http and https addresses, by the machine's own proxies, and nothing else."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        _NoRedirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener
