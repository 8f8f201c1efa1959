"""Which place every path to another place must pass last: immediate dominators.

The method is Cooper, Harvey and Kennedy's ("A simple, fast dominance algorithm", 2001): dominators are refined in
reverse postorder until nothing changes, which for the shapes workflows have takes two or three rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def dominators(first: str, arrows: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Returns for each place that can be reached the last place before it that no path to it avoids.

    Args:
        first: the place all paths begin at; its own dominator.
        arrows: the places that follow each place.
    """
    order = _postorder(first, arrows)
    number = {place: n for n, place in enumerate(order)}
    before: dict[str, list[str]] = {}
    for place in order:
        for following in arrows.get(place, ()):
            before.setdefault(following, []).append(place)
    above = {first: first}
    changed = True
    while changed:
        changed = False
        for place in reversed(order[:-1]):
            known = [p for p in before[place] if p in above]
            found = known[0]
            for other in known[1:]:
                found = _meeting(found, other, above, number)
            if above.get(place) != found:
                above[place] = found
                changed = True
    return above


def _meeting(one: str, other: str, above: Mapping[str, str], number: Mapping[str, int]) -> str:
    while one != other:
        while number[one] < number[other]:
            one = above[one]
        while number[other] < number[one]:
            other = above[other]
    return one


def _postorder(first: str, arrows: Mapping[str, Sequence[str]]) -> list[str]:
    """Returns the places that can be reached, each after all that follow it for the first time; `first` is last."""
    order: list[str] = []
    seen = {first}
    stack = [(first, iter(arrows.get(first, ())))]
    while stack:
        place, following = stack[-1]
        step = next((f for f in following if f not in seen), None)
        if step is None:
            order.append(place)
            stack.pop()
        else:
            seen.add(step)
            stack.append((step, iter(arrows.get(step, ()))))
    return order
