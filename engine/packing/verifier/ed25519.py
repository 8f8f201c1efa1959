"""Checking Ed25519 signatures (RFC 8032) with whole numbers alone: slow, small, and nothing to install."""

from __future__ import annotations

import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point
CURVE_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

# A point (x, y) of the curve is kept as (X, Y, Z, T) with x = X/Z, y = Y/Z and x*y = T/Z (RFC 8032, 5.1.4).
Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    """Returns the sum of two points; the formulas hold for equal points, too."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE_D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def equal(p: Point, q: Point) -> bool:
    """Returns whether two points are the same one."""
    return (p[0] * q[2] - q[0] * p[2]) % PRIME == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


def read_point(data: bytes) -> Point | None:
    """Returns the point that 32 bytes stand for; None where they stand for none, or are not its one proper form."""
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return (x, y, 1, x * y % PRIME)


def write_point(p: Point) -> bytes:
    """Returns the 32 bytes of a point."""
    inverse = pow(p[2], PRIME - 2, PRIME)
    x, y = p[0] * inverse % PRIME, p[1] * inverse % PRIME
    return (y | ((x & 1) << 255)).to_bytes(32, "little")


BASE = read_point((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little")) or NEUTRAL


def read_public_key(data: bytes) -> Point | None:
    """Returns the point of a public key; None for bytes that are no key, and for keys that fit any signature."""
    point = read_point(data)
    if point is None:
        return None
    eightfold = point
    for _ in range(3):
        eightfold = add(eightfold, eightfold)
    return None if equal(eightfold, NEUTRAL) else point


def signature_fits(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Returns whether a signature of 64 bytes was made over a message by the owner of a public key of 32 bytes.

    There is one proper form of each signature, and any other is refused.
    """
    point = read_public_key(public_key)
    if point is None or len(signature) != 64:
        return False
    first, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    if scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(first + public_key + message).digest(), "little") % ORDER
    # scalar * BASE - challenge * point, both multiplied in one walk over their binary digits
    minus = (PRIME - point[0], point[1], point[2], PRIME - point[3])
    table = (NEUTRAL, BASE, minus, add(BASE, minus))
    total = NEUTRAL
    for place in range(252, -1, -1):
        total = add(total, total)
        total = add(total, table[(scalar >> place & 1) | (challenge >> place & 1) << 1])
    return write_point(total) == first
