"""A process that erases everything in a register and is killed before, or while, it cleans up.

python an_eraser.py REGISTER commit              killed as soon as the erasure has committed
python an_eraser.py REGISTER scrub SECONDS       killed that long after it began to clean up, or done by then
python an_eraser.py REGISTER limited BYTES       cleans up while no file may grow beyond so many bytes; says why not
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
import time

from engine.store.database import open_database
from engine.store.forget import forget_files, forget_words
from engine.store.scrub import scrub


def main(path: str, way: str, amount: str = "0") -> None:
    """Erases, then does what it was told."""
    database = open_database(path)
    with database.write() as tx:
        forget_words(tx, [(seq, [name]) for seq, name in tx.execute("SELECT seq, name FROM word").fetchall()])
        plain = [digest for (digest,) in tx.execute("SELECT sha256 FROM file").fetchall()]
        sealed = [digest for (digest,) in tx.execute("SELECT digest FROM sealed_file").fetchall()]
        forget_files(tx, plain, sealed)
        tx.execute("UPDATE project SET snapshot = ?, title = NULL", (b"{}",))
    if way == "commit":
        os.kill(os.getpid(), signal.SIGKILL)
    if way == "limited":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(amount), resource.RLIM_INFINITY))
        print(scrub(database).why)  # noqa: T201  # for the test that started it
        return

    def kill() -> None:
        time.sleep(float(amount))
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    scrub(database)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
