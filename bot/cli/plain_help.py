"""A command's help in a person's words: a switch takes nothing, and a value is a text, a number or a time.

The library would name each by its type in Python: <bool>, <str>, <int range>.
"""

from typing import Any

import typer

WORDS = {"bool": "", "str": "TEXT", "int": "NUMBER", "float": "NUMBER", "datetime": "TIME", "list": "TEXT"}


def in_plain_words(command: Any) -> Any:
    """The command and all below it: each option names its value, an argument is named by itself."""
    for param in command.get_params(typer.Context(command)):
        if param.type_descriptor.is_choice or param.metavar is not None:
            continue
        if param.param_type_name == "option":
            param.metavar = WORDS.get(param.type_descriptor.annotation.__name__)
        else:
            param.display_type_rich = _nothing
    for below in getattr(command, "commands", {}).values():
        in_plain_words(below)
    return command


def _nothing(ctx: typer.Context) -> None:
    """What stands beside the name of an argument."""
