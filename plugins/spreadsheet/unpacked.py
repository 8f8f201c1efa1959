"""Looks into a workbook before anything reads it: whether it is one, how large it would become, what it hides.

A workbook comes from anywhere. It is a zip file of XML: a small one can unpack to gigabytes, XML can define words that
grow without end, and it can carry macros and links to other files. What is not told here no later step is asked about.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final

MOST_FILE_BYTES: Final = 16 * 2**20
MOST_UNPACKED: Final = 64 * 2**20
MOST_PARTS: Final = 500
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class NoWorkbook(ValueError):
    """The file cannot be read as a workbook; the message says why and what to do."""


def opened(content: bytes) -> zipfile.ZipFile:
    """Returns a workbook as a zip file once it is safe to unpack.

    Raises:
        NoWorkbook: it is none, or not one to trust.
    """
    if len(content) > MOST_FILE_BYTES:
        raise NoWorkbook(f"It has more than {MOST_FILE_BYTES >> 20} MB; a sheet of projects is far smaller.")
    if content.startswith(_OLD_FORMAT):
        raise NoWorkbook("It is in the format of old Excel (.xls), or has a password. Save it as .xlsx without one.")
    if not content.startswith(b"PK"):
        looks = "It looks like text, perhaps CSV" if _is_text(content) else "It is something else"
        raise NoWorkbook(f"It is no Excel workbook. {looks}; save it as .xlsx.")
    try:
        found = zipfile.ZipFile(io.BytesIO(content))
        parts = found.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        # NotImplementedError is how the standard library says that a .zip is of a kind it cannot read
        raise NoWorkbook("It is damaged: it cannot be unpacked. Save it once more.") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NoWorkbook(
            f"It would unpack to more than {MOST_UNPACKED >> 20} MB. Delete what is not needed, empty rows with a"
            " format among it, and save it again."
        )
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise NoWorkbook("It holds two parts of one name, so nobody can say which counts. Save it once more.")
    if "xl/workbook.xml" not in names:
        other = "mimetype" in names
        raise NoWorkbook(f"It is no Excel workbook{' but an OpenDocument file' if other else ''}; save it as .xlsx.")
    _refuse_dangers(found, parts)
    return found


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content[:4096].decode()
    except UnicodeDecodeError as error:
        return error.start > 4000


def _refuse_dangers(found: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        name = part.filename.casefold()
        if part.flag_bits & 1:
            raise NoWorkbook("It is locked with a password. Save it without one.")
        if "vbaproject" in name or "macrosheet" in name:
            raise NoWorkbook("It holds macros. Save it as .xlsx, which keeps none.")
        if name.startswith(("xl/externallinks/", "xl/embeddings/", "xl/activex/")):
            raise NoWorkbook(
                "It refers to other files or holds some. Take the links out: Data, Edit Links, Break Link."
            )
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        text = content_of(found, part)
        if b"\x00" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise NoWorkbook(f"Its part {part.filename[:60]!r} is not written as Excel writes it. Save it once more.")
        if name == "[content_types].xml" and b"macroEnabled" in text:
            raise NoWorkbook("It is a workbook with macros (.xlsm). Save it as .xlsx, which keeps none.")


def content_of(found: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> bytes:
    """Returns the bytes of a part of a workbook; raises NoWorkbook where it cannot be unpacked."""
    try:
        return found.read(part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, KeyError, ValueError) as error:
        raise NoWorkbook("It is damaged: part of it cannot be unpacked. Save it once more.") from error
    except Exception as error:
        # what the module that unpacks raises for broken bytes is its own, another for each way of packing
        if type(error).__module__ in ("zlib", "lzma", "_lzma", "bz2"):
            raise NoWorkbook("It is damaged: part of it cannot be unpacked. Save it once more.") from error
        raise
