"""The acts that would open a gate: what each requirement needs, and a smallest set that opens it altogether.

An act is known by a key `(act, requirement, which)`, where `which` is the role that signs, the field that is set (for
no requirement in particular), or the number of the record. A *way* is a set of keys after which a requirement holds.
The ways of the parts of a gate are combined two at a time; of ways that agree in everything another part can see (keys
that are shared, principles that are missing) only the smallest is kept, so the result is a smallest set and not merely
a small one. Keys are shared only where a wait counts from another requirement's record, or where a field of the
project is missing, so few ways survive each step.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.core.bench import Bench
from engine.core.by_plugin import to_hand_in
from engine.core.calendar import OutsideCalendar, add
from engine.core.conditions import Scope, fields_to_set
from engine.core.counting import counted
from engine.core.definition import GROUPS, Gate, Requirement, Span
from engine.core.gates import ERROR, HOLDS, NOT_APPLICABLE, PENDING, Verdict, needed_of
from engine.core.overtaken import good_but_late, overtaken

Key = tuple[str, str, str]
SET_FIELD, ADD, SIGN, WAIT, DECIDE = "set_field", "add_evidence", "sign", "wait", "decide"
ORDER = (SET_FIELD, ADD, SIGN, WAIT, DECIDE)
MOST_WAYS = 2_000
"""Where more ways than this survive a step, only the smallest are kept; the set is then small, perhaps not smallest."""
MOST_FIELDS = 6
"""Of the fields of the project that would help, and of the sets of them that mend a record, this many are combined."""


@dataclass(frozen=True, slots=True)
class Way:
    """Acts after which something holds, the missing principles that are evidenced then, and whether it is truly met.

    A way that does not even hold is one through a part of a group, for the sake of the principles of that part.
    `without` are records that must not be handed in anew, since what stands rests on those that are there.
    """

    keys: frozenset[Key] = frozenset()
    principles: frozenset[str] = frozenset()
    met: bool = True
    holds: bool = True
    without: frozenset[Key] = frozenset()

    def cost(self) -> tuple[int, int]:
        """Returns what makes one way better than another: fewer acts, then fewer waits; else the first one written."""
        return len(self.keys), sum(k[0] == WAIT for k in self.keys)


@dataclass(slots=True)
class Planner:
    """Finds ways. `then` was judged on `day`, when the gate could open and what expires has expired."""

    bench: Bench
    then: Mapping[str, Verdict]
    missing: frozenset[str]
    shared: frozenset[Key] = frozenset()
    day: date = date.min
    waited: frozenset[Key] = frozenset()
    _known: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    _renewed: frozenset[Key] = frozenset()

    def __post_init__(self) -> None:
        self.day = max(self.day, self.bench.today)
        self.waited = waited_from(v.requirement for v in self.then.values())
        # what a plugin wants another record of is handed in anew with all that goes with it
        named = frozenset(key for v in self.then.values() for key in asked_by_plugin(self.bench, v) if key[0] == ADD)
        self.shared |= named
        # a record that a wait counts from is handed in anew where it does not do, or says no date to count from
        unset = {record_key(v.requirement) for v in self.then.values() if v.requirement.wait and v.over_on is None}
        sources = {key: self.then.get(key[1]) for key in self.shared}
        self._renewed = frozenset(unset | {key for key, v in sources.items() if v is not None and lacks(v)}) | named
        self._renewed |= {key for v in self.then.values() if lacks(v) for key in self._anew(v.requirement)}
        more = self._renewed
        while more:  # a decision taken anew may be evidence of another, which is too old for it then
            requirements = [self.bench.workflow.requirements[name] for _, name, _ in more]
            more = frozenset(key for r in requirements for key in self._anew(r)) - self._renewed
            self._renewed |= more

    def _anew(self, requirement: Requirement) -> frozenset[Key]:
        """Returns the decision that has to be taken anew for a record that is handed in anew, as a key."""
        late = expires_before(self.bench, requirement, self.day, self.waited)
        decision = overtaken(self.bench, requirement, self.day if late else self.bench.today)
        return frozenset() if decision is None else frozenset({(ADD, decision, "1")})

    def _unwaited(self, requirement: Requirement) -> frozenset[Key]:
        """Returns the waits that would begin again, since the decision they count from is taken anew after them."""
        if not expires_before(self.bench, requirement, self.day, self.waited):
            return frozenset()
        waits = (r.requirement for r in self.then.values() if r.requirement.wait)
        return frozenset((WAIT, r.id, "") for r in waits if r.wait and r.wait.requirement == requirement.supports)

    def ways_to_hold(self, verdict: Verdict) -> tuple[Way, ...]:
        """Returns the ways to make a requirement of the gate hold; a requirement that does not apply holds already."""
        if self.then[verdict.requirement.id].state == NOT_APPLICABLE:
            return (Way(),)
        return self.ways_to_count(verdict)

    def ways_to_count(self, verdict: Verdict) -> tuple[Way, ...]:
        """Returns the ways to make a verdict met or waived; none where nothing does."""
        return tuple(way for way in self._all_ways(verdict) if way.holds)

    def _all_ways(self, verdict: Verdict) -> tuple[Way, ...]:
        found = self._known.get(verdict.requirement.id)
        if found is None:
            found = self._known[verdict.requirement.id] = self._smallest(self._ways(verdict))
        return found

    def _ways(self, verdict: Verdict) -> Iterator[Way]:
        requirement = verdict.requirement
        verdict = self.then[requirement.id]
        # a new record would be broken, too, unless it takes the place of one that was altered or never examined
        broken = not to_hand_in(self.bench, verdict) if requirement.type == "plugin" else not verdict.evidence
        broken = broken and requirement.type in ("plugin", "evidence")
        if verdict.state == NOT_APPLICABLE or (verdict.state == ERROR and broken):
            return
        if verdict.waiver is not None:
            yield Way(met=False)
        if requirement.type in GROUPS:
            yield from self._ways_of_group(verdict)
            return
        carried = frozenset(requirement.principles) & self.missing
        for way in self._kinds()[requirement.type](verdict):
            yield Way(way.keys, carried, without=way.without)

    def _kinds(self) -> Mapping[str, Callable[[Verdict], Iterator[Way]]]:
        return {
            "wait": self._wait,
            "signature": self._signatures,
            "evidence": self._evidence,
            "plugin": self._plugin,
        }

    def _plugin(self, verdict: Verdict) -> Iterator[Way]:
        """Yields the way of a requirement that a plugin judges: what the plugin says would satisfy it, all of it."""
        if verdict.over_on is not None and verdict.over_on > self.bench.today:
            yield Way(frozenset({(WAIT, verdict.requirement.id, "")}))
        elif verdict.state in HOLDS:
            yield Way()
        elif keys := asked_by_plugin(self.bench, verdict):
            yield Way(keys)

    def _wait(self, verdict: Verdict) -> Iterator[Way]:
        """Yields the ways of a wait: as it runs, or anew with a record that is handed in today."""
        source = record_key(verdict.requirement)
        waiting = frozenset({(WAIT, verdict.requirement.id, "")})
        if verdict.over_on is not None:
            over = verdict.over_on <= self.bench.today
            yield Way(frozenset() if over else waiting, without=self._renewed & {source})
        if source in self._renewed and anew(self.bench, verdict.requirement) is not None:
            yield Way(waiting | {source})

    def _signatures(self, verdict: Verdict) -> Iterator[Way]:
        yield Way(signing(verdict, verdict.unsigned))

    def _evidence(self, verdict: Verdict) -> Iterator[Way]:
        """Yields the ways of evidence: with what stands, with fields that mend it, with records handed in anew."""
        requirement = verdict.requirement
        lacking, first = lacks(verdict), (ADD, requirement.id, "1")
        # where records are counted one more does no harm
        without = self._renewed & {first} if requirement.count is None else frozenset()
        if not lacking:
            yield Way(signing(verdict, verdict.unsigned), without=without)
            if not without:
                return
        decision = self._anew(requirement)
        if decision and lacking and good_but_late(self.bench, requirement, self.day) >= (requirement.count or 1):
            yield Way(decision | signing(verdict, verdict.unsigned), without=without)
        asked = self._fields_to_set(requirement)
        for fields in unions(verdict.mendable):
            mended = sum(wanted <= fields for wanted in verdict.mendable)
            if 0 < lacking <= mended:
                yield Way(setting(fields) | signing(verdict, verdict.unsigned), without=without)
            mended = sum(wanted <= fields | asked for wanted in verdict.mendable) if requirement.count else 0
            records = {(ADD, requirement.id, str(n + 1)) for n in range(max(lacking - mended, 1))}
            keys = setting(fields | asked) | records | signing(verdict, requirement.signed_by) | decision
            yield Way(keys, without=self._unwaited(requirement))

    def _ways_of_group(self, verdict: Verdict) -> Iterator[Way]:
        requirement = verdict.requirement
        applying = [v for v in verdict.of if self.then[v.requirement.id].state != NOT_APPLICABLE]
        need = needed_of(requirement, len(applying))
        # what has been chosen so far: (how many hold, how many of them are met), each counted no further than needed
        chosen: dict[tuple[int, int], tuple[Way, ...]] = {(0, 0): (Way(),)}
        for child in applying:
            ways = self._all_ways(child)
            grown: dict[tuple[int, int], list[Way]] = {count: list(found) for count, found in chosen.items()}
            for (hold, met), found in chosen.items():
                for way in ways:
                    count = (min(hold + way.holds, need), min(met + way.met, need))
                    grown.setdefault(count, []).extend(_both(found, [way]))
            chosen = {count: self._smallest(found) for count, found in grown.items()}
        carried = frozenset(requirement.principles) & self.missing
        for (hold, met), found in chosen.items():
            held, truly = hold >= need or verdict.waiver is not None, met >= need
            for way in found:
                if held or way.principles:
                    principles = way.principles | carried if truly else way.principles
                    yield Way(way.keys, principles, truly, held, way.without)

    def together(self, verdicts: Iterable[Verdict], fields: frozenset[Key]) -> Way | None:
        """Returns the smallest way to make all of them hold with every missing principle; None where nothing does.

        `fields` are the keys of the fields of the project that are set on the way: these, all of them, no others.
        """
        found: tuple[Way, ...] = (Way(fields),)
        for verdict in verdicts:
            ways = [w for w in self.ways_to_hold(verdict) if all(k in fields for k in w.keys if k[0] == SET_FIELD)]
            found = self._smallest(_both(found, ways))
        complete = [way for way in found if way.principles >= self.missing]
        return min(complete, key=Way.cost, default=None)

    def _smallest(self, ways: Iterable[Way]) -> tuple[Way, ...]:
        best: dict[tuple[object, ...], Way] = {}
        for way in ways:
            seen = (self._seen(way.keys), way.principles, way.met, way.holds, way.without)
            if seen not in best or way.cost() < best[seen].cost():
                best[seen] = way
        found = sorted(best.values(), key=Way.cost)
        return tuple(found[:MOST_WAYS])

    def _seen(self, keys: frozenset[Key]) -> frozenset[Key]:
        """Returns the keys that another part of the gate may ask for, too."""
        return frozenset(k for k in keys if k[0] == SET_FIELD or k in self.shared)

    def wanted_fields(self) -> list[str]:
        """Returns the fields of the project whose being set would help a record, in order."""
        found: set[str] = set()
        for verdict in self.then.values():
            if verdict.requirement.type == "evidence" and lacks(verdict):
                found |= self._fields_to_set(verdict.requirement).union(*verdict.mendable)
            if verdict.opinion is not None and verdict.state not in HOLDS:
                found.update(verdict.opinion.fields)
        return sorted(found)

    def _fields_to_set(self, requirement: Requirement) -> frozenset[str]:
        scope = Scope(self.bench.project.fields, self.bench.workflow.fields)
        rules = (self.bench.workflow.rules[r].condition for r in requirement.rules)
        return frozenset(name for rule in rules for name in fields_to_set(rule, scope))


def _both(some: Iterable[Way], others: Sequence[Way]) -> Iterator[Way]:
    """Yields every way of `some` together with every one of `others`, where the two agree."""
    for one in some:
        for other in others:
            keys, without = one.keys | other.keys, one.without | other.without
            if keys.isdisjoint(without):
                yield Way(keys, one.principles | other.principles, without=without)


def unions(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Returns nothing and every union of the few smallest of the sets, each once."""
    found = [frozenset[str]()]
    for one in sorted(set(sets), key=lambda names: (len(names), sorted(names)))[:MOST_FIELDS]:
        found += [before | one for before in found]
    return list(dict.fromkeys(found))


