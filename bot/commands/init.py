"""`bantline init`: a settings file that explains every setting, with nothing filled in."""

import json
from pathlib import Path

from rich.console import Console

from bot.settings import Settings


class SettingsFileExists(FileExistsError):
    """A settings file is never overwritten."""


def write_settings_file(path: str) -> None:
    """Write the file; raises SettingsFileExists when there is one."""
    target = Path(path)
    if target.exists():
        raise SettingsFileExists(f"{path} exists already; move it away or name another file")
    try:
        target.write_text(settings_text(), "utf-8")
        target.chmod(0o600)
    except OSError:
        target.unlink(missing_ok=True)  # half a file would be in the way of the next try
        raise
    Console(highlight=False).print(f"{path} written. Fill it in, then run: bantline doctor")


def settings_text() -> str:
    lines = ["# Settings of Bantline. The environment wins over this file. Take the # away from what you set.", ""]
    for name, field in Settings.model_fields.items():
        lines += [f"# {field.description}", f"# {name.upper()} = {_as_toml(field.default)}", ""]
    return "\n".join(lines)


def _as_toml(default: object) -> str:
    return json.dumps(list(default) if isinstance(default, tuple) else default, ensure_ascii=False)
