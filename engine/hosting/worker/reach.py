"""Which files a plugin may read: Python's own, its own, time zones, certificates; and never what it is kept out of.

Where one rule lies within the other, the narrower one counts: a plugin's folder may lie in the register's folder, and
the register in a plugin's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from engine.hosting.limits import CACHES

_SYSTEM = (
    # libraries that extension modules are linked to
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
    "/usr/share/zoneinfo", "/etc/localtime",
    "/etc/mime.types", "/etc/apache2/mime.types", "/etc/os-release",  # what libraries look at when they are imported
    "/System/Library", "/private/var/db/timezone",
)  # fmt: skip
_NETWORK = (
    "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
    "/etc/resolv.conf", "/run/systemd/resolve", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
    "/etc/services", "/etc/protocols", "/dev/urandom", "/dev/random",
)  # fmt: skip


CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""The variables that say where the certificates of an organisation lie."""


class Reach:
    """The files that may be read.

    Attributes:
        listed: folders that may be looked into, whatever of them may be read.
    """

    def __init__(self, allowed: Iterable[str], kept_out: Iterable[str], listed: Iterable[str] = ()) -> None:
        self.listed = tuple(os.path.realpath(path) for path in listed)
        self._kept_out = sorted({os.path.realpath(path) for path in kept_out})
        real = {os.path.realpath(path) for path in allowed if path}
        self._allowed = sorted(path for path in real if path != "/" and os.path.exists(path))

    def holds(self, path: str) -> bool:
        """Returns whether a file or folder may be read; `path` has no links in it."""
        best = max((len(a) for a in self._allowed if _within(path, a)), default=-1)
        return best >= 0 and not any(len(k) >= best and _kept(path, k) for k in self._kept_out)

    def folders(self) -> list[str]:
        """Returns paths that together are what may be read now, for a rule that cannot make exceptions."""
        return [found for path in self._allowed for found in self._without(path)]

    def _without(self, path: str) -> list[str]:
        if not self.holds(path):
            return []
        if not any(_within(kept, path) and len(kept) >= len(path) for kept in self._kept_out):
            return [path]
        try:
            names = os.listdir(path)
        except OSError:
            return []
        return [found for name in sorted(names) for found in self._without(os.path.join(path, name))]


def caches_in(own: Sequence[str]) -> list[str]:
    """Returns the caches of a plugin's own files: what is in them is in no digest, and Python would run it."""
    found = [
        os.path.join(top, name) for path in own for top, names, _ in os.walk(path) for name in names if name in CACHES
    ]
    for path in own:  # of a single file, whose folder may be that of many others
        folder, name = os.path.split(os.path.splitext(path)[0])
        found.append(os.path.join(folder, "__pycache__", name))
    return found


def reach(
    own: Sequence[str], ours: str, kept_out: Sequence[str], *, network: bool, listed: Sequence[str] = ()
) -> Reach:
    """Returns what this process may read: `own` is the plugin's, `ours` the folder that cocycle is installed in."""
    allowed = [os.path.dirname(os.__file__), os.path.join(sys.base_prefix, "lib"), *_SYSTEM, *own]
    allowed += [path for path in sys.path if (path != ours and path not in listed) or _is_of_packages(path)]
    allowed += [os.path.join(ours, name) for name in ("engine", "plugins", "terminal", "workflows")]
    if network:
        allowed += [*_NETWORK, *(os.environ.get(name, "") for name in CERTIFICATES)]
    return Reach(allowed, kept_out, listed)


def _is_of_packages(path: str) -> bool:
    return os.path.basename(path) in ("site-packages", "dist-packages")


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _kept(path: str, kept: str) -> bool:
    """Returns whether a path is one that is kept out, lies in it, or beside it under a name that goes on."""
    return path.startswith(kept) and path[len(kept) : len(kept) + 1] in ("", os.sep, ".", "-")
