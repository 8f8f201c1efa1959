"""Which 32 bytes are an honest Ed25519 public key: a point of the curve, written in its one form, of large order.

A key of low order is one under which a signature can be made that fits any text. The library that verifies signatures
does not look for it, so it is looked for here, where keys are read. The arithmetic is that of RFC 8032, section 5.1;
nothing in it is secret, so it need not take the same time for every key.
"""

from __future__ import annotations

from typing import Final

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE: Final = pow(2, (_P - 1) // 4, _P)

Point = tuple[int, int]


def fault_of_public_key(key: bytes) -> str | None:
    """Returns what is wrong with a public key as the end of a sentence that begins with "the key"; None for nothing.

    Args:
        key: the encoding of RFC 8032: the y coordinate in 255 bits, little-endian, and the sign of x.
    """
    if len(key) != 32:
        return f"has {len(key)} bytes, and an Ed25519 key has 32"
    point = _point(key)
    if point is None:
        return "is no point of the Ed25519 curve"
    for _ in range(3):  # the curve has 8 points of low order; eight times each of them is the neutral point
        point = _twice(point)
    return "is of low order, so that anybody could sign in its name" if point == (0, 1) else None


def _point(key: bytes) -> Point | None:
    """Returns the point that a key is, as x and y; None where there is none, or where it has another, shorter form."""
    number = int.from_bytes(key, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= _P:
        return None
    over, under = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = over * pow(under, 3, _P) * pow(over * pow(under, 7, _P), (_P - 5) // 8, _P) % _P
    if (under * x * x - over) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (under * x * x - over) % _P or (x == 0 and sign):
        return None
    return (_P - x if x & 1 != sign else x), y


def _twice(point: Point) -> Point:
    x, y = point
    cross = _D * x * x * y * y % _P
    return (
        2 * x * y * pow(1 + cross, -1, _P) % _P,
        (y * y + x * x) * pow(1 - cross, -1, _P) % _P,
    )
