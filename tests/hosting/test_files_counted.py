"""How many files a plugin has, and what is said where something lies among them that does not belong there."""

from __future__ import annotations

import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.hosting import locating
from engine.hosting.host import Host
from tests.hosting.folders import write_judge

Hosts = Callable[..., Host]


def test_the_files_of_a_plugin_have_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of more files than any plugin has is told, and not read for hours.

    Seen to fail when every file was read, however many.
    """
    monkeypatch.setattr(locating, "MOST_FILES", 3)
    for number in range(4):
        if number == 3:
            assert len(locating.digest_of_files(tmp_path, links=False)) == 64
        (tmp_path / f"{number}.py").write_text("")
    with pytest.raises(locating.NotThere, match="more than 3 files; move what it does not need to run out of its pack"):
        locating.digest_of_files(tmp_path, links=False)


@pytest.mark.parametrize("symlinks", [True, False])
def test_an_environment_in_a_package_is_named_with_what_to_do(
    symlinks: bool, host: Hosts, plugins_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with the files of an environment, it is that environment which has to be moved away.

    Seen to fail when only the link, or only the number of files, was told.
    """
    monkeypatch.setattr(locating, "MOST_FILES", 5_000 if symlinks else 3)
    own = write_judge(plugins_dir, "acme")
    package = own / "src" / "acme_plugin"
    package.mkdir()
    (own / "src" / "acme_plugin.py").rename(package / "__init__.py")
    venv.EnvBuilder(with_pip=False, symlinks=symlinks).create(package / ".venv")
    (said,) = [one.error for one in host().available() if one.name == "acme"]
    assert said is not None
    assert said.endswith(
        "; .venv is an environment of Python; move it out of the plugin's package, the folder acme_plugin."
    )
    assert said.startswith(".venv/bin/python" if symlinks else "It has more than 3 files")
    (package / ".venv").rename(own / ".venv")
    assert [one.error for one in host().available() if one.name == "acme"] == [None]
