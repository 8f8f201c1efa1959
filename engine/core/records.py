"""Whether one record does what its requirement asks, signatures aside, and in words why not."""

from __future__ import annotations

from datetime import date

from engine.core.bench import Bench
from engine.core.calendar import add, in_words
from engine.core.conditions import Scope, fields_that_mend, holds, reasons
from engine.core.definition import Requirement, Rule, Workflow
from engine.core.evidence import Examined, Record

PASSED, FAULTY, FAILED = "passed", "faulty", "failed"
"""What an examiner can say of a record; it failed itself with the last."""


def faults(bench: Bench, requirement: Requirement, record: Record) -> tuple[list[str], frozenset[str]]:
    """Returns why a record does not do, signatures aside, and the project fields that would mend it.

    The fields are given only where setting them may be all that is missing; no faults, no fields.
    """
    erased = record.erased_by is not None
    stood = bench.stood(record) if erased else None
    if erased and stood is None:
        return [erased_words(record)], frozenset()
    why = [altered_words(record)] if record.id in bench.altered else []
    if record.examined is not None and record.examined.state != PASSED:
        why += examined_words(record.examined)
    if requirement.level is not None:
        why += _level_faults(bench.workflow, requirement.level, record)
    if requirement.fresh is not None:
        why += _age_faults(bench, requirement, record)
    if requirement.supports is not None:
        why += _late_faults(bench, requirement.supports, record)
    if erased:  # level and dates are no words and go on being judged; of the rules it is on record what they said
        return why if stood else [*why, erased_words(record)], frozenset()
    if not requirement.rules:
        return why, frozenset()
    mend: list[str] | None = None if why else []
    scope = bench.scope(record)
    for rule in (bench.workflow.rules[r] for r in requirement.rules):
        if not holds(rule.condition, scope):
            why.append(_rule_words(rule, scope))
            fields = fields_that_mend(rule.condition, scope)
            mend = None if mend is None or fields is None else [*mend, *fields]
    return why, frozenset(mend or ())


def rules_hold(bench: Bench, requirement: Requirement, record: Record) -> bool:
    """True where a record does all that the rules of a requirement ask."""
    scope = bench.scope(record)
    return all(holds(bench.workflow.rules[name].condition, scope) for name in requirement.rules)


def was_examined(record: Record) -> bool:
    """False where the examiner of its kind broke down over it, so that nobody knows what it would have found."""
    return record.examined is None or record.examined.state != FAILED


def examined_words(examined: Examined) -> list[str]:
    """Returns what the examiner of a record found that keeps it from counting, a sentence each."""
    by = f"the plugin {examined.source.plugin}"
    if examined.state == FAILED:
        said = " ".join(str(words) for _, _, words in examined.found if words)
        return [f"It could not be examined by {by}. {said} Hand it in again.".replace("  ", " ")]
    faults = [words or code for code, severity, words in examined.found if severity == "fault"]
    return [f"Examined by {by}: {words}" for words in faults]


def erased_words(record: Record) -> str:
    """Returns that a record counts for nothing more since its words were erased: when, and where that is on record."""
    return (
        f"Its words were erased on {in_words(str(record.erased_on))}, so it no longer counts; entry {record.erased_by}"
        " says under which authority. Hand in a new one."
    )


def altered_words(record: Record) -> str:
    """Returns that what is stored of a record is not what was handed in; its files by name, where they have one."""
    named = [f"“{file.name}”" for file in record.files if file.name is not None]
    if len(named) == 1 == len(record.files):
        which = f"The file {named[0]}"
    else:
        which = f"One of the files {', '.join(named)}" if named else "A file of it"
    return f"{which} is no longer what was handed in: its stored bytes were altered, or are gone."


def _rule_words(rule: Rule, scope: Scope) -> str:
    details = " ".join(reasons(rule.condition, scope))
    return f"{rule.title}: {rule.otherwise} ({details.rstrip('.')}.)"


def _level_faults(workflow: Workflow, wanted: str, record: Record) -> list[str]:
    standing = record.standing_level
    if standing is not None and workflow.level_rank(standing) >= workflow.level_rank(wanted):
        return []
    asked = f"at least {show_level(wanted)} is needed."
    if standing is None:
        return [f"It does not say at which level people took part; {asked}"]
    if record.judged is not None:
        claimed = show_level(record.level)
        return [f"It claimed {claimed}, and an auditor judged it {show_level(record.judged)}; {asked}"]
    return [f"People took part at the level of {show_level(standing)}; {asked}"]


def show_level(level: str | None) -> str:
    """Returns a level of participation in words."""
    return "no level" if level is None else level.replace("_", "-")


def _age_faults(bench: Bench, requirement: Requirement, record: Record) -> list[str]:
    if requirement.fresh == "this stage":
        if record.order > bench.entered_order:
            return []
        return ["It was handed in before this stage began; it must be handed in anew in this stage."]
    until = fresh_until(requirement, record)
    if until is None or bench.today <= until:
        return []
    return [
        f"It is of {in_words(record.happened_on)} and counted for {requirement.fresh}, until {in_words(until)};"
        " a newer one is needed."
    ]


def _late_faults(bench: Bench, supports: str, record: Record) -> list[str]:
    """Returns that a record is younger than the decision it supports; on the day of the decision it still counts."""
    source = bench.workflow.requirements[supports]
    decision = next(iter(bench.records(source)), None)
    if decision is None or record.happened_on <= decision.happened_on:  # ISO dates order as text
        return []
    return [
        f"It is of {in_words(record.happened_on)}, after the decision it supports (“{source.title}”,"
        f" {in_words(decision.happened_on)}); what is gathered after a decision does not count."
    ]


def fresh_until(requirement: Requirement, record: Record) -> date | None:
    """Returns the last day a record is fresh; None where no span is asked."""
    if requirement.fresh is None or requirement.fresh == "this stage":
        return None
    return add(date.fromisoformat(record.happened_on), requirement.fresh)


def looked_at(bench: Bench, record: Record) -> str:
    """Returns a record in a few words: its kind, its day, its level."""
    level = f", level {show_level(record.standing_level)}" if record.standing_level else ""
    return f"{bench.workflow.evidence[record.kind].title} of {in_words(record.happened_on)}{level}."


def listing(titles: list[str]) -> str:
    """Returns roles as people list them: the one, the other and the third."""
    named = [f"the {title}" for title in titles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def role_title(workflow: Workflow, role: str) -> str:
    """Returns what people call a role, with a small first letter inside a sentence unless it is an abbreviation."""
    title = workflow.roles.get(role, role.replace("_", " "))
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
