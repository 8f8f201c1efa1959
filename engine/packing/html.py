"""The frame of every page in a pack, and its parts: plain HTML that needs no script, no network and no explanation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from engine.core.calendar import in_words

STATES: Final = {
    "met": ("Met", "good"),
    "unmet": ("Missing", "bad"),
    "pending": ("Waiting", "wait"),
    "waived": ("Waived", "wait"),
    "not_applicable": ("Does not apply", "none"),
    "error": ("Broken", "bad"),
}
"""The word and the colour for each state of a requirement; never the colour alone."""

# What a person typed may hold characters that turn the direction of what follows, or that nobody sees.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_STYLE: Final = """
*{box-sizing:border-box}
html{font-size:100%}
body{margin:0;background:#f2f5f7;color:#1c2a36;font:1.0625rem/1.6 Arial,Helvetica,sans-serif;overflow-wrap:break-word}
a{color:#00508a}a:visited{color:#3d2f75}
a:focus,[tabindex]:focus{outline:3px solid #1c2a36;outline-offset:2px;background:#ffe14d;color:#1c2a36}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem}
header{background:#0b3a5c;color:#fff;padding:.8rem 1rem;font-weight:bold}
header a,header a:visited{color:#fff}
main,footer{max-width:58rem;margin:0 auto;padding:1rem}
footer{color:#3f5060;font-size:.95rem}
h1{font-size:1.9rem;line-height:1.2;margin:.6rem 0 1rem}
h2{font-size:1.4rem;line-height:1.25;margin:2.2rem 0 .6rem}
h3{font-size:1.15rem;line-height:1.3;margin:1.4rem 0 .4rem}
h4{font-size:1.0625rem;margin:1.1rem 0 .3rem}
p,ul,ol,dl{margin:.5rem 0 .9rem;max-width:46rem}
.card{background:#fff;border:1px solid #b9c6d0;border-left:.5rem solid #0b3a5c;padding:.6rem 1rem;margin:0 0 1rem}
.card h3:first-child,.card h4:first-child{margin-top:.3rem}
.lead{font-size:1.2rem}
.state{display:inline-block;padding:.05rem .6rem;border:2px solid;border-radius:1rem;font-weight:bold;background:#fff}
.good{color:#005a30}.bad{color:#a1160c}.wait{color:#6b4300}.none{color:#3f5060}
dl.facts{display:grid;grid-template-columns:minmax(7rem,14rem) 1fr;gap:.25rem 1rem}
dl.facts dt{font-weight:bold}dl.facts dd{margin:0;min-width:0}
.wide{overflow-x:auto;margin:.5rem 0 1rem}
table{border-collapse:collapse;width:100%;background:#fff}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border:1px solid #b9c6d0}
thead th{background:#e3eaf0}
code,pre{font-family:Consolas,Menlo,monospace;font-size:.92em;overflow-wrap:anywhere}
pre{background:#fff;border:1px solid #b9c6d0;padding:.7rem;white-space:pre-wrap}
@media (max-width:40rem){h1{font-size:1.55rem}dl.facts{display:block}dl.facts dd{margin:0 0 .5rem}
thead{position:absolute;left:-99rem}
table,tbody,tr,th,td,caption{display:block}table{background:none}
tr{background:#fff;border:1px solid #b9c6d0;margin:0 0 .7rem}
th,td{border:0;padding:.25rem .6rem}td[data-of]::before{content:attr(data-of) ": ";font-weight:bold}}
@media print{body{background:#fff;font-size:11pt}header{color:#000;background:#fff;border-bottom:2pt solid #000}
.skip{display:none}.card{break-inside:avoid}main,footer{max-width:none;padding:0}a{color:#000}}
"""


def text(value: object) -> str:
    """Returns what anybody typed as HTML that shows it, and does nothing else."""
    return escape(_UNSEEN.sub("\ufffd", str(value)), quote=True)


def typed(value: object, gone: str = "erased") -> str:
    """Returns words that a person typed, set apart from ours; for None a note that they are gone."""
    if value is None:
        return f"<em>{text(gone)}</em>"
    return f"<bdi>{text(value)}</bdi>"


def code(value: object) -> str:
    """Returns an id, a digest or a command."""
    return f"<code>{text(value)}</code>"


def link(address: str, words: str) -> str:
    """Returns a link to a file of the pack; `words` is HTML."""
    return f'<a href="{text(address)}">{words}</a>'


def paragraph(words: str, kind: str = "") -> str:
    """Returns a paragraph; `words` is HTML."""
    return f'<p class="{kind}">{words}</p>' if kind else f"<p>{words}</p>"


def bullets(items: Iterable[str]) -> str:
    """Returns a list; each item is HTML. Nothing where there are none."""
    found = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{found}</ul>" if found else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Returns what is called what, as a list of pairs; the second of each is HTML."""
    found = "".join(f"<dt>{text(name)}</dt><dd>{value}</dd>" for name, value in pairs)
    return f'<dl class="facts">{found}</dl>' if found else ""


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table whose first column names its rows; cells are HTML. On a narrow screen each row is a card."""
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f'<td data-of="{text(of)}">{cell}</td>' for of, cell in zip(heads[1:], row[1:], strict=True))
        + "</tr>"
        for row in rows
    )
    # the group is reached by the keyboard, so that a table wider than the screen can be moved without a mouse
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{text(caption)}"><table><caption>{text(caption)}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def state(name: str) -> str:
    """Returns the mark of a requirement's state."""
    word, kind = STATES.get(name, (name, "none"))
    return f'<span class="state {kind}">{text(word)}</span>'


def day(iso: str) -> str:
    """Returns a day as people write it."""
    return in_words(iso)


def moment(zone: str, at: str) -> str:
    """Returns a moment of the ledger as people write it, in a time zone."""
    local = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    return f"{in_words(local.date())} at {local:%H:%M}"


def page(title: str, body: Iterable[str], home: str | None = None) -> bytes:
    """Returns a whole page.

    Args:
        title: its heading, as plain text.
        body: what stands below the heading, as HTML.
        home: the way to the start page; None for the start page itself.
    """
    top = "Evidence pack" if home is None else link(home, "Evidence pack: all pages")
    found = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{text(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the main part</a>
<header>{top}</header>
<main id="main">
<h1>{text(title)}</h1>
{"".join(body)}
</main>
<footer><p>This page was made from the entries in this pack. A page proves nothing: <code>verify.py</code> checks the
entries, and that this page is the one the register signed.</p></footer>
</body>
</html>
"""
    return found.encode()
