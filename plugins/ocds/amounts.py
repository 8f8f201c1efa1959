"""Whether the sums of money in a release go with each other and with the value that the project records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.hookspecs import Finding
from plugins.ocds.looked_at import LookedAt, fault, note

_MORE = 1.25
"""How many times the recorded value a notice may name: a fifth for value added tax, and a little for rounding."""
_LESS = 0.5


def check_amounts(looked: LookedAt) -> Iterator[Finding]:
    """Yields what is wrong with the amounts."""
    whole = looked.submission.fields.get("lifetime_value")
    recorded = whole / 100 if isinstance(whole, int) and not isinstance(whole, bool) and whole > 0 else None
    named: dict[str, float] = {}
    for path, value in _values(looked):
        amount = _amount(value)
        if amount is None:
            continue
        if value.get("currency") not in (None, "GBP"):
            yield fault(
                "other-currency", f"At {path}.currency: the amount is not in GBP; a project is recorded in pounds."
            )
        elif amount < 0:
            yield fault("below-nothing", f"At {path}: the amount is below nothing.")
        else:
            named[path] = amount
    yield from _together(looked, named)
    if recorded is not None:
        yield from _as_recorded(named, recorded)


def _as_recorded(named: dict[str, float], recorded: float) -> Iterator[Finding]:
    for path, amount in named.items():
        if amount > recorded * _MORE:
            yield fault(
                "above-lifetime-value",
                f"At {path}: the amount is {_pounds(amount)}; the lifetime value that the project records is "
                f"{_pounds(recorded)}. Set right whichever is wrong.",
            )
    most = max(named.values(), default=None)
    if most is not None and most < recorded * _LESS:
        yield note(
            "below-lifetime-value",
            f"The largest amount in the notice is {_pounds(most)}, less than half of the lifetime value that the "
            f"project records, {_pounds(recorded)}.",
        )


def _together(looked: LookedAt, named: dict[str, float]) -> Iterator[Finding]:
    """Yields each contract that is worth more than the award it comes from."""
    awards = {
        str(award.get("id")): (f"{path}.value", named[f"{path}.value"])
        for path, award in looked.each("awards")
        if f"{path}.value" in named
    }
    for path, contract in looked.each("contracts"):
        of, amount = awards.get(str(contract.get("awardID"))), named.get(f"{path}.value")
        if of is not None and amount is not None and amount > of[1] * _MORE:
            yield fault(
                "above-award",
                f"At {path}.value: the amount is {_pounds(amount)}, and at {of[0]} it is {_pounds(of[1])}: "
                "the contract is worth more than the award.",
            )


def _values(looked: LookedAt) -> Iterator[tuple[str, dict[str, Any]]]:
    holders = [(f"{looked.path}.tender", looked.named("tender")), *looked.each("awards"), *looked.each("contracts")]
    for path, holder in holders:
        value = holder.get("value")
        if isinstance(value, dict):
            yield f"{path}.value", value


def _amount(value: dict[str, Any]) -> float | None:
    """Returns the net amount where it is given, else the gross one; None for neither."""
    for name in ("amount", "amountGross"):
        amount = value.get(name)
        if isinstance(amount, int | float) and not isinstance(amount, bool) and abs(amount) < 1e15:
            return float(amount)
    return None


def _pounds(amount: float) -> str:
    return f"£{amount:,.2f}".removesuffix(".00")
