"""README.txt of a pack: what it is, the commands to check it, what an answer proves and what it does not."""

from __future__ import annotations

from typing import Final

PROVEN: Final = (
    "Each entry in the pack is exactly what the register signed, at its number, and was not changed since.",
    "The project’s entries are complete from its first to the last one in the pack: none was left out, or put in"
    " between.",
    "The words and files in the pack are those that the entries were made with. What is gone was erased by an entry"
    " that says so.",
    "Each decision on a gate was recorded with these verdicts, under these rules, at this time, and the page about it"
    " is the one the register signed.",
    "With a checkpoint or a receipt that you kept: the register has only grown since then.",
)
NOT_PROVEN: Final = (
    "That what people handed in is true. The pack shows who handed in what and when, not that a meeting took place.",
    "That the register is the right one, if the only public key you have came with the pack. Get the key by another"
    " way.",
    "That nothing happened after the last entry in the pack. The register signs how many entries the project had; only"
    " a newer receipt or checkpoint shows that there are more.",
    "That the register’s clock was right. Times are what its computer said; they never go back.",
    "That the register did not keep two histories, if you hold no older checkpoint and nobody else does.",
    "Words that are kept back (small numbers, and personal details where the pack says so). They are recorded, and"
    " whoever holds the register can check them there.",
)

_TEXT: Final = """\
EVIDENCE PACK
{title}

This is the record of one project: what people handed in, who signed, which
rules applied, and how each decision on a gate was made.

TO READ IT
Open index.html in a web browser. It needs no network.

TO CHECK IT
You need Python 3.9 or newer, and nothing else. Nothing is sent anywhere.
Open a terminal in this folder. On Windows type "py" for "python3".

1. Check the pack against the register's public key. Ask the register for the
   key by another way than this pack: from its web page, by telephone, from a
   letter. Its holder prints it with: cocycle ledger public-key

     {with_key}

2. If you kept a checkpoint or a receipt from an earlier day, hold it against
   the pack as well:

     {with_kept}

3. If you have no key yet, see whether the pack fits together in itself. This
   finds damage. It does not find a forger who made a whole pack:

     {alone}

The answer is one of these:
  INTACT               everything is as the register recorded and signed it.
  ALTERED AT ENTRY N   something about entry N is not as it was recorded.
  ALTERED              a file of the pack was changed, added or is missing.
  REWRITTEN            something signed does not fit: another history, or a
                       forgery.
The program ends with code 0 for intact, 1 for anything else, and 2 where it
could not begin. It reads a .zip as well: python3 verify.py PACK.zip
If you do not trust the verify.py in this pack, take the one from a cocycle you
trust, or write your own: every format here is published.

WHAT AN ANSWER PROVES
{proven}

WHAT IT DOES NOT PROVE
{not_proven}

WHAT IS IN HERE
  index.html              the start page
  verify.py               the program that checks
  pack.dsse.json          the list of files, signed by the register
  data/events/            the project's entries, each as its exact bytes
  data/register/          entries of the register that the project needs
  data/receipts/          the proof of each entry (C2SP tlog-proof)
  data/words/             what people typed, each with the salt of its commitment
  data/files/             files of evidence, each named by its SHA-256
  data/definitions/       the rules, as written and as judged by
  data/decisions/         each decision: a page, JSON, and a signed statement
                          (in-toto Statement v1 in a DSSE envelope, Ed25519)
  data/consistency.json   proofs that the ledger only grew, from earlier sizes
  data/checkpoint.txt     the signed checkpoint (C2SP tlog-checkpoint)
  data/public-key.txt     the register's public key, as this pack says
  data/anchors/           checkpoints that outside witnesses have signed, if any
  data/sample.html        records drawn for an audit, if a sample was asked for
The pages and the JSON are made from the entries. They are covered by the list
that the register signed. The bag follows BagIt 1.0 (RFC 8493).

WORDS AND FILES ABOUT PERSONS
{personal}
"""
_WITH: Final = """\
This pack holds names, e-mail addresses and files about persons. Share it only
with those who may see them, and delete it when it is no longer needed. What is
erased from the register later is not erased from this copy: whoever holds it
must erase it here, too."""
_WITHOUT: Final = """\
Files of personal records, their names and e-mail addresses were kept back when
this pack was made. Names of those who acted are in it. Share it only with
those who may see them, and delete it when it is no longer needed. What is
erased from the register later is not erased from this copy."""


def commands() -> tuple[str, str, str]:
    """Returns the three commands that check a pack: with a key, with what was kept, alone."""
    with_key = 'python3 verify.py --public-key "KEY"'
    return with_key, f"{with_key} --checkpoint FILE --receipt FILE", "python3 verify.py"


def readme(project: str, origin: str, size: int, *, without_personal: bool) -> bytes:
    """Returns README.txt."""
    with_key, with_kept, alone = commands()
    return _TEXT.format(
        title=f"Project {project}, register {origin}, ledger of {size} entries",
        with_key=with_key,
        with_kept=with_kept,
        alone=alone,
        proven=_wrapped(PROVEN),
        not_proven=_wrapped(NOT_PROVEN),
        personal=_WITHOUT if without_personal else _WITH,
    ).encode()


def _wrapped(items: tuple[str, ...]) -> str:
    import textwrap

    return "\n".join(textwrap.fill(one, 78, initial_indent="- ", subsequent_indent="  ") for one in items)
