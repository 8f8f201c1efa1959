"""Compiles the statements to SQL text once: `python -m engine.store.generate` writes statements.py and schema.py.

Importing SQLModel costs half a second and building a statement 80 microseconds, so the running product does neither:
it runs this text on the driver. A test compiles again and compares.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Integer,
    Select,
    Update,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.schema import Table

from engine.store.driver import dbapi
from engine.store.generate_beats import of_beats
from engine.store.generate_deadlines import of_deadlines
from engine.store.generate_outbox import of_the_outbox
from engine.store.generate_stays import of_stays
from engine.store.migrate import upgrade
from engine.store.tables import Rows

_WIDTH = 120
_TABLES = Rows.metadata.tables
_ENTRY, _WORD, _HEAD, _KEY = (_TABLES[name] for name in ("entry", "word", "head", "idempotency"))
_PROJECT, _COUNT, _PERSON, _GRANT = (_TABLES[name] for name in ("project", "stage_count", "person", "role_grant"))
_DEFINITION, _EVIDENCE, _FILE, _SETTING = (_TABLES[name] for name in ("definition", "evidence", "file", "setting"))
_NODE, _SEALED, _FILE_KEY = (_TABLES[name] for name in ("node", "sealed_file", "file_key"))
_REFUSAL, _ANCHOR, _LETTER = (_TABLES[name] for name in ("refusal", "anchor", "letter"))

# A statement, or one with the names of the columns that its parameters of the same names set.
Statement = ClauseElement | tuple[ClauseElement, list[str]]


def _read(table: Table, *names: str, key: str | None = None) -> Select[Any]:
    """Some columns of a table, or all; with `key`, of the rows where it is the parameter `which`."""
    statement = select(*(table.c[name] for name in names or table.columns.keys()))
    return statement if key is None else statement.where(table.c[key] == bindparam("which"))


def _write(table: Table, *names: str) -> tuple[Update, list[str]]:
    """An update of columns of one row, by its key in the parameter `which`."""
    (key,) = table.primary_key.columns
    return table.update().where(key == bindparam("which")), list(names)


def _ledger() -> Mapping[str, Statement]:
    moved, columns = _write(_HEAD, "size", "root", "frontier", "at")
    entries = (
        _read(_ENTRY, "seq", "leaf")
        .where(_ENTRY.c.seq >= bindparam("first"), _ENTRY.c.seq <= bindparam("last"))
        .order_by(_ENTRY.c.seq)
    )
    corrected: ColumnElement[str] = literal_column(
        "'corrected'"
    )  # written out, since only so SQLite sees that its index has them all
    return {
        "ADD_HEAD": insert(_HEAD),
        "HEAD": _read(_HEAD, "size", "root", "frontier", "at", "people_version"),
        "MOVE_HEAD": (moved.where(_HEAD.c.size == bindparam("expected")), columns),
        "BUMP_PEOPLE": _HEAD.update().values(people_version=_HEAD.c.people_version + 1),
        "ADD_ENTRY": insert(_ENTRY),
        "ADD_WORD": insert(_WORD),
        "ADD_KEY": insert(_KEY).on_conflict_do_nothing(),
        "KEY": _read(_KEY, "fingerprint", "first_seq", "last_seq", key="key_hash"),
        "COUNT_KEYS": select(func.count()).select_from(_KEY),
        "LEAF": _read(_ENTRY, "leaf", key="seq"),
        "ROOT": _read(_ENTRY, "root", key="seq"),
        "RAW_ENTRIES": _read(_ENTRY, "seq", "leaf", "leaf_hash", "root").order_by(_ENTRY.c.seq),
        "ENTRIES": entries,
        "ENTRIES_OF_PROJECT": entries.where(_ENTRY.c.project == bindparam("project")),
        "ENTRIES_OF_REGISTER": entries.where(_ENTRY.c.project.is_(None)),
        "REGISTER_ENTRIES_CALLED": _read(_ENTRY, "seq", key="name")
        .where(_ENTRY.c.project.is_(None))
        .order_by(_ENTRY.c.seq),
        "CORRECTIONS": _read(_ENTRY, "seq", "leaf").where(_ENTRY.c.name == corrected).order_by(_ENTRY.c.seq),
        "ADD_NODE": insert(_NODE),
        "NODES": _read(_NODE, "place", "hash", key="level")
        .where(_NODE.c.place >= bindparam("first"), _NODE.c.place <= bindparam("last"))
        .order_by(_NODE.c.place),
        "ALL_NODES": _read(_NODE).order_by(_NODE.c.level, _NODE.c.place),
        "LEAF_HASHES": _read(_ENTRY, "seq", "leaf_hash")
        .where(_ENTRY.c.seq >= bindparam("first"), _ENTRY.c.seq <= bindparam("last"))
        .order_by(_ENTRY.c.seq),
        "FORGET_WORD": delete(_WORD).where(_WORD.c.seq == bindparam("seq"), _WORD.c.name == bindparam("name")),
        "WORDS_OF": _read(_WORD, "name", "value", key="seq"),
        "SALTED_WORDS_OF": _read(_WORD, "name", "value", "salt", key="seq").order_by(_WORD.c.name),
        "WORDS": _read(_WORD).order_by(_WORD.c.seq, _WORD.c.name),
        **_searches(),
        **_everything(),
    }


def _everything() -> Mapping[str, Statement]:
    """What verification reads: all there is, each in the order in which it is compared."""
    wanted = func.json_each(bindparam("seqs")).table_valued("value")
    return {
        "ALL_ENTRIES": _read(_ENTRY).order_by(_ENTRY.c.seq),
        "ENTRIES_BY_PROJECT": _read(_ENTRY, "project", "seq", "leaf")
        .where(_ENTRY.c.project.is_not(None))
        .order_by(_ENTRY.c.project, _ENTRY.c.version),
        "WORDS_OF_ALL": _read(_WORD, "seq", "name", "value").where(_WORD.c.seq.in_(select(wanted.c.value))),
        "ALL_KEYS": _read(_KEY, "key_hash", "first_seq", "last_seq"),
        "ALL_EVIDENCE": _read(_EVIDENCE),
    }


def _searches() -> Mapping[str, Statement]:
    """What looking back asks for: where a project stood before an entry, and words that are digests of files."""
    before = _read(_ENTRY, "leaf").where(_ENTRY.c.project == bindparam("project"), _ENTRY.c.seq < bindparam("before"))
    moves = _ENTRY.c.name.in_([literal_column(f"'{name}'") for name in ("project_opened", "advanced", "gate_reopened")])
    return {
        "OPENING_BEFORE": before.where(_ENTRY.c.version == 1),
        "MOVE_BEFORE": before.where(moves).order_by(_ENTRY.c.version.desc()).limit(1),
        "DIGEST_WORDS": _read(_WORD, "seq", "name")
        .where(_WORD.c.value == bindparam("value"), _WORD.c.name.like(literal_column("'digest.%'")))
        .order_by(_WORD.c.seq, _WORD.c.name),
    }


def _projects() -> Mapping[str, Statement]:
    arriving = insert(_COUNT).values(n=1)
    arriving = arriving.on_conflict_do_update(
        index_elements=[_COUNT.c.workflow, _COUNT.c.stage], set_={"n": _COUNT.c.n + 1}
    )
    here = (_COUNT.c.workflow == bindparam("of_workflow")) & (_COUNT.c.stage == bindparam("of_stage"))
    everything = [name for name in _PROJECT.columns.keys() if name != "id"]  # noqa: SIM118  # columns iterate as columns
    # SQLite rewrites the indexes and checks the references of every column that is named, changed or not. So there are
    # three ways to save: where it stands is the same, where it stands is another, what it is pinned to is another.
    moving = ("stage", "stage_final", "due_on")
    columns = {
        "KEEP_PROJECT": [name for name in everything if name not in ("workflow", "definition", *moving)],
        "MOVE_PROJECT": [name for name in everything if name not in ("workflow", "definition")],
        "REPIN_PROJECT": everything,
    }
    this_version = (_PROJECT.c.id == bindparam("which")) & (_PROJECT.c.version == bindparam("expected"))
    saves = {name: (_PROJECT.update().where(this_version), written) for name, written in columns.items()}
    place = ("version", "workflow", "definition", *moving)
    filters = {
        "stage": _PROJECT.c.stage == bindparam("stage"),
        "workflow": _PROJECT.c.workflow == bindparam("workflow"),
        "overdue_on": (_PROJECT.c.due_on < bindparam("overdue_on")) & (_PROJECT.c.stage_final.is_(false())),
    }
    lists = {
        "_BY_".join(["PROJECTS", *(name.upper() for name in names)]): _read(_PROJECT)
        .where(_PROJECT.c.id > bindparam("after"), *(filters[name] for name in names))
        .order_by(_PROJECT.c.id)
        .limit(bindparam("limit", type_=Integer))
        for count in range(len(filters) + 1)
        for names in itertools.combinations(filters, count)
    }
    return {
        "ADD_PROJECT": insert(_PROJECT),
        "PROJECT": _read(_PROJECT, "id", *place, "snapshot", key="id"),
        "PROJECT_PLACE": _read(_PROJECT, *place, key="id"),
        **saves,
        "PROJECT_IDS": _read(_PROJECT, "id").order_by(_PROJECT.c.id),
        **lists,
        "ENTER_STAGE": (arriving, ["workflow", "stage", "n"]),
        "LEAVE_STAGE": _COUNT.update().where(here).values(n=_COUNT.c.n - 1),
        "STAGE_COUNTS": _read(_COUNT).where(_COUNT.c.n > 0).order_by(_COUNT.c.workflow, _COUNT.c.stage),
        "STANDING": select(_PROJECT.c.workflow, _PROJECT.c.stage, func.count())
        .group_by(_PROJECT.c.workflow, _PROJECT.c.stage)
        .order_by(_PROJECT.c.workflow, _PROJECT.c.stage),
        "STAGE": _read(_COUNT, "stage", key="stage").limit(1),
    }


def _people() -> Mapping[str, Statement]:
    shown = ("id", "email", "name", "active")
    with_grants = select(*(_PERSON.c[name] for name in shown), _GRANT.c.role, _GRANT.c.scope).select_from(
        _PERSON.outerjoin(_GRANT, _GRANT.c.person == _PERSON.c.id)
    )
    this_grant = [_GRANT.c[name] == bindparam(name) for name in ("person", "role", "scope")]
    holders = select(func.count()).select_from(_GRANT.join(_PERSON, _GRANT.c.person == _PERSON.c.id))
    return {
        "ADD_PERSON": insert(_PERSON),
        "PERSON_BY_ID": _read(_PERSON, *shown, key="id"),
        "PERSON_BY_EMAIL": _read(_PERSON, *shown, key="email_folded"),
        "PEOPLE": _read(_PERSON, *shown).order_by(_PERSON.c.id),
        "ACTOR": with_grants.where(_PERSON.c.email_folded == bindparam("which")).order_by(
            _GRANT.c.role, _GRANT.c.scope
        ),
        "ADD_GRANT": insert(_GRANT).on_conflict_do_nothing(),
        "REMOVE_GRANT": delete(_GRANT).where(*this_grant),
        "GRANTS_OF": _read(_GRANT, "role", "scope", key="person").order_by(_GRANT.c.role, _GRANT.c.scope),
        "ACTIVE_HOLDERS": holders.where(
            _GRANT.c.role == bindparam("role"), _GRANT.c.scope == bindparam("scope"), _PERSON.c.active
        ),
    }


def _shelves() -> Mapping[str, Statement]:
    definition, setting = insert(_DEFINITION), insert(_SETTING)
    again = {name: definition.excluded[name] for name in ("version", "title", "source", "loaded")}
    value = {"value": setting.excluded["value"]}
    newest = _DEFINITION.c.loaded.desc()
    recorded = (
        _read(_EVIDENCE, "id", "project")
        .select_from(_EVIDENCE.join(_ENTRY, _ENTRY.c.seq == _EVIDENCE.c.seq))
        .order_by(_EVIDENCE.c.seq)
    )
    return {
        "PUT_DEFINITION": definition.on_conflict_do_update(index_elements=[_DEFINITION.c.digest], set_=again),
        "DEFINITION": _read(_DEFINITION, key="digest"),
        "CURRENT_DEFINITION": _read(_DEFINITION, key="workflow").order_by(newest).limit(1),
        "DEFINITIONS": _read(_DEFINITION).order_by(_DEFINITION.c.workflow, _DEFINITION.c.loaded),
        "ADD_EVIDENCE": insert(_EVIDENCE),
        "EVIDENCE": _read(_EVIDENCE, "project", key="id"),
        "EVIDENCE_BY": recorded.where(_ENTRY.c.actor == bindparam("which")),
        "EVIDENCE_WITH": recorded.where(func.instr(_ENTRY.c.leaf, bindparam("which")) > 0),
        "PUT_FILE": insert(_FILE).on_conflict_do_nothing(),
        "FILE": _read(_FILE, "content", key="sha256"),
        "FILES": _read(_FILE, "sha256", "content").order_by(_FILE.c.sha256),
        "PUT_SETTING": setting.on_conflict_do_update(index_elements=[_SETTING.c.name], set_=value),
        "SETTING": _read(_SETTING, "value", key="name"),
        "FORGET_SETTING": delete(_SETTING).where(
            _SETTING.c.name == bindparam("name"), _SETTING.c.value == bindparam("value")
        ),
    }


def _keeping() -> Mapping[str, Statement]:
    """Sealed files, refusals, and what goes to outside places."""
    refusal, anchor = insert(_REFUSAL), insert(_ANCHOR)
    this = (_REFUSAL.c.person == bindparam("person")) & (_REFUSAL.c.day == bindparam("day"))
    names = [name for name in _ANCHOR.columns.keys() if name != "place"]  # noqa: SIM118  # columns iterate as columns
    return {
        "PUT_SEALED": insert(_SEALED),
        "SEALED": _read(_SEALED, "content", key="digest"),
        "SEALED_FILES": _read(_SEALED, "digest", "content").order_by(_SEALED.c.digest),
        "FORGET_SEALED": delete(_SEALED).where(_SEALED.c.digest == bindparam("which")),
        "FORGET_FILE": delete(_FILE).where(_FILE.c.sha256 == bindparam("which")),
        "PUT_FILE_KEY": insert(_FILE_KEY),
        "FILE_KEY": _read(_FILE_KEY, "secret", key="digest"),
        "FILE_KEYS": _read(_FILE_KEY, "digest").order_by(_FILE_KEY.c.digest),
        "FORGET_FILE_KEY": delete(_FILE_KEY).where(_FILE_KEY.c.digest == bindparam("which")),
        "REFUSAL": _read(_REFUSAL).where(this, _REFUSAL.c.what == bindparam("what")),
        "REFUSALS_OF_PROJECT": _read(_REFUSAL, key="project").order_by(_REFUSAL.c.seq),
        "COUNT_REFUSALS": select(func.count()).select_from(_REFUSAL).where(this),
        "PUT_REFUSAL": refusal.on_conflict_do_update(
            index_elements=[_REFUSAL.c.person, _REFUSAL.c.day, _REFUSAL.c.what],
            set_={name: refusal.excluded[name] for name in ("times", "told")},
        ),
        "REFUSALS": _read(_REFUSAL).order_by(_REFUSAL.c.person, _REFUSAL.c.day, _REFUSAL.c.what),
        "PUT_ANCHOR": anchor.on_conflict_do_update(
            index_elements=[_ANCHOR.c.place], set_={name: anchor.excluded[name] for name in names}
        ),
        "ANCHOR": _read(_ANCHOR, key="place"),
        "ANCHORS": _read(_ANCHOR).order_by(_ANCHOR.c.place),
        "PUT_LETTER": insert(_LETTER).on_conflict_do_nothing(),
        "LETTERS": _read(_LETTER)
        .order_by(_LETTER.c.tries, _LETTER.c.seq, _LETTER.c.person)
        .limit(bindparam("limit", type_=Integer)),
        "TRY_LETTER": (
            _LETTER.update()
            .where(_LETTER.c.seq == bindparam("of_seq"), _LETTER.c.person == bindparam("of_person"))
            .values(tries=_LETTER.c.tries + 1, failure=bindparam("why"))
        ),
        "FORGET_LETTER": delete(_LETTER).where(
            _LETTER.c.seq == bindparam("seq"), _LETTER.c.person == bindparam("person")
        ),
        "FORGET_LETTERS_TO": delete(_LETTER).where(_LETTER.c.person == bindparam("person")),
        "BLANK_PERSON": _write(_PERSON, "email_folded", "email", "name", "active"),
    }


def statements() -> dict[str, str]:
    """Returns the SQL text of every statement but the outbox's by name, with named parameters."""
    return _texts({**_ledger(), **_projects(), **_people(), **_shelves(), **_keeping()})


