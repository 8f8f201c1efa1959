"""Every way in which a definition is broken on purpose, mostly so that it asks less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.scenarios.breaking import GONE, Break, Json, Path, family, gates_with, requirements_in
from engine.scenarios.breaks_of_conditions import conditions_broken


def breaks_of(document: Json) -> list[Break]:
    """Returns every break of a definition, in the order of the definition."""
    found = [*_of_requirements(document), *_of_rules(document), *_of_gates(document), *_of_ways(document)]
    seen: dict[str, int] = {}
    unique = []
    for one in found:
        seen[one.id] = n = seen.get(one.id, 0) + 1
        unique.append(one if n == 1 else replace(one, id=f"{one.id} ({n})"))
    return unique


def _of_requirements(document: Json) -> Iterator[Break]:
    levels, roles = document["levels"], [r["id"] for r in document["roles"]]
    for path, requirement in requirements_in(document):
        id, about = requirement["id"], tuple(r["id"] for _, r in family((), requirement))
        where = gates_with(document, about)
        yield Break(
            f"{id}: dropped", "requirement dropped", f"“{id}” was not asked for at all", about, where, ((path, GONE),)
        )
        for what, change, words, key, value in _weaker(requirement, levels, roles):
            yield Break(f"{id}: {change}", what, f"“{id}” {words}", about, where, (((*path, key), value),))
        for slot in conditions_broken(requirement["when"], document):
            said = f"“{id}” applied {slot.words}"
            edit = ((*path, "when", *slot.path), slot.value)
            yield Break(f"{id}: when {slot.change}", "condition of applying moved", said, about, where, (edit,))


def _weaker(requirement: Json, levels: list[str], roles: list[str]) -> Iterator[tuple[str, str, str, str, Any]]:
    """Yields (kind, change, words, key, value) for each way in which one requirement asks less."""
    level = requirement["level"]
    if level is not None:
        place = levels.index(level)
        lower = levels[place - 1] if place else None
        yield "level lowered", f"level {level} -> {lower or 'none'}", f"took {lower or 'any level'}", "level", lower
    for n, rule in enumerate(requirement["rules"]):
        left = requirement["rules"][:n] + requirement["rules"][n + 1 :]
        yield "rule dropped", f"rule {rule} dropped", f"did without the rule {rule}", "rules", left
    yield from _signed_less(requirement, roles)
    yield from _in_time(requirement)
    if requirement["when"] is not None:
        yield "when dropped or turned", "when dropped", "applied to every project", "when", None
        turned = {"op": "none", "of": [requirement["when"]]}
        words = "applied where it should not, and not where it should"
        yield "when dropped or turned", "when turned round", words, "when", turned
    if requirement["profiles"]:
        yield "profile dropped", "profiles dropped", "applied in every profile", "profiles", []
        for profile in requirement["profiles"] if len(requirement["profiles"]) > 1 else []:
            left = [p for p in requirement["profiles"] if p != profile]
            words = f"was not asked of {profile} projects"
            yield "profile dropped", f"profile {profile} dropped", words, "profiles", left
    if requirement["law"]:
        yield "law off", "law off", "could be waived, being no law", "law", False
    if requirement.get("supports"):
        yield "supports dropped", "supports dropped", "took what happened after the decision", "supports", None
    if requirement["carries_over"]:
        yield "carries over", "carries_over off", "did not carry over into a new cycle", "carries_over", False
    if (requirement["count"] or 0) > 1:
        n = requirement["count"]
        yield "number lowered", f"count {n} -> {n - 1}", f"took {n - 1} records", "count", n - 1
    if requirement["type"] == "at_least" and requirement["at_least"] > 1:
        n = requirement["at_least"]
        yield "number lowered", f"at_least {n} -> {n - 1}", f"took {n - 1} of its parts", "at_least", n - 1
    if requirement["type"] == "all_of" and len(requirement["of"]) > 1:
        yield "group loosened", "all_of -> any_of", "took any one of its parts", "type", "any_of"


def _signed_less(requirement: Json, roles: list[str]) -> Iterator[tuple[str, str, str, str, Any]]:
    signed = requirement["signed_by"]
    for n, role in enumerate(signed):
        left = signed[:n] + signed[n + 1 :]
        if left or requirement["type"] == "evidence":
            words = f"did without the signature of {role}"
            yield "signatory dropped", f"signature of {role} dropped", words, "signed_by", left
        other = next((r for r in roles if r not in signed), None)
        if other is not None:
            swapped = [other if r == role else r for r in signed]
            words = f"was signed by {other} in place of {role}"
            yield "signatory swapped", f"signature of {role} -> {other}", words, "signed_by", swapped


def _in_time(requirement: Json) -> Iterator[tuple[str, str, str, str, Any]]:
    fresh, wait = requirement["fresh"], requirement["wait"]
    if fresh is not None:
        yield "freshness dropped", "fresh dropped", "took records of any age", "fresh", None
    if isinstance(fresh, dict):
        longer = fresh | {"n": fresh["n"] + 1}
        change = f"fresh {fresh['n']} -> {longer['n']} {fresh['unit']}"
        yield "freshness lengthened", change, f"took records of {longer['n']} {fresh['unit']}", "fresh", longer
    if wait is None:
        return
    unit = wait["unit"].replace("_", " ")
    if wait["n"] > 1:
        shorter = wait | {"n": wait["n"] - 1}
        change = f"wait {wait['n']} -> {shorter['n']} {unit}"
        yield "wait loosened", change, f"waited for {shorter['n']} {unit} only", "wait", shorter
    other = "same_day" if wait["counting_from"] == "next_day" else "next_day"
    counted = wait | {"counting_from": other}
    change = f"counting {wait['counting_from']} -> {other}"
    yield "wait counted otherwise", change, f"was counted by {other}", "wait", counted
    if wait.get("calendar") is not None:
        usual = wait | {"calendar": None}
        yield "wait counted otherwise", "calendar -> the usual", "was counted by the usual calendar", "wait", usual


def _of_rules(document: Json) -> Iterator[Break]:
    for n, rule in enumerate(document["rules"]):
        users = tuple(r["id"] for _, r in requirements_in(document) if rule["id"] in r["rules"])
        yield from _of_slots(f"{rule['id']}", f"the rule {rule['id']}", ("rules", n), rule, users, document)
    for n, profile in enumerate(document["profiles"]):
        users = tuple(r["id"] for _, r in requirements_in(document) if r["profiles"])
        for slot in conditions_broken(profile["condition"], document):
            edit = (("profiles", n, "condition", *slot.path), slot.value)
            words = f"a project was {profile['id']} {slot.words}"
            yield Break(f"profile {profile['id']}: {slot.change}", "profile moved", words, users, (), (edit,))


def _of_slots(
    id: str, said: str, path: Path, part: Mapping[str, Any], about: tuple[str, ...], document: Json
) -> Iterator[Break]:
    for slot in conditions_broken(part["condition"], document):
        edit = ((*path, "condition", *slot.path), slot.value)
        yield Break(
            f"{id}: {slot.change}", slot.kind, f"{said} held {slot.words}", about, gates_with(document, about), (edit,)
        )


def _of_gates(document: Json) -> Iterator[Break]:
    for g, gate in enumerate(document["gates"]):
        id, about = gate["id"], tuple(r["id"] for r in gate["requires"])
        changes: list[tuple[str, str, str, str, Any]] = []
        for role in gate["decided_by"]:
            left = [r for r in gate["decided_by"] if r != role]
            words = f"was decided without {role}"
            changes.append(("decider dropped", f"decision of {role} dropped", words, "decided_by", left))
        if gate["every_principle"]:
            words = "did not ask for every principle"
            changes.append(("every_principle off", "every_principle off", words, "every_principle", False))
        if gate["dissent"] == "blocks" and gate["decided_by"]:
            changes.append(
                ("dissent recorded", "dissent recorded", "opened in spite of a dissent", "dissent", "recorded")
            )
        if gate.get("if_unsound", "warns") != "warns":
            change = f"if_unsound {gate['if_unsound']} -> warns"
            changes.append(
                ("if_unsound warns", change, "only warned when it was no longer sound", "if_unsound", "warns")
            )
        for kind, change, words, key, value in changes:
            yield Break(f"{id}: {change}", kind, f"“{id}” {words}", about, (id,), ((("gates", g, key), value),))


def _of_ways(document: Json) -> Iterator[Break]:
    gates: Mapping[str, tuple[str, ...]] = {g["id"]: tuple(r["id"] for r in g["requires"]) for g in document["gates"]}
    for s, stage in enumerate(document["stages"]):
        for t, way in enumerate(stage["transitions"]):
            id = f"{stage['id']}.{way['id']}"
            path: Path = ("stages", s, "transitions", t)
            about, here = gates.get(way["gate"] or "", ()), (stage["id"],)
            if way["gate"] is not None:
                words = f"{id} was open without a gate"
                yield Break(f"{id}: gate dropped", "gate removed", words, about, here, (((*path, "gate"), None),))
            if way["by"]:
                words = f"anybody could take {id}"
                yield Break(f"{id}: by dropped", "by dropped", words, about, here, (((*path, "by"), []),))
            if way.get("follows") is not None:
                words = f"{id} was open whatever was decided"
                yield Break(
                    f"{id}: follows dropped", "follows dropped", words, about, here, (((*path, "follows"), None),)
                )
