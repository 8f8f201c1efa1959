"""Holds exported packages against the standard: our own forms always, and its own schema where a copy is named.

`COCYCLE_OCDS_SCHEMA` names a folder with the schema files of OCDS 1.1 as the standard's repository has them in
`schema/`: release-schema.json, release-package-schema.json, record-package-schema.json and
versioned-release-validation-schema.json.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # it has no types
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from plugins.ocds.shapes import PACKAGE, RELEASE, ListOf, Parts
from plugins.ocds.structure import misshapen

SCHEMA = os.environ.get("COCYCLE_OCDS_SCHEMA")
FILES = (
    "release-schema.json",
    "release-package-schema.json",
    "record-package-schema.json",
    "versioned-release-validation-schema.json",
)

_RECORD = Parts(
    {"ocid": "full_text", "releases": ListOf(RELEASE, 1, apart=True), "compiledRelease": RELEASE}, ("ocid", "releases")
)
RECORDS = Parts(
    {**PACKAGE.members, "packages": ListOf("address", 1, apart=True), "records": ListOf(_RECORD, 1, apart=True)},
    ("uri", "publisher", "publishedDate", "records", "version"),
)

Json = dict[str, Any]


def faults_of_releases(package: Json) -> list[str]:
    """Returns what is wrong with a release package."""
    return [*misshapen(package, PACKAGE), *_by_schema("release-package-schema.json", package)]


def faults_of_records(package: Json) -> list[str]:
    """Returns what is wrong with a record package."""
    return [*misshapen(package, RECORDS), *_by_schema("record-package-schema.json", package)]


def _by_schema(name: str, package: Json) -> list[str]:
    if not SCHEMA:
        return []
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in schema(name).iter_errors(package)]


def schema(name: str) -> Draft4Validator:
    """Returns a validator of the standard's own schema; only where a copy is named."""
    folder = Path(cast(str, SCHEMA))
    texts = {file: json.loads((folder / file).read_text()) for file in FILES}
    registry: Registry[Any] = Registry().with_resources(
        (text["id"], Resource.from_contents(text, default_specification=DRAFT4)) for text in texts.values()
    )
    return _checking(texts[name], registry=registry, format_checker=FormatChecker())


_checking: Callable[..., Draft4Validator] = Draft4Validator
