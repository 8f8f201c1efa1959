"""Every rule a definition can break here, by its stable id, with what it asks for in one line.

`docs/definition-rules.md` has an entry for each, with a wrong and a right example; the tests hold the two together.
"""

from __future__ import annotations

from typing import Final

RULES: Final = {
    # how the file is written
    "yaml/encoding": "The file is UTF-8 text.",
    "yaml/character": "The file holds no control characters.",
    "yaml/too-large": "The file is not larger than a definition can need.",
    "yaml/too-deep": "Nothing is nested deeper than a definition can need.",
    "yaml/too-many": "The file does not hold more keys and values than a definition can need.",
    "yaml/syntax": "The file is well-formed YAML.",
    "yaml/empty": "The file says something.",
    "yaml/several-documents": "A file holds one definition.",
    "yaml/directive": "The file has no lines that begin with %.",
    "yaml/anchor": "Nothing is marked with & for use elsewhere.",
    "yaml/alias": "Nothing is repeated by reference with *.",
    "yaml/tag": "No value carries a tag that begins with !.",
    "yaml/merge-key": "Nothing is merged in with <<.",
    "yaml/duplicate-key": "A key stands once in its mapping.",
    "yaml/key": "Keys are plain words.",
    # which keys there are, and what kind of value each has
    "language/not-yet": "Words of the language that this version does not run are refused.",
    "language/version": "The definition names a version of the language that is known.",
    "language/more-mistakes": "A file with very many mistakes tells the first of them.",
    "shape/unknown-key": "Every key is one the language knows at that place.",
    "shape/missing-key": "Keys that are needed are there.",
    "shape/type": "Each key has the kind of value it needs.",
    "shape/word": "A key with a closed set of words has one of them.",
    "shape/id": "Ids are short and made of plain letters.",
    "shape/text": "Texts are not empty, not too long, and free of control characters.",
    "shape/form": "A requirement, a condition, a wait and a field each say exactly one thing.",
    "shape/list": "A list that must say something is not empty, and says nothing twice.",
    "shape/span": "Lengths of time are written like 26 weeks.",
    "shape/share": "A share is written like 50%.",
    # names that point at something
    "name/stage": "A transition leads to a stage of the definition.",
    "name/gate": "A transition names a gate of the definition.",
    "name/role": "Roles are declared under roles.",
    "name/rule": "Rules are declared under rules.",
    "name/level": "Levels are in the ladder.",
    "name/principle": "Principles are declared under principles.",
    "name/evidence": "Kinds of evidence are declared under evidence.",
    "name/field": "Fields are declared by the project or by the kind of evidence.",
    "name/requirement": "A wait looks at a requirement for evidence.",
    "name/profile": "Profiles are declared under profiles.",
    "name/calendar": "The calendar is one the engine has.",
    "name/time-zone": "The time zone is one of the IANA database.",
    "name/twice": "An id is used once.",
    "name/reserved": "Ids do not take a word that means something else.",
    # values and their types
    "type/value": "A value fits the type of the field it is compared with.",
    "type/operator": "An operator is used with a type it can compare.",
    "type/unlike": "Only values of the same type are compared.",
    "type/default": "A default fits its field.",
    "type/wait-field": "A wait counts from a date.",
    # what the parts mean together
    "meaning/count": "A count is at least 1.",
    "meaning/count-and-signatures": "Records that are counted are not signed one by one.",
    "meaning/only-with-evidence": "What is asked of a record stands beside evidence.",
    "meaning/group-count": "A group does not ask for more than it holds.",
    "meaning/share": "A share is at most 100%.",
    "meaning/wait-length": "A wait is at least one day long.",
    "meaning/one-otherwise": "At most one profile holds otherwise.",
    "meaning/rule-differs": "A rule means the same for every kind of evidence it is used with.",
    "meaning/final-stage": "Nothing leads out of a final stage.",
    "meaning/dead-end": "Every stage that is not final has a way out.",
    "meaning/no-final-stage": "A workflow can end.",
    "meaning/new-cycle": "A new cycle begins at the first stage.",
    "meaning/empty-gate": "A gate asks for something.",
    "meaning/large-gate": "A gate holds at most 250 requirements.",
    "meaning/law-basis": "A requirement of law says which law (a warning).",
    "meaning/unreachable-stage": "Every stage can be reached (a warning).",
    # things declared and never used, all warnings
    "unused/role": "Every role does something.",
    "unused/rule": "Every rule is used by a requirement.",
    "unused/evidence": "Every kind of evidence is asked for.",
    "unused/gate": "Every gate stands on a transition.",
    "unused/principle": "Every principle is carried by a requirement.",
}
