"""Plugins that keep every rule but one: how each is made, and what is told of it."""

from __future__ import annotations

from .breaking import NOT_YET, Break, by_hook, by_judge, by_text, exporting, observing, without
from .plugins import EXAMINER, HOOKS, JUDGE, NAME, STAGE

BREAKS: dict[str, tuple[str, Break, str]] = {
    "the entry point names nothing": (
        "loads/found",
        by_text("pyproject.toml", f'{NAME} = "{NAME}"', f'{NAME} = "not_there"'),
        "There is no module not_there",
    ),
    "the name is taken": (
        "loads/found",
        by_text("pyproject.toml", f'{NAME} = "{NAME}"', f'ocds = "{NAME}"'),
        "The name ocds is taken",
    ),
    "two plugins in one package": (
        "loads/found",
        by_text("pyproject.toml", f'{NAME} = "{NAME}"', f'{NAME} = "{NAME}"\nother = "{NAME}"'),
        "names 2 plugins",
    ),
    "no version": ("loads/version", by_text("pyproject.toml", 'version = "0.1.0"\n', ""), "No version is declared"),
    "it raises when it is imported": (
        "loads/describes",
        by_text(HOOKS, "@hookimpl\ndef cocycle_stages", "1 / 0\n\n\n@hookimpl\ndef cocycle_stages"),
        "division",
    ),
    "a hook without a return": (
        "loads/describes",
        by_text(HOOKS, "    return [Stage(", "    _ = [Stage("),
        "returns nothing from cocycle_stages",
    ),
    "no hook": ("loads/brings", by_text(HOOKS, "@hookimpl\n", ""), "implements no hook"),
    "an option of no type": (
        "loads/options",
        by_text(HOOKS, '{"type": "integer", "title": "How many people at least", "default": 3}', '{"type": "whole"}'),
        "acme_visits/heard",
    ),
    "a field of no type": (
        "loads/fields",
        by_text(HOOKS, '"summary": {"type": "text"', '"summary": {"type": "prose"'),
        "acme_visits/visit",
    ),
    "a stage with an unknown key": ("loads/stages", by_text(STAGE, "target: 4 weeks", "targett: 4 weeks"), "targett"),
    "a stage that is no YAML": ("loads/stages", by_text(STAGE, "stage:", "stage: ["), ""),
    "a stage without an id": ("loads/stages", by_text(STAGE, "  id: listening\n", ""), "has no stage with an id"),
    "it raises where nothing is on record": (
        "answers/every-question",
        by_text(JUDGE, "    if not facts.own:\n", "    if False:\n"),
        "IndexError",
    ),
    "it raises where a field is missing": (
        "answers/every-question",
        by_text(JUDGE, 'newest.facts.get("heard") or {}', 'newest.facts["heard"]'),
        "KeyError: 'heard' (judging.py, line 19)",
    ),
    "it never ends where there are many records": (
        "answers/in-time",
        by_text(JUDGE, "    newest =", "    while len(facts.records) > 50:\n        pass\n    newest ="),
        "0.4 seconds",
    ),
    "it reads a clock": (
        "answers/alone",
        by_judge(
            f'if date.today().year > 2000:\n    {NOT_YET}\nreturn met("All is well there.")',
            "from datetime import date",
        ),
        "clock",
    ),
    "it reads a clock and keeps quiet about it": (
        "answers/alone",
        by_judge(f"try:\n    time.time()\nexcept Exception:\n    pass\n{NOT_YET}", "import time"),
        "clock",
    ),
    "it opens a connection": (
        "answers/alone",
        by_judge(f'socket.create_connection(("127.0.0.1", 1))\n{NOT_YET}', "import socket"),
        "network",
    ),
    "it reads a file": ("answers/alone", by_judge(f'open("/etc/hostname").read()\n{NOT_YET}'), "file"),
    "it starts a program": (
        "answers/alone",
        by_judge(f'subprocess.run(["true"])\n{NOT_YET}', "import subprocess"),
        "program",
    ),
    "it names a record it was not shown": (
        "answers/form",
        by_judge('return met("All of it was heard there.", evidence=["another"])'),
        "not shown",
    ),
    "it waits for a day that has come": (
        "answers/form",
        by_judge('return pending("It can be met on 1 May 2020.", not_before="2020-05-01")'),
        "has come",
    ),
    "it answers with a word": (
        "answers/on-record",
        by_judge('return "met"  # type: ignore[return-value]'),
        "no Verdict",
    ),
    "the examiner raises on a file that is no text": (
        "answers/every-record",
        by_text(EXAMINER, "file.content.strip()", "file.content.decode().strip()"),
        "UnicodeDecodeError",
    ),
    "the examiner runs too deep": (
        "answers/every-record",
        by_text(
            EXAMINER,
            "        if not file",
            "        __import__('json').loads(file.content or b'1')\n        if not file",
        ),
        "With",
    ),
    "it explains itself with a number": (
        "answers/on-record",
        by_judge('return Verdict("met", (7,))  # type: ignore[arg-type]'),
        "row of texts",
    ),
    "the examiner returns nothing": (
        "answers/findings",
        by_text(EXAMINER, "    return found", "    return None  # type: ignore[return-value]"),
        "must return a list of findings",
    ),
    "the examiner finds something with a code in capitals": (
        "answers/findings",
        by_text(EXAMINER, '"empty-file"', '"EMPTY"'),
        "code",
    ),
    "the examiner says words that are none": (
        "explains/sentences",
        by_text(EXAMINER, "A file with nothing in it was handed in. Hand in the notes of the visit.", "empty file"),
        "capital letter",
    ),
    "it names no way on": (
        "explains/way-on",
        by_text(HOOKS, '            evidence="visit",\n', ""),
        "names neither a field nor a requirement",
    ),
    "it has a code in place of words": (
        "explains/sentences",
        by_judge('return unmet("not enough")'),
        "capital letter",
    ),
    "it names an id": (
        "explains/sentences",
        by_judge('return unmet("Set the field lifetime_value first.", fields=["lifetime_value"])'),
        "lifetime_value",
    ),
    "it quotes an error": (
        "explains/sentences",
        by_judge('return unmet("It failed with KeyError on it.")'),
        "error in the code",
    ),
    "it always says the same": (
        "explains/tells-apart",
        by_judge('return unmet("This is not good enough yet.")'),
        "both where nothing was handed in",
    ),
    "it says the same of different fields": (
        "explains/tells-apart",
        by_judge('return unmet("A field of the project is missing.", fields=["a" if facts.own else "b"])'),
        "different fields",
    ),
    "it waits without saying for what": (
        "explains/names-the-day",
        by_judge(
            'if facts.today > "9000":\n    return met("It has waited long enough.")\n'
            'return pending("It has to wait a while.", not_before="9001-01-01")'
        ),
        "9001-01-01",
    ),
    "its titles are ids": ("explains/titles", by_text(HOOKS, 'title="Listening"', 'title="listening"'), "listening"),
    "it counts how often it is asked": (
        "proven/pure",
        by_judge(
            'ASKED.append(1)\nn = len(ASKED)\nwhere = "here" if facts.own else "there"\n'
            'return unmet(f"It was asked {n} times {where}. Hand in a visit.")',
            "ASKED: list[int] = []",
        ),
        "two verdicts",
    ),
    "it depends on the order of a set": (
        "proven/pure",
        by_judge(
            'kinds = ", ".join({record.kind for record in facts.records})\n'
            'own = "a visit" if facts.own else "nothing"\n'
            'return unmet(f"There are “{kinds}” and {own} of its own. Hand in a visit.")'
        ),
        "two verdicts",
    ),
    "it only ever says met": (
        "proven/can-refuse",
        by_judge('return met("All of it was heard there.")'),
        "also with nothing on record",
    ),
    "the code of a finding quotes what was handed in": (
        "answers/findings",
        by_text(EXAMINER, 'Finding("empty-file"', 'Finding("no-" + file.name.split(".")[0]'),
        "quotes it",
    ),
    "an exporter takes for granted that there is evidence": (
        "answers/files",
        exporting('[ExportedFile("a.txt", "text/plain", what["projects"][0]["evidence"][0]["kind"].encode())]'),
        "IndexError",
    ),
    "an exporter writes down when it was made": (
        "answers/files",
        exporting('[ExportedFile("a.txt", "text/plain", __import__("time").ctime().encode())]'),
        "a.txt was another file the second time",
    ),
    "an exporter depends on the order of a set": (
        "answers/files",
        exporting('[ExportedFile("a.txt", "text/plain", str({"a", "b", "c", "d", "e"}).encode())]'),
        "give everything an order",
    ),
    "an exporter calls a file what no system keeps": (
        "answers/files",
        exporting('[ExportedFile("con.txt", "text/plain", b"")]'),
        "Windows keeps that name for itself",
    ),
    "an exporter gives no type": (
        "answers/files",
        exporting('[ExportedFile("a.txt", "text", b"")]'),
        "give one like text/csv",
    ),
    "an exporter says what is missing in no words": (
        "explains/sentences",
        exporting("(_ for _ in ()).throw(CannotExport('no prefix'))"),
        "capital letter",
    ),
    "an observer takes its settings for granted": (
        "answers/told",
        observing("f'{settings[\"url\"]}'"),
        "KeyError: 'url'",
    ),
    "an observer does not know events of later versions": (
        "answers/told",
        observing("{'project_opened': 'opened'}.get(entry.name) or str(entry.body['act'])"),
        "KeyError: 'act'",
    ),
    "an observer returns nothing": ("answers/told", observing("None"), "no line of text"),
    "a channel takes it for granted that there is a link": (
        "answers/told",
        by_hook("channels", "Channel", 'Channel("sms", "Messages", lambda notice, settings: notice.link + "")'),
        "TypeError",
    ),
    "an observer fails without words": (
        "explains/sentences",
        observing("(_ for _ in ()).throw(DeliveryFailed('no url'))"),
        "capital letter",
    ),
    "no tests": ("proven/tested", without("tests/*.py"), "There are no tests"),
    "no README": ("proven/documented", without("README.md"), "There is no README"),
    "the README does not name the stage": (
        "proven/documented",
        by_text("README.md", f"{NAME}/listening", "the stage"),
        f"{NAME}/listening",
    ),
    "no py.typed": ("proven/typed", without(f"src/{NAME}/py.typed"), "py.typed"),
}
"""What is wrong with each plugin: the rule it breaks, how it is made, and what is told."""