def _texts(named: Mapping[str, Statement]) -> dict[str, str]:
    return {name: _text(*(made if isinstance(made, tuple) else (made, None))) for name, made in named.items()}


def schema() -> dict[str, str]:
    """Returns the SQL text of every table, index and trigger of a register by name, as the migrations make them."""
    connection = dbapi.connect(":memory:", isolation_level=None)
    upgrade(connection)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: " ".join(sql.split()) for name, sql in rows}


def files() -> dict[Path, str]:
    """Returns what the generated files should hold, formatted as `ruff format` would."""
    made = 'Made by `python -m engine.store.generate`, not by hand."""\n\nfrom __future__ import annotations\n\n'
    here = Path(__file__).parent
    head = f"as SQL text. {made}from typing import Final\n\n"
    members = (_assignment(f'"{name}": ', text, "    ", ",") for name, text in schema().items())
    return {
        here / "statements.py": f'"""Every statement but the outbox\'s, {head}' + _constants(statements()),
        here / "statements_beats.py": f'"""The statements on the beats of workers, {head}'
        + _constants(_texts(of_beats())),
        here / "statements_deadlines.py": f'"""The statements on deadlines kept as rows, {head}'
        + _constants(_texts(of_deadlines())),
        here / "statements_outbox.py": f'"""The statements of the outbox, {head}' + _constants(_texts(of_the_outbox())),
        here / "statements_stays.py": f'"""The statements on stays and waiting, {head}'
        + _constants(_texts(of_stays())),
        here / "schema.py": f'"""What the database of a register is made of, as SQL text. {made}'
        "from collections.abc import Mapping\nfrom typing import Final\n\nSCHEMA: Final[Mapping[str, str]] = {\n"
        + "\n".join(members)
        + "\n}\n",
    }


def _constants(texts: Mapping[str, str]) -> str:
    return "\n\n".join(_assignment(f"{name}: Final = ", text, "", "") for name, text in texts.items()) + "\n"


def _text(statement: ClauseElement, columns: list[str] | None) -> str:
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"), column_keys=columns)
    text = " ".join(str(compiled).split())
    for name, value in compiled.params.items():
        if type(value) is int:  # a constant of the statement, which SQLAlchemy would send along each time
            text = re.sub(rf":{name}\b", str(value), text)
    return text


def _assignment(left: str, text: str, indent: str, end: str) -> str:
    if len(indent + left + text + end) + 2 <= _WIDTH:
        return f'{indent}{left}"{text}"{end}'
    inside = "\n".join(f'{indent}    "{line}"' for line in _lines(text, _WIDTH - len(indent) - 6))
    return f"{indent}{left}(\n{inside}\n{indent}){end}"


def _lines(text: str, width: int) -> Iterator[str]:
    """Breaks a text after its spaces into lines of at most `width`."""
    line = ""
    for word in re.findall(r"\S+ ?", text):
        if len(line + word) > width:
            yield line
            line = ""
        line += word
    yield line


if __name__ == "__main__":
    for path, content in files().items():
        path.write_text(content, "utf-8")
