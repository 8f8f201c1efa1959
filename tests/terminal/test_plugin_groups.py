"""Commands that plugins bring: `cocycle PLUGIN COMMAND`, of active plugins only, with plain errors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from terminal.plugins_named import BUNDLED

from .conftest import CHECKOUT, Run

GREETING = '''
import click
from engine.api import NotFound
from engine.hookspecs import hookimpl


@click.command("greet", help="Greet somebody.")
@click.option("--db", "register")
@click.option("--json", "as_json", is_flag=True)
@click.argument("who")
def greet(register: str | None, as_json: bool, who: str) -> None:
    """Greet somebody."""
    click.echo(f"Hello {who}, {register}, {as_json}")


@click.command("raise")
def raising() -> None:
    raise ZeroDivisionError("a\\nb")


@click.command("leave")
def leaving() -> None:
    raise SystemExit(9)


@click.command("miss")
def missing() -> None:
    raise NotFound("There is no such thing.")


@hookimpl
def cocycle_commands() -> list[click.Command]:
    return [greet, raising, leaving, missing]
'''


@pytest.fixture
def plugins(tmp_path: Path) -> str:
    """A folder of plugins: greeter, which brings commands, and broken, which cannot be imported."""
    for name, text in (("greeter", GREETING), ("broken", "import click\nclick.no_such_thing\n")):
        folder = tmp_path / "plugins" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        (folder / "pyproject.toml").write_text(
            f'[project]\nname = "{name}"\nversion = "2"\n[project.entry-points."cocycle.plugins"]\n{name} = "{name}"\n',
            encoding="utf-8",
        )
    return str(tmp_path / "plugins")


def test_a_plugins_command_is_typed_under_its_name(empty: Run, plugins: str) -> None:
    """A command of a plugin runs as `cocycle PLUGIN COMMAND`, whether its folder is named before, after or outside.

    Seen to fail when the folder was looked for only among the words before the plugin's name.
    """
    for ran in (
        empty("--plugins-dir", plugins, "greeter", "greet", "you"),
        empty("greeter", "--plugins-dir", plugins, "greet", "you"),
        empty("greeter", "greet", "you", env={"COCYCLE_PLUGINS_DIR": plugins}),
    ):
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Hello you, None, False\n", "")
    shown = empty("--plugins-dir", plugins, "greeter", "--help")
    assert "greet" in shown.stdout
    assert "raise" in shown.stdout


def test_what_is_typed_before_the_command_is_handed_on(empty: Run, plugins: str) -> None:
    """Options that stand before the plugin's command reach it where it takes them, and are refused where it does not.

    Seen to fail when nothing was handed on: the command then used another register than the one that was named.
    """
    ran = empty("--db", "a.db", "--json", "greeter", "greet", "you", env={"COCYCLE_PLUGINS_DIR": plugins})
    assert ran.stdout == "Hello you, a.db, True\n"
    ran = empty("greeter", "--db", "a.db", "raise", env={"COCYCLE_PLUGINS_DIR": plugins})
    assert ran.returncode == 2
    assert ran.stderr == "Not accepted: cocycle greeter raise takes no --db.\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("greeter", "raise"), 2, "Not accepted: The plugin greeter broke: ZeroDivisionError: a b."),
        (("greeter", "leave"), 2, "Not accepted: The plugin greeter broke: SystemExit: 9."),
        (("greeter", "miss"), 8, "Not found: There is no such thing."),
        (("greeter", "gret"), 2, "Not accepted: There is no command gret. Did you mean greet?"),
        (("broken", "greet"), 2, "Not accepted: The plugin broken broke: AttributeError:"),
        (("nobody", "greet"), 2, "Not accepted: There is no command nobody."),
    ],
)
def test_what_breaks_is_told_in_a_sentence(
    empty: Run, plugins: str, words: tuple[str, ...], code: int, says: str
) -> None:
    """Whatever a plugin does when its command is typed, the answer is a sentence with an exit code of the contract.

    Seen to fail when what the plugin raised was let through: it was told as a bug of cocycle.
    """
    ran = empty(*words, env={"COCYCLE_PLUGINS_DIR": plugins})
    assert ran.returncode == code
    assert ran.stderr.startswith(says)
    assert "Traceback" not in ran.stderr
    told = json.loads(empty("--json", *words, env={"COCYCLE_PLUGINS_DIR": plugins}).stdout)
    assert told["error"]["message"].startswith(says.partition(": ")[2])


def test_a_plugin_that_is_not_active_brings_no_command(empty: Run) -> None:
    """The name of a plugin that is not active is no command, and the answer says where to look."""
    ran = empty("spreadsheet", "starter", env={"COCYCLE_PLUGINS": "none"})
    assert (ran.returncode, ran.stderr[:43]) == (2, "Not accepted: There is no command spreadshe")
    ran = empty("calendar", "list")
    assert "The plugin calendar brings no command" in ran.stderr


def test_a_command_of_ours_never_loads_a_plugin(empty: Run, plugins: str) -> None:
    """A plugin that has the name of a command of ours changes nothing about that command, and is not looked at."""
    folder = Path(plugins) / "doctor"
    folder.mkdir()
    (folder / "doctor.py").write_text("raise SystemExit(77)\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "d"\nversion = "1"\n[project.entry-points."cocycle.plugins"]\ndoctor = "doctor"\n',
        encoding="utf-8",
    )
    ran = empty("doctor", "--help", env={"COCYCLE_PLUGINS_DIR": plugins})
    assert ran.returncode == 0
    assert "Check that this machine" in ran.stdout


def test_help_names_the_plugins_and_runs_none(empty: Run) -> None:
    """`cocycle --help` names the plugins that are active, without looking for them, and the folder they lie in."""
    shown = " ".join(empty("--help").stdout.split())
    assert f"Plugins that are active: {', '.join(BUNDLED)} Where" in shown
    shown = " ".join(empty("--plugins-dir", ".", "--help", env={"COCYCLE_PLUGINS": "acme"}).stdout.split())
    assert "acme, what lies in . Where" in shown
    assert "Plugins that are active: none" in " ".join(empty("--help", env={"COCYCLE_PLUGINS": ""}).stdout.split())


def test_the_names_that_help_shows_are_those_that_come_with_cocycle() -> None:
    """The list that `--help` reads is the list of entry points in pyproject.toml."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(BUNDLED) == project["entry-points"]["cocycle.plugins"].keys()


def test_a_folder_that_is_not_there_is_told(empty: Run) -> None:
    """`--plugins-dir` with no such folder is refused, by a command that needs plugins."""
    ran = empty("plugin", "list", "--plugins-dir", "nowhere")
    assert (ran.returncode, ran.stderr) == (2, "Not accepted: There is no folder nowhere to find plugins in.\n")
