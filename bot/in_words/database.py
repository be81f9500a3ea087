"""A database that refuses, in words: what it says, and what to do about it."""

from sqlalchemy.exc import DBAPIError

from bot.logs import without_secrets

CHECK = "Check DATABASE_URL"
WHO_WRITES = "Run it as the account Bantline runs as, which must be able to write the file and in its folder"
ROOM = "Make room on its disk (df -h says how full it is)"
ADVICE = {"SQLITE_READONLY": WHO_WRITES, "SQLITE_CANTOPEN": f"{CHECK}, and who may read and write there"}
ADVICE |= dict.fromkeys(("SQLITE_FULL", "SQLITE_IOERR"), ROOM)


def refusal(error: DBAPIError) -> str:
    """What the database itself says, in one line and without a password."""
    return without_secrets(str(error.orig)).strip().splitlines()[0]


def advice(error: DBAPIError) -> str:
    """What to do. SQLite names its errors; PostgreSQL's words say themselves what is wrong with the address."""
    named = str(getattr(error.orig, "sqlite_errorname", ""))
    return next((told for name, told in ADVICE.items() if named.startswith(name)), CHECK)
