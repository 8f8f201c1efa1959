"""The command that prints the script for completion in a shell."""

from __future__ import annotations

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.screen import print_answer, print_json


@click.command("completion", cls=Act, short_help="Print the script for completion in your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script for completion in your shell.

    For bash, put this line in ~/.bashrc:  eval "$(cocycle completion bash)"
    """
    from click.shell_completion import ShellComplete, get_completion_class

    asked: Asked = ctx.obj
    asked.refuse_at()
    kind = get_completion_class(shell)
    assert kind is not None, "click completes in bash, zsh and fish"
    complete = kind(ctx.find_root().command, {}, "cocycle", "_COCYCLE_COMPLETE")
    script = ShellComplete.source(complete)  # bash's own would start a bash to ask its version
    if asked.json:
        print_json({"shell": shell, "script": script})
    else:
        print_answer(script if script.endswith("\n") else script + "\n")
