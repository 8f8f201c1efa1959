"""Finding plugins: those that come with cocycle, those installed, those in a folder; broken ones are told, no more."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import InputRefused
from engine.hosting.available import Available
from engine.hosting.described import Described
from engine.hosting.finding import BUNDLED, IMPLEMENTED_BY
from engine.hosting.here import Here
from engine.hosting.host import Host
from engine.hosting.locating import OURS
from tests.hosting.folders import GOOD, question, write_judge, write_plugin

Hosts = Callable[..., Host]


def found(host: Host, name: str) -> Available:
    """Returns the one plugin of a name."""
    (one,) = (a for a in host.available() if a.name == name)
    return one


def test_the_plugins_that_come_with_cocycle_are_those_its_entry_points_name() -> None:
    """The list that needs no look at what is installed holds the very entry points of pyproject.toml."""
    project = tomllib.loads((OURS / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["cocycle.plugins"] == BUNDLED
    every = [a for a in Host().available() if a.origin == "bundled"]
    assert [(a.name, a.module, a.version, a.active, a.error) for a in every] == [
        (name, module, project["version"], True, None) for name, module in BUNDLED.items()
    ]
    assert len({a.digest for a in every}) == len(BUNDLED)


def test_what_ours_implement_is_known_without_starting_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of which plugin has observers and exporters is what they say themselves; no other of ours is started.

    Seen to fail when a sweep started all five plugins to learn that one has observers.
    """
    host = Host()
    try:
        for hook, names in IMPLEMENTED_BY.items():
            assert {name for name in BUNDLED if hook in host.described(name).hooks} == names
    finally:
        host.close()
    started: list[str] = []

    def describing(_: Host, name: str) -> Described:
        started.append(name)
        return Described(name)

    monkeypatch.setattr(Host, "described", describing)
    assert Host().observers() == []
    assert started == ["webhook"]


def test_what_is_active_is_named_exactly(plugins_dir: Path) -> None:
    """Only what the setting names is active; `bundled` names five, `none` and nothing name none."""
    for named, active in (
        (("bundled",), list(BUNDLED)),
        (("ocds",), ["ocds"]),
        (("ocds", "bundled"), list(BUNDLED)),
        (("none",), []),
        ((), []),
    ):
        assert Host(named).active() == active
        assert [a.name for a in Host(named).available() if a.active] == active


def test_a_plugin_in_the_plugins_folder_is_active_by_being_there(host: Hosts, plugins_dir: Path) -> None:
    """A sub-folder that declares a plugin is one, with the version it declares and a digest of its code."""
    own = write_judge(plugins_dir, "acme")
    (plugins_dir / "notes.txt").write_text("no plugin")
    (plugins_dir / "empty").mkdir()
    one = found(host(), "acme")
    assert (one.origin, one.module, one.version, one.active, one.error) == (
        "folder",
        "acme_plugin",
        "1.0.0",
        True,
        None,
    )
    assert (one.folder, one.code) == (str(own), str(own / "src"))
    assert found(Host((), str(own)), "acme") == one  # the folder of the one plugin itself does as well


def test_the_digest_is_over_the_code_and_over_nothing_else(host: Hosts, plugins_dir: Path) -> None:
    """Another byte, name or file of the code gives another digest; caches, and where it lies, do not."""
    own = write_judge(plugins_dir, "acme")
    package = own / "src" / "acme_plugin"
    package.mkdir()
    (own / "src" / "acme_plugin.py").rename(package / "__init__.py")
    digests = [found(host(), "acme").digest]
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "x.pyc").write_bytes(b"x")
    (own / "README.md").write_text("Read me.")
    assert found(host(), "acme").digest == digests[0]
    for change in (
        lambda: (package / "more.txt").write_text("a"),
        lambda: (package / "more.txt").write_text("b"),
        lambda: (package / "more.txt").rename(package / "other.txt"),
        lambda: (package / "empty.txt").write_text(""),
    ):
        change()
        digests.append(found(host(), "acme").digest)
    assert len(set(digests)) == 5
    own.rename(plugins_dir / "moved")
    assert found(host(), "acme").digest == digests[-1]


