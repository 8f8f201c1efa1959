"""Letters with the words of hostile people: nothing they type becomes a header, a tag, a link or another line."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from engine.telling.composing import Composed, notice_id
from engine.telling.letter import JOINERS, LONGEST_SUBJECT, WIDTH, Letter, one_line
from engine.telling.mailing import message_of, without

SENDER = "register@example.nhs.uk"
HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "A\r\nBcc: everybody@example.org",
        "</title><script>alert(1)</script>",
        '"><img src="https://evil.example/x.gif">',
        "\u202egnp.exe",
        "=?utf-8?q?Bcc=3A_x?=",
        "%0d%0aBcc: x@example.org",
        "\x00\x1b[31m",
    ]
)


class Read(HTMLParser):
    """Reads a page of HTML: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps a tag."""
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        assert {name for name, _ in attrs} <= {"href", "style", "lang", "charset"}

    def handle_data(self, data: str) -> None:
        """Keeps text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text, its blanks made one."""
        return " ".join(" ".join(self.words).split())


def a_letter(words: list[str], base: str = "") -> Letter:
    """Returns a letter in which every kind of block has the words."""
    letter = Letter(base)
    letter.about(words[0])
    letter.heading(words[1])
    letter.say(words[2])
    letter.item(words[3], words[4], command=f"cocycle gate {words[5]}", path="/projects/CC-1")
    letter.step(words[6], f"cocycle gate {words[5]}", "/projects/CC-1")
    return letter


def printable(line: str) -> bool:
    """True for a line of which every character can be printed; what joins letters takes no room of its own."""
    return "".join(c for c in line if c not in JOINERS).isprintable()


def sent(letter: Letter, address: str = "sam@example.org", origin: str = "cocycle.example/town") -> EmailMessage:
    """Returns a letter as it comes out at the other end."""
    found = Composed(notice_id(origin, "x"), "refused", "p-1", address, "CC-1", None, "", origin, letter)
    message = message_from_bytes(message_of(found, SENDER).as_bytes(policy=policy.SMTP), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


WORDS = st.lists(HOSTILE, min_size=7, max_size=7)


@given(words=WORDS, base=st.sampled_from(["", "https://cocycle.example"]))
def test_no_word_becomes_a_header_a_tag_or_a_link(words: list[str], base: str) -> None:
    """Whatever people typed, a letter has its own headers and tags only, and leads nowhere but to our pages.

    Seen to fail when the text of an item is not escaped, and when a subject keeps its line ends.
    """
    message = sent(a_letter(words, base))
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress"),
        *("MIME-Version", "Content-Type"),
    }
    assert message["To"] == "sam@example.org"
    html = message.get_body(("html",))
    assert html is not None
    page = Read(str(html.get_content()))
    assert set(page.tags) <= {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "h2",
        "p",
        "ul",
        "li",
        "strong",
        "br",
        "a",
        "code",
    }
    assert set(page.links) <= {f"{base}/projects/CC-1"}


@given(words=WORDS)
def test_both_texts_say_the_same(words: list[str]) -> None:
    """Every word of the plain text is in the HTML and the other way round."""
    letter = a_letter(words)
    page = Read(letter.html()).text.removeprefix(one_line(letter.subject)).split()
    plain = [w for w in letter.plain().split() if w != "*" and w.strip("-")]
    assert [w for w in page if w != "*" and w.strip("-")] == plain


@given(words=WORDS)
def test_every_line_can_be_printed_and_is_not_long(words: list[str]) -> None:
    """No line holds a control character or turns text round, and only one that is to be copied is long."""
    for line in a_letter(words).plain().splitlines():
        assert printable(line)
        assert len(line) <= WIDTH or " " not in line.strip("* ") or line.startswith("    ")


def test_words_of_every_script_stay_whole() -> None:
    """A Persian word keeps what holds its letters apart, a picture of several its parts; nothing turns a line round.

    Seen to fail when everything that is not printable by itself becomes a blank.
    """
    assert (
        one_line("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
        == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )
    assert one_line("\U0001f469\u200d\u2695\ufe0f team") == "\U0001f469\u200d\u2695\ufe0f team"
    assert one_line("a\u202eb\u2066c\u200fd\u200be\ufefff") == "a b c d e f"


@given(text=st.text(max_size=400))
def test_a_subject_is_one_short_line(text: str) -> None:
    """A subject is one line that can be printed, of at most 150 characters."""
    letter = Letter()
    letter.about(text)
    assert printable(letter.subject)
    assert len(letter.subject) <= LONGEST_SUBJECT


@given(origin=st.text(max_size=40))
def test_a_list_id_is_one_whatever_the_register_is_called(origin: str) -> None:
    """The List-Id has the form of one, whatever stands in the register's name."""
    letter = Letter()
    letter.about("x")
    found = str(sent(letter, origin=origin)["List-Id"])
    assert found.startswith("<notices.")
    assert found.endswith(">")
    assert found[1:-1].replace("-", "").replace(".", "").isalnum()
    assert ".." not in found


@given(
    name=st.from_regex(r"[a-z]{3,12}", fullmatch=True),
    domain=st.from_regex(r"[a-z]{2,10}\.example", fullmatch=True),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
)
def test_a_servers_words_are_kept_without_the_address(name: str, domain: str, before: str, after: str) -> None:
    """Neither the address nor the name before its @ is left in what a server said, in whatever case it wrote them.

    Seen to fail when only the whole address is looked for.
    """
    said = without(f"{name}@{domain}", f"{before} <{name}@{domain}> {name.upper()} {after}")
    left = said.replace("(address)", "").replace("(name)", "").casefold()
    assert f"{name}@" not in left
    assert name not in left


def test_an_id_is_the_same_for_the_same_notice() -> None:
    """The id follows from the register and the occurrence alone, and gives neither away."""
    assert notice_id("a", "b") == notice_id("a", "b")
    assert len({notice_id("a", "b"), notice_id("a", "c"), notice_id("b", "b"), notice_id("a\nb", "")}) == 4
