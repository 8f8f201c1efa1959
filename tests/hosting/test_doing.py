"""Examiners, observers and exporters: what they are handed, what comes back, and what they may reach."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine.hookshapes import DeliveryFailed, ExportedFile
from engine.hosting.faults import PluginBroke
from engine.hosting.host import Host
from tests.hosting.everything import EVERYTHING, SUBMISSION, entry
from tests.hosting.folders import question, write_judge, write_plugin

Hosts = Callable[..., Host]


def test_an_examiner_sees_the_bytes_and_what_it_finds_is_passed_faulty_or_failed(
    host: Hosts, plugins_dir: Path
) -> None:
    """No fault is passed, a fault is faulty, and an examiner that fails is failed, in words; nothing is raised."""
    write_plugin(plugins_dir, "acme", EVERYTHING)
    one = host()
    assert one.examine("acme/minutes", SUBMISSION, []).state == "passed"
    broken = {**SUBMISSION, "files": [{"name": "a.txt", "sha256": sha256(b"broken").hexdigest()}]}
    said = one.examine("acme/minutes", broken, [b"broken"])
    assert (said.state, said.found) == (
        "faulty",
        (("unreadable-file", "fault", "It cannot be read."), ("old", "note", "It is old.")),
    )
    cases: tuple[tuple[str, dict[str, Any], list[bytes]], ...] = (
        ("acme/minutes", {**SUBMISSION, "facts": {}}, []),
        ("acme/minutes", broken, []),
        ("acme/none", SUBMISSION, []),
        ("nobody/minutes", SUBMISSION, []),
        ("acme/minutes", {**SUBMISSION, "facts": object()}, []),
    )
    for use, given, contents in cases:
        failed = one.examine(use, given, contents)
        assert (failed.state, failed.found[0][:2]) == ("failed", ("examiner-failed", "fault"))
        assert use.split("/")[0] in str(failed.found[0][2])


def test_an_observer_has_its_own_settings_and_says_what_it_could_not_deliver(host: Hosts, plugins_dir: Path) -> None:
    """It is told the entry and its settings; what it does not want is None; what it raises says whether it is final."""
    write_plugin(plugins_dir, "acme", EVERYTHING)
    one = host(plugin_settings={"acme": {"url": "u"}, "other": {"secret": "s"}})
    assert one.wants_and_observe("acme/post", entry("added")) == "7 to u ['url']"
    assert one.wants_and_observe("acme/post", entry("dull")) is None
    for name, final, words in (("refused", True, "The receiver says no."), ("late", False, "Try later.")):
        with pytest.raises(DeliveryFailed, match=words) as failed:
            one.wants_and_observe("acme/post", entry(name))
        assert failed.value.final is final
    with pytest.raises(DeliveryFailed, match="The plugin acme failed: KeyError"):
        host().wants_and_observe("acme/post", entry("added"))
    with pytest.raises(DeliveryFailed, match="This needs the plugin nobody"):
        one.wants_and_observe("nobody/post", entry("added"))


def test_a_channel_is_handed_a_notice_and_says_what_it_could_not_deliver(host: Hosts, plugins_dir: Path) -> None:
    """It is told the notice and its own settings; an empty line sends nothing; what it raises says if it is final."""
    write_plugin(plugins_dir, "acme", EVERYTHING)
    one = host(plugin_settings={"acme": {"url": "u"}, "other": {"secret": "s"}})
    assert one.channels() == ["acme/sms"]
    notice = dict.fromkeys(("id", "project", "due", "text", "link", "origin"), "x")
    notice |= {"kind": "digest", "person": "p-1", "subject": "Due today"}
    assert one.notify("acme/sms", notice) == "Due today to p-1 ['url']"
    assert one.notify("acme/sms", {**notice, "kind": "dull"}) == ""
    with pytest.raises(DeliveryFailed, match="The phone is off") as failed:
        one.notify("acme/sms", {**notice, "kind": "refused"})
    assert failed.value.final
    with pytest.raises(DeliveryFailed, match="This needs the plugin nobody"):
        one.notify("nobody/sms", notice)


def test_exported_files_come_back_byte_for_byte(host: Hosts, plugins_dir: Path) -> None:
    """What an exporter makes comes back with its names and bytes; what fails is a PluginBroke in words."""
    write_plugin(plugins_dir, "acme", EVERYTHING)
    one = host()
    assert one.export("acme/list", {"text": "a,b"}) == [
        ExportedFile("list.csv", "text/csv", b"a,b"),
        ExportedFile("b.bin", "x/y", bytes(3_000_000)),
    ]
    with pytest.raises(PluginBroke, match="The plugin acme failed: KeyError: 'text'"):
        one.export("acme/list", {})


@pytest.mark.parametrize(
    "name", ["../up", "/root", "a/b", "", ".", ".hidden", "a\\b", "c:d", "a\x00b", "a\nb", "x" * 201]
)
def test_no_exported_file_leads_to_another_folder(name: str, host: Hosts, plugins_dir: Path) -> None:
    """A name of a file that is more than a name is no answer."""
    code = f"""
    @hookimpl
    def cocycle_exporters():
        return [Exporter("list", "A list", lambda what, settings: [ExportedFile({name!r}, "x/y", b"")])]
    """
    write_plugin(plugins_dir, "acme", code)
    with pytest.raises(PluginBroke, match="The plugin acme answers with"):
        host().export("acme/list", {})


def test_an_observer_reaches_the_network(host: Hosts, plugins_dir: Path) -> None:
    """An observer resolves a name, connects and sends; the certificates of the machine can be read."""
    code = """
    import socket, ssl
    def observe(entry, settings):
        ssl.create_default_context()
        with socket.create_connection(("localhost", int(settings["port"])), timeout=5) as line:
            line.sendall(b"told")
            return line.recv(10).decode()

    @hookimpl
    def cocycle_observers():
        return [Observer("post", "Posts", observe)]
    """
    write_plugin(plugins_dir, "acme", code)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"got " + line.recv(10))

        thread = threading.Thread(target=answer)
        thread.start()
        one = host(plugin_settings={"acme": {"port": str(server.getsockname()[1])}})
        assert one.wants_and_observe("acme/post", entry("added")) == "got told"
        thread.join()


def test_large_files_reach_the_examiner_whole(host: Hosts, plugins_dir: Path) -> None:
    """Files of many megabytes are handed over byte for byte, each with its own name."""
    code = """
    from hashlib import sha256
    def examine(submission):
        return [Finding("seen", f"{f.name} {sha256(f.content).hexdigest() == f.sha256}.", "note")
                for f in submission.files]

    @hookimpl
    def cocycle_evidence_kinds():
        return [EvidenceKind("minutes", "Minutes", examine=examine)]
    """
    write_plugin(plugins_dir, "acme", code)
    contents = [b"", bytes(range(256)) * 200_000, b"x"]
    files = [{"name": f"{n}.bin", "sha256": sha256(content).hexdigest()} for n, content in enumerate(contents)]
    said = host().examine("acme/minutes", {**SUBMISSION, "files": files}, contents)
    assert [words for _, _, words in said.found] == ["0.bin True.", "1.bin True.", "2.bin True."]


def test_every_plugin_that_comes_with_cocycle_describes_itself() -> None:
    """Each bundled plugin loads behind all the walls and says what it brings, and every name it brings is found."""
    one = Host()
    try:
        for name in one.active():
            said = one.described(name)
            assert said.error is None, said.error
            assert said.hooks
    finally:
        one.close()


def test_what_a_library_tries_when_it_is_imported_and_does_without_is_let_be(host: Hosts, plugins_dir: Path) -> None:
    """A plugin whose import is refused something and goes on is loaded; it had nothing of what it tried."""
    code = """
    try:
        WORDS = open("/etc/passwd").read()
    except OSError:
        WORDS = "nothing"
    def judge(facts, options):
        return met(WORDS)
    """
    write_judge(plugins_dir, "acme", code)
    one = host()
    assert one.described("acme").error is None
    assert one.judges().ask("acme/panel", question()).why == ("nothing",)


def test_an_examiner_may_try_in_vain_what_a_judge_may_not(host: Hosts, plugins_dir: Path) -> None:
    """A library that an examiner uses may try one thing and do without; a judge that tried is an error all the same.

    Seen to fail when what was tried and swallowed was held against every call.
    """
    code = """
    def tried():
        try: open("/etc/hostname").read()
        except OSError: pass
    def examine(submission): tried(); return []
    def judge(facts, options): tried(); return met("Yes.")
    """
    write_judge(plugins_dir, "acme", code)
    one = host()
    assert one.examine("acme/minutes", SUBMISSION, []).state == "passed"
    assert "tried to read a file" in one.judges().ask("acme/panel", question()).why[0]
