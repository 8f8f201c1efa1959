"""What a definition built on another may not do: take away, or make easier, what the law asks for."""

from __future__ import annotations

from engine.definitions.names import children_of, family
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.words import text_at

_GROUPS = ("any_of", "all_of", "at_least")


def of_law(requirement: Node) -> Node | None:
    """Returns the first requirement of law in a requirement, itself included; None where there is none."""
    return next((one for one in family(requirement) if _is_law(one)), None)


def inside_law(requirement: Node) -> str:
    """Returns, in a sentence, which requirement of law a requirement is a part of; empty where it is part of none."""
    above = requirement.parent
    while above is not None:
        if _is_law(above):
            whole = quoted(text_at(above, "id") or "")
            return f"This is a part of {whole}, a requirement of law; replace {whole} as a whole by one of law."
        above = above.parent
    return ""


def loosened(old: Node, new: Node) -> str:
    """Returns, in a sentence, how a replacement loosens what the law asks for; empty where it does not.

    A requirement of law is replaced by one of law. A group that holds one is replaced by a group of the same form that
    still holds it, with no more ways to meet the group than there were.
    """
    if of_law(old) is None:
        return ""
    id = text_at(old, "id") or ""
    if _is_law(old):
        return "" if _is_law(new) else f"{quoted(id)} is a requirement of law; what replaces it must be one, too."
    form = next((f for f in _GROUPS if old.has(f)), "")
    if not new.has(form):
        return f"{quoted(id)} is a group that holds a requirement of law; what replaces it must be {form}, too."
    ours, theirs = _by_id(old), _by_id(new)
    for name, child in ours.items():
        if of_law(child) is None:
            continue
        if name not in theirs:
            return f"{quoted(name)} is, or holds, a requirement of law; it must stay in {quoted(id)}."
        if found := loosened(child, theirs[name]):
            return found
    if form != "all_of" and (more := [name for name in theirs if name not in ours]):
        return f"{quoted(id)} holds a requirement of law; {quoted(more[0])} would be a new way round it."
    if form == "at_least" and _count(new) < _count(old):
        return f"{quoted(id)} holds a requirement of law; it must ask for {_count(old)} or more."
    return ""


def _is_law(requirement: Node) -> bool:
    found = requirement.get("law")
    return found is not None and found.flag


def _by_id(group: Node) -> dict[str, Node]:
    return {text_at(child, "id") or "": child for child in children_of(group)}


def _count(group: Node) -> int:
    at_least = group.get("at_least")
    found = at_least.get("count") if at_least is not None else None
    return found.value if found is not None and isinstance(found.value, int) else 0
