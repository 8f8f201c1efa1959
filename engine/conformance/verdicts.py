"""The rules on verdicts: that there is one for every question, in time and of the right form, and that it explains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json import dumps, loads
from typing import Any, Final

from engine.conformance.answered import Answered, Asks, answers_to
from engine.conformance.questions import Kind, Question
from engine.conformance.rules import Found
from engine.conformance.sentences import fault_of, ids_in, names_day
from engine.conformance.shrinking import MOST_TRIES, shrunk
from engine.core.opinions import opinion_from

MOST_OF_A_RULE: Final = 3
"""So many different faults of one rule are told of one kind; a fourth seldom teaches anybody anything."""
SLOW_SECONDS: Final = 0.1
TRIES_OF_SLOW: Final = 5
MOST_TRIES_OF_FAILURES: Final = 12
"""So often is it tried to make the example of a failure smaller: each try that shows it costs a process."""

_BY_FAULT: Final[Mapping[str, str]] = {
    "time": "answers/in-time",
    "refused": "answers/alone",
    "form": "answers/on-record",
}
Fault = Callable[[Answered], str | None]


def faults_in(kind: Kind, answered: Sequence[Answered], asks: Asks) -> Iterator[Found]:
    """Yields what is wrong with verdicts, each with the smallest question that shows it."""
    yield from _told(kind, "", answered, asks, _failure)
    sound = [one for one in answered if one.fault is None]
    for rule, fault in (
        ("answers/form", form_fault),
        ("answers/on-record", record_fault),
        ("explains/way-on", lambda one: way_on_fault(one, kind)),
        ("explains/sentences", sentence_fault),
        ("explains/names-the-day", day_fault),
    ):
        yield from _told(kind, rule, sound, asks, fault)
    yield from alike_words(kind, sound)


def _told(kind: Kind, rule: str, answered: Iterable[Answered], asks: Asks, fault: Fault) -> Iterator[Found]:
    """Yields each different fault once, with its example made small; a few of a rule at most."""
    seen: dict[tuple[str, str], None] = {}
    for one in answered:
        says = fault(one)
        if says is None:
            continue
        broken = rule or _BY_FAULT.get(str(one.fault), "answers/every-question")
        if (broken, _essence(says)) in seen:
            continue
        seen[broken, _essence(says)] = None
        if sum(of == broken for of, _ in seen) <= MOST_OF_A_RULE:
            small = _small(kind, one, asks, fault, says)
            yield Found(broken, "fault", kind.use, fault(small) or says, small.shown())


def _small(kind: Kind, one: Answered, asks: Asks, fault: Fault, says: str) -> Answered:
    """Returns a small question that shows the same fault, with its answer."""
    if one.fault in ("time", "died", "flood"):  # each try would cost a process
        return one
    kept = {name for name, declared in kind.options.items() if declared.get("required") or "default" in declared}
    smallest = one

    def shows(question: Question) -> bool:
        nonlocal smallest
        if not kept.intersection(one.question["with"]) <= question["with"].keys():
            return False
        again = answers_to([question], asks)[0]
        found = fault(again) if again.fault == one.fault else None
        if found is None or _essence(found) != _essence(says):
            return False
        smallest = again
        return True

    shrunk(one.question, shows, MOST_TRIES if one.fault is None else MOST_TRIES_OF_FAILURES)
    return smallest


def _essence(says: str) -> str:
    """Returns a sentence without what differs from example to example."""
    return re.sub(r"[“\"'(][^”\"')]*[”\"')]|[\d.,-]+", "·", says)


# ------------------------------------------------------------------ the rules, one function each


def _failure(one: Answered) -> str | None:
    return None if one.fault is None else " ".join(one.opinion.why)


def form_fault(one: Answered) -> str | None:
    """Returns what is wrong with the form of a verdict, as a sentence; None where nothing is."""
    said, question = one.opinion, one.question
    shown = {record["id"] for record in question["records"]}
    if said.state not in ("met", "unmet", "pending") or not said.why:
        return "It answered with no verdict, or without a word of why."
    if not shown.issuperset(said.evidence):
        return "It rests its verdict on a record that it was not shown."
    if (said.state == "pending") != (said.not_before is not None):
        return "It names a day for what is not waiting, or none for what is."
    if said.not_before is not None and said.not_before.isoformat() <= question["today"]:
        return f"It waits for {said.not_before.isoformat()}, which has come by {question['today']}."
    return None


def record_fault(one: Answered) -> str | None:
    """Returns what keeps a verdict from being put on record and read again; None where nothing does."""
    said = one.opinion
    kept: dict[str, Any] = {
        **said.source.as_json(),
        "state": said.state,
        "evidence": [[id, None] for id in said.evidence],
    }
    if said.not_before is not None:
        kept["not_before"] = said.not_before.isoformat()
    try:
        again = opinion_from(loads(dumps(kept)))
    except (KeyError, ValueError, TypeError):
        return "The verdict cannot be read again from what is put on record of it."
    same = (again.state, again.evidence, again.not_before) == (said.state, said.evidence, said.not_before)
    return None if same else "The verdict that is read again from the record is another one."


def way_on_fault(one: Answered, kind: Kind) -> str | None:
    """Returns that an unmet verdict names nothing that would satisfy it; None where it does."""
    said = one.opinion
    if said.state != "unmet" or said.fields or said.records or kind.evidence is not None:
        return None
    return (
        f"It says “{said.why[0]}” and names neither a field nor a requirement that would help; give"
        " unmet(…, fields=[…]) or unmet(…, records=[…])."
    )


def sentence_fault(one: Answered) -> str | None:
    """Returns which of the sentences people cannot read, and why; None where they can read them all."""
    told = {str(value) for value in one.question["with"].values()}  # a definition gave these ids; no title is known
    told |= {str(part) for value in one.question["with"].values() if isinstance(value, list) for part in value}
    ids = ids_in(one.question) - told
    for sentence in one.opinion.why:
        if (why := fault_of(sentence, ids)) is not None:
            return f"It says “{sentence[:160]}”. {why}"
    return None


def day_fault(one: Answered) -> str | None:
    """Returns that a verdict waits for a day without telling it; None where it tells it, or waits for none."""
    said = one.opinion
    if said.not_before is None or names_day(said.why, said.not_before):
        return None
    return f"It waits for {said.not_before.isoformat()} and says “{said.why[0]}”; name the day in the words, too."


def alike_words(kind: Kind, answered: Sequence[Answered]) -> Iterator[Found]:
    """Yields where unmet verdicts say the same though different things are missing."""
    named: dict[tuple[str, tuple[str, ...]], Any] = {}
    by_options: dict[str, list[Answered]] = {}
    for one in answered:
        if one.opinion.state != "unmet":
            continue
        options = repr(one.question["with"])  # which requirement is meant may stand there, and then no words say it
        by_options.setdefault(options, []).append(one)
        missing = (one.opinion.fields, one.opinion.records)
        if named.setdefault((options, one.opinion.why), missing) != missing:
            says = f"It says “{one.opinion.why[0]}” where different fields or requirements would help; say which."
            yield Found("explains/tells-apart", "fault", kind.use, says, one.shown())
            return
    if kind.evidence is None:
        return
    for unmet in by_options.values():
        without = [one for one in unmet if not any(r["own"] for r in one.question["records"])]
        with_some = [one for one in unmet if any(r["own"] for r in one.question["records"])]
        words = {one.opinion.why for one in unmet}
        if without and with_some and len(words) == 1:
            says = (
                f"It says “{with_some[0].opinion.why[0]}” both where nothing was handed in and where a record was that"
                " does not do; say what is missing in that record."
            )
            yield Found("explains/tells-apart", "fault", kind.use, says, with_some[0].shown())
            return


def reached(kind: Kind, answered: Sequence[Answered], asks: Asks) -> Iterator[Found]:
    """Yields what the questions did not bring about, and notes on answers that come late.

    Where a kind only ever says met, anybody passes its gate, and that keeps it from being proven. One that is never met
    opens nothing; it may want facts that are not among the questions, so that is a note.
    """
    states = {one.opinion.state for one in answered}
    if states == {"met"}:
        says = (
            f"It said met to all of {len(answered)} questions, also with nothing on record. Say unmet where something"
            " is missing; what only ever says met guards nothing."
        )
        yield Found("proven/can-refuse", "fault", kind.use, says, answered[0].shown())
    for state in sorted({"met", "unmet"} - states if states != {"met"} else ()):
        says = f"None of {len(answered)} questions was answered with {state}; only tests of your own can show that."
        yield Found("answers/every-question", "note", kind.use, says)
    slow = sorted((one for one in answered if one.seconds > SLOW_SECONDS), key=lambda one: one.seconds)
    if len(slow) > len(answered) // 100 and _still_slow(slow[0], asks):
        yield Found("answers/in-time", "note", kind.use, "Some verdicts take more than 0.1 seconds; 0.4 is the most.")


def _still_slow(one: Answered, asks: Asks) -> bool:
    """Returns whether a question is answered slowly every time; now and then it is only the machine that is busy."""
    return all(again.seconds > SLOW_SECONDS for again in answers_to([one.question] * TRIES_OF_SLOW, asks))
