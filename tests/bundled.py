"""The plugins that come with cocycle, for tests that compile or play what is shipped."""

from __future__ import annotations

import atexit

from engine.hosting.host import Host

HOST = Host()
BRINGS = HOST.brings()
JUDGES = HOST.judges()

atexit.register(HOST.close)
