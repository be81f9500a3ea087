"""The mails a rep can send: the shipped ones, and those a firm wrote itself or put in their place (M94).

A template is two files, NAME.ja.txt.j2 and NAME.en.txt.j2; its first line is "Subject: ...". Shipped and own ones
obey the same rules (own_templates.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.in_words.answers import one_line
from bot.mail.own_templates import BadTemplate, OwnTemplate

LANGUAGES = ("ja", "en")
MAIL_FACTS = (
    "person",
    "company",
    "our_company",
    "rep_name",
    "rep_email",
    "rep_phone",
    "need_words",
    "timeframe_words",
    "budget_words",
    "document_url",
    "due",
)
SHIPPED_MAILS = ("first_contact", "after_no_answer", "document", "thank_you_and_next_steps")
LONGEST_BODY = 3_000  # with its facts: a field of Slack, in which a rep reads it before it leaves, holds no more
LONGEST_FACT = "x" * 120
_SUBJECT = "Subject:"

Template = tuple[OwnTemplate, OwnTemplate]


class NoSuchMail(LookupError):
    """There is no mail template of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no mail template {name!r}")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail ready to be read and edited: subject of one line, body of plain text."""

    subject: str
    body: str


class MailTemplates:
    """Every mail template of one firm, checked once."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` holds outreach/NAME.{ja,en}.txt.j2. Raises BadTemplate when one does too much."""
        self._own = _own_mails(folder) if folder else {}

    @property
    def names(self) -> tuple[str, ...]:
        """The shipped ones first, then the firm's own by name."""
        return (*SHIPPED_MAILS, *sorted({name for name, _ in self._own} - set(SHIPPED_MAILS)))

    def fill(self, name: str, language: str, facts: Mapping[str, Any]) -> Mail:
        """The mail with these facts in it; missing ones are empty. Raises NoSuchMail, BadTemplate."""
        subject, body = self._templates(name, language)
        given = {fact: str(facts.get(fact) or "") for fact in MAIL_FACTS}
        in_one_line = {fact: one_line(text) for fact, text in given.items()}
        return Mail(subject=one_line(subject.fill(in_one_line)), body=body.fill(given).strip() + "\n")

    def _templates(self, name: str, language: str) -> Template:
        """The firm's own before the shipped one; a mail written in one language only is offered as it is."""
        if name in SHIPPED_MAILS:
            return self._own.get((name, language)) or _shipped_mail(name, language)
        written = [self._own[name, other] for other in (language, *LANGUAGES) if (name, other) in self._own]
        if not written:
            raise NoSuchMail(name)
        return written[0]


@lru_cache
def _shipped_mail(name: str, language: str) -> Template:
    file = f"{name}.{language}.txt.j2"
    return read_mail(files("templates").joinpath("outreach", file).read_text("utf-8"), name=file)


def read_mail(source: str, *, name: str) -> Template:
    """Subject and body of a mail template whose first line is "Subject: ...". Raises BadTemplate."""
    first, _, rest = source.removeprefix("\ufeff").partition("\n")
    if not first.startswith(_SUBJECT):
        raise BadTemplate(name, 1, f'the first line must begin with "{_SUBJECT}"')
    subject = OwnTemplate(first.removeprefix(_SUBJECT).strip(), name=name, facts=MAIL_FACTS)
    body = OwnTemplate(rest, name=name, facts=MAIL_FACTS, first_line=2)
    if max(len(body.fill(dict.fromkeys(MAIL_FACTS, fact))) for fact in ("", LONGEST_FACT)) > LONGEST_BODY:
        raise BadTemplate(name, 2, f"with what is known of a lead a mail has at most {LONGEST_BODY:,} characters")
    return subject, body


def _own_mails(folder: Path) -> dict[tuple[str, str], Template]:
    found = {}
    for path in sorted(folder.glob("outreach/*.txt.j2")):
        name, _, language = path.name.removesuffix(".txt.j2").rpartition(".")
        if language not in LANGUAGES or not name:
            raise BadTemplate(path.name, 1, "name it NAME.ja.txt.j2 or NAME.en.txt.j2")
        try:
            found[name, language] = read_mail(path.read_text("utf-8"), name=path.name)
        except UnicodeDecodeError as error:
            raise BadTemplate(path.name, 1, "save it as UTF-8") from error
    return found
