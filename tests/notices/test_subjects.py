"""Subjects on the wire: whatever letters a title has, a subject reads at the other end as it was written."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import Policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.telling.letter import Letter
from engine.telling.subject import Subject

from .test_letters import sent

TITLES = [
    "Due tomorrow: The end of the stage Review, Harbour Lights crisis cafés (CC-001)",
    "Due today: Gwasanaeth cymorth argyfwng iechyd meddwl Tŷ'r Môr, y gymuned Ŵyl Llŷn (CC-002)",
    "Overdue by 5 working days: Zażółć gęślą jaźń, Dom Środowiskowy w Łodzi, Żeromskiego (CC-003)",
    "Due today: مركز الصحة النفسية والدعم المجتمعي في المدينة الكبيرة (CC-004)",
    "Due today: A title that looks encoded =?utf-8?q?Bcc=3A_x?= (CC-005)",
    "Due today: The end of the stage Plan, a title of nothing but ASCII that is broken at a blank (CC-006)",
]


def on_the_wire(text: str, how: Policy[Any]) -> bytes:
    """Returns the header as it goes over the wire."""
    message = EmailMessage()
    message["Subject"] = Subject(text)
    message.set_content("x")
    return message.as_bytes(policy=how).replace(b"\r\n", b"\n").partition(b"\nContent-Type")[0]


@given(text=st.text(max_size=200) | st.sampled_from(TITLES) | st.text(alphabet="ab é=?_łŵ", min_size=60, max_size=150))
def test_a_subject_reads_as_it_was_written(text: str) -> None:
    """Two readers that know nothing of each other find the very words, no blank more or less, in lines of 78 at most.

    Seen to fail when every subject is taken for ASCII.
    """
    letter = Letter()
    letter.about(text)
    for how in (policy.SMTP, policy.SMTPUTF8, policy.default):
        raw = on_the_wire(letter.subject, how)
        assert str(message_from_bytes(raw + b"\n\n", policy=policy.default)["Subject"]).lstrip() == letter.subject
        unfolded = raw.decode().partition(":")[2].replace("\n", "").strip()
        assert str(make_header(decode_header(unfolded))) == letter.subject
        assert all(len(line) <= 78 or " " not in line.strip() for line in raw.decode().split("\n"))


@pytest.mark.parametrize("text", TITLES)
def test_titles_of_this_country(text: str) -> None:
    """Welsh, Polish and Arabic titles, one with an accent, one that looks encoded, and a plain one."""
    raw = on_the_wire(text, policy.SMTP)
    assert message_from_bytes(raw + b"\n\n", policy=policy.default)["Subject"] == text


@pytest.mark.parametrize("text", TITLES)
def test_a_letter_has_such_a_subject(text: str) -> None:
    """What is handed to the mail server has the very subject, read at the other end.

    Seen to fail when a message is given the subject as plain text.
    """
    letter = Letter()
    letter.about(text)
    assert sent(letter)["Subject"] == text