def setting(fields: Iterable[str]) -> frozenset[Key]:
    """Returns the keys of setting fields of the project."""
    return frozenset((SET_FIELD, "", name) for name in fields)


def asked_by_plugin(bench: Bench, verdict: Verdict) -> frozenset[Key]:
    """Returns the keys of what a plugin that is not satisfied asks for; none where the core judges, or it holds."""
    if verdict.opinion is None or verdict.state in HOLDS or verdict.state == PENDING:
        return frozenset()
    fields = () if verdict.state == ERROR else verdict.opinion.fields
    return frozenset((ADD, name, "1") for name in to_hand_in(bench, verdict)) | setting(fields)


def signing(verdict: Verdict, roles: Iterable[str]) -> frozenset[Key]:
    """Returns the keys of signatures under a requirement."""
    return frozenset((SIGN, verdict.requirement.id, role) for role in roles)


def record_key(requirement: Requirement) -> Key:
    """Returns the key of the record that a wait counts from."""
    assert requirement.wait is not None
    return (ADD, requirement.wait.requirement, "1")


def lacks(verdict: Verdict) -> int:
    """Returns how many records that do are missing; one that can no longer be signed does not do."""
    return max((verdict.requirement.count or 1) - verdict.good, int(verdict.spent))


def expires_before(bench: Bench, requirement: Requirement, day: date, waited: Collection[Key]) -> bool:
    """True for a record that is no longer fresh on `day` if it is handed in today; it is handed in on that day then.

    What a wait counts from, in `waited`, is handed in today all the same, or the wait would begin again.
    """
    if not isinstance(requirement.fresh, Span) or (ADD, requirement.id, "1") in waited or day <= bench.today:
        return False
    try:
        return add(bench.today, requirement.fresh) < day
    except OutsideCalendar:
        return False


def anew(bench: Bench, requirement: Requirement) -> date | None:
    """Returns the day a wait would be over were its record handed in today; None where the calendar cannot say."""
    wait = requirement.wait
    assert wait is not None
    try:
        return counted(wait, bench.today, bench.calendar).over_on
    except OutsideCalendar:
        return None


def shared_keys(gate: Gate) -> frozenset[Key]:
    """Returns the records that more than one part may ask for, by their keys: waits count from them, or evidence
    supports the decision in them."""
    asked = list(gate.all_requirements())
    return waited_from(asked) | {(ADD, requirement.supports, "1") for requirement in asked if requirement.supports}


def waited_from(requirements: Iterable[Requirement]) -> frozenset[Key]:
    """Returns the records that waits count from, by their keys."""
    return frozenset(record_key(requirement) for requirement in requirements if requirement.wait)


def wait_over_on(bench: Bench, verdict: Verdict, *, renewed: bool) -> date:
    """Returns the day a planned wait is over: as it runs, or with a record handed in today where it is `renewed`."""
    over_on = anew(bench, verdict.requirement) if renewed else verdict.over_on
    assert over_on is not None, "no way waits for what never ends"
    return over_on