def test_each_broken_plugin_is_listed_with_its_error_and_stops_no_other(host: Hosts, plugins_dir: Path) -> None:
    """Whatever is wrong with a folder is said of it in a sentence, and a sound plugin beside it answers."""
    write_judge(plugins_dir, "good")
    for name, text, _ in BROKEN:
        (plugins_dir / name).mkdir()
        (plugins_dir / name / "pyproject.toml").write_text(text)
    outside = write_judge(plugins_dir.parent, "outside")
    (plugins_dir / "linked").symlink_to(outside)
    link = write_judge(plugins_dir, "link")
    (link / "src" / "link_plugin.py").unlink()
    (link / "src" / "link_plugin.py").symlink_to(outside / "src" / "outside_plugin.py")
    inside = write_judge(plugins_dir, "inside")
    (inside / "src" / "inside_plugin.py").rename(inside / "src" / "kept.py")
    (inside / "src" / "inside_plugin").mkdir()
    (inside / "src" / "kept.py").rename(inside / "src" / "inside_plugin" / "__init__.py")
    (inside / "src" / "inside_plugin" / "list.txt").symlink_to("/etc/passwd")
    one = host()
    errors = {a.name: a.error or "" for a in one.available() if a.origin == "folder"}
    assert errors.pop("good") == ""
    says = {name: words for name, _, words in BROKEN} | {
        "linked": "a link that leads out of the plugins folder",
        "link": "a link that leads out of its folder",
        "inside": "list.txt is a link that leads out of its folder",
    }
    for name, words in says.items():
        assert words in errors.get(name, errors.get(RENAMED.get(name, ""), "")), (name, errors)
    assert all(error.endswith(".") for error in errors.values())
    assert not any(a.active for a in one.available() if a.error)
    assert one.judges().ask("good/panel", question()).state == "met"
    said = one.judges().ask("missing/panel", question())
    assert said.state == "error"
    assert "There is no module missing_plugin" in said.why[0]


POINT = '[project]\nname = "x"\nversion = "1"\n[project.entry-points."cocycle.plugins"]\n'
BROKEN = (
    ("not_toml", "[[[", "cannot be read"),
    ("no_point", '[project]\nname = "x"\n', "names no plugin"),
    ("odd_points", '[project.entry-points]\n"cocycle.plugins" = 3\n', "cannot be read"),
    ("missing", POINT + 'missing = "missing_plugin"\n', "There is no module missing_plugin"),
    ("a_function", POINT + 'a_function = "module:function"\n', "must name a module and nothing else"),
    ("odd_name", POINT + '"Odd Name" = "odd"\n', "The name of a plugin is a lower-case letter"),
    ("ours", POINT + 'ours = "engine.service"\n', "may not be called engine"),
    ("library", POINT + 'library = "json"\n', "may not be called json"),
    ("takes", POINT + 'ocds = "takes_ocds"\n', "taken by cocycle itself"),
)
RENAMED = {"odd_name": "Odd Name", "takes": "ocds"}


def test_of_two_plugins_with_one_name_neither_is_used(host: Hosts, plugins_dir: Path) -> None:
    """Where strangers claim one name, none of them has it, and whoever needs it is told why."""
    write_judge(plugins_dir, "acme")
    other = write_judge(plugins_dir, "second")
    (other / "pyproject.toml").write_text(POINT + 'acme = "second_plugin"\n')
    one = host()
    both = [a for a in one.available() if a.name == "acme"]
    where = "0 installed, 2 in the plugins folder"
    assert [(a.active, a.error) for a in both] == [
        (
            False,
            f"2 plugins claim the name acme ({where}), so none of them is used. Take all but one away.",
        )
    ] * 2
    said = one.judges().ask("acme/panel", question())
    assert (said.state, said.why) == ("error", (f"The plugin acme cannot be used. {both[0].error}",))


def test_a_name_that_comes_with_cocycle_stays_its_own(plugins_dir: Path) -> None:
    """A stranger that takes the name of a plugin of cocycle is listed with its error; ours is described as before."""
    write_judge(plugins_dir, "ocds")
    one = Host(("bundled",), str(plugins_dir))
    assert [(a.origin, a.active) for a in one.available() if a.name == "ocds"] == [("bundled", True), ("folder", False)]
    assert Here(("bundled",), str(plugins_dir)).find("ocds").origin == "bundled"


def test_a_plugins_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing folder is one clear sentence, and an error of every requirement that a plugin judges."""
    one = Host((), str(tmp_path / "gone"))
    with pytest.raises(InputRefused, match="There is no plugins folder"):
        one.available()
    said = one.judges().ask("acme/panel", question())
    assert said.state == "error"
    assert "There is no plugins folder" in said.why[0]


def test_what_is_named_and_not_here_is_told(host: Hosts) -> None:
    """A name in the setting that nothing has is listed with its error; whoever needs it learns what to do."""
    one = host(plugins=("acme",))
    assert found(one, "acme").error == "COCYCLE_PLUGINS names acme, and no plugin of that name is installed here."
    said = one.judges().ask("acme/panel", question())
    assert (said.state, said.source.plugin) == ("error", "acme")
    assert said.why == (
        "This needs the plugin acme, which is not active here. Whoever looks after cocycle can install it and name it"
        " in COCYCLE_PLUGINS; one that lies in a folder is named with --plugins-dir or COCYCLE_PLUGINS_DIR.",
    )


def test_an_installed_plugin_is_found_without_being_imported(tmp_path: Path) -> None:
    """Distributions on the path are looked at one by one; a broken one is listed, and no code of any has run.

    Seen to fail when one that another of its name hides counted as a second plugin.
    """
    site = tmp_path / "site"
    for name, points in (("acme", "acme = acme_plugin"), ("deep", "deep = deep_package.inner"), ("wrong", "wrong = (")):
        info = site / f"{name}-2.1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n")
        (info / "entry_points.txt").write_text(f"[cocycle.plugins]\n{points}\n")
    hidden = tmp_path / "later on the path" / "acme-1.0.dist-info"
    hidden.mkdir(parents=True)
    (hidden / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (hidden / "entry_points.txt").write_text("[cocycle.plugins]\nacme = acme_plugin\n")
    judge = write_plugin(tmp_path, "acme", GOOD) / "src" / "acme_plugin.py"
    (site / "acme_plugin.py").write_text(judge.read_text())
    (site / "deep_package").mkdir()
    (site / "deep_package" / "__init__.py").write_text("raise SystemExit('imported')")
    (site / "deep_package" / "inner.py").write_text("raise SystemExit('imported')")
    code = (
        f"import sys; sys.path[:0] = [{str(site)!r}, {str(OURS)!r}, {str(hidden.parent)!r}]\n"
        "from engine.hosting.host import Host\n"
        "for a in Host(('acme', 'deep')).available():\n"
        "    if a.origin == 'installed': print(a.name, a.version, a.active, len(a.digest), a.error)\n"
        "print('acme_plugin' in sys.modules, 'deep_package' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "acme 2.1 True 64 None",
        "deep 2.1 True 64 None",
        "wrong 2.1 False 0 Its entry point must name a module and nothing else; it says (.",
        "False False",
    ]


def test_a_command_that_needs_no_plugin_pays_for_none() -> None:
    """Making a host imports neither pluggy nor what reads installed distributions, and starts no process."""
    code = (
        f"import sys; sys.path.insert(0, {str(OURS)!r})\nfrom engine.hosting.host import Host\nHost().close()\n"
        "print([m for m in ('pluggy', 'importlib.metadata', 'subprocess', 'tomllib', 'orjson') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_opening_the_engine_loads_nothing_that_only_plugins_need() -> None:
    """The engine is imported without the shapes that plugins are handed, which take as long to make as any command.

    Seen to fail when the file that writes exports imported them for its types.
    """
    code = f"import sys; sys.path.insert(0, {str(OURS)!r})\nimport engine.api\n"
    code += "print([m for m in ('engine.hookshapes', 'pluggy', 'importlib.metadata') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
