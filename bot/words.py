"""Every word a person reads passes here: a key and facts in, Japanese or English out.

    templates/prompts     what the bot says          templates/alerts    lines for the lead's thread
    templates/pages       what stands on a page of ours
    templates/outreach    a rep's mails              templates/scripts   what a rep can say on the phone
    choices, labels, answers .{ja,en}.toml           the short words: buttons, names of things, values

A language other than "ja" is answered in English. Facts come out as text, whatever is in them; escaping for
Slack or HTML is the business of whoever shows it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.in_words.answers import NOTED, Speech, in_words, kinds_of_need, one_line, tells_of_nobody
from bot.in_words.moments import date_parts, moment, span_in_words
from bot.mail.templates import LANGUAGES, MAIL_FACTS, SHIPPED_MAILS, Mail, MailTemplates, NoSuchMail
from bot.shipped_texts import Ready, city_of, listed, ready, table, tongue_of

__all__ = ["LANGUAGES", "NO_LINE_FACTS", "Mail", "MailName", "NoSuchMail", "Words"]

NO_LINE_FACTS: Mapping[str, str | bool | None] = {
    "lead": "",
    "who": "",
    "mention": "",
    "due": "",
    "is_late": False,
    "owner": None,
    "asks": "contact",
    "stands_in_for": "",
    "again": False,
    "their_own": True,
    "managers_told": False,
    "was_reached": False,
    "still_due": True,
}
TWO_DAYS = timedelta(days=2)
MOST_REMEMBERED = 500  # texts of the bot, a hundred letters each
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{6,}")
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class MailName:
    """A mail template on offer: its name, and its title in each language."""

    name: str
    titles: Mapping[str, str]


class Row(NamedTuple):
    """An answer as it is read back: 予算, 300万円."""

    name: str
    value: str


class Words:
    """The words of one firm: its zone for every time of day, its name, and the mails it wrote itself (M94, M95)."""

    def __init__(
        self,
        zone: ZoneInfo,
        company: str = "",
        own_templates: Path | None = None,
        url: str = "",
        can_mail: bool = False,
    ) -> None:
        """`url` is our public address, "" for none. `can_mail`: there is a mail server, so a copy may be offered.

        `own_templates` is a folder with outreach/NAME.{ja,en}.txt.j2. Raises BadTemplate when one does too much.
        """
        self.zone = zone
        self.company = company
        self.url = url
        self.can_mail = can_mail
        self._mails = MailTemplates(own_templates)
        self._remembered: dict[tuple[str, str, date, str], str] = {}

    # -- the talk ---------------------------------------------------------------------------

    def prompt(self, key: str, language: str, facts: Mapping[str, Any], now: datetime) -> str:
        """What the bot says: the prompt of this key with the facts the dialog handed in.

        What it says to many in the same words is remembered for the day; nothing of a person ever is.
        """
        template = ready("prompts", key, tongue_of(language))
        if isinstance(template, str):
            return template
        if not template.is_for_the_day or not all(map(_is_of_nobody, facts.items())):
            return self._filled(template, language, facts, now)
        said = (key, language, now.astimezone(self.zone).date(), repr(facts))
        if (text := self._remembered.get(said)) is None:
            text = self._filled(template, language, facts, now)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[said] = text
        return text

    def choice(self, of: str, value: str, language: str) -> str:
        """The label of a quick reply, also of a question before; a value without words is shown as it is."""
        tables = table("choices", tongue_of(language))
        labels = (words[value] for words in (tables.get(of, {}), tables["common"], *tables.values()) if value in words)
        return next(labels, None) or one_line(value)

    def page(self, name: str, language: str, facts: Mapping[str, Any], now: datetime) -> str:
        """The sentence of a page a prospect opens."""
        return self._shipped("pages", name, language, facts, now)

    # -- Slack ------------------------------------------------------------------------------

    def line(self, name: str, language: str, facts: Mapping[str, Any], now: datetime) -> str:
        """One line for the lead's thread or the managers' channel, as mrkdwn: every fact comes in already escaped.

        Beside the event's own facts: `lead` (title), `who` (who did it), `mention` (ready, or ""), `due` (in
        words) and `is_late`, `owner` (who owns the lead now: a name, "" for nobody, None when not looked up).
        What is not handed in counts as empty. Instants among the facts are ISO text, as events keep them.
        """
        given = {**NO_LINE_FACTS, **facts}
        return one_line(self._shipped("alerts", name, language, given, now), limit=2_800)

    def label(self, kind: str, key: str, language: str) -> str:
        """The name of a stage, an outcome, a rule...; a key of a firm's own policy is shown as it is written."""
        label: str | None = table("labels", tongue_of(language)).get(kind, {}).get(key)
        return label if label is not None else one_line(key.replace("_", " "))

    def evidence(self, evidence: Iterable[str], language: str) -> str:
        """What a move was founded on: スコア75点、チャットでの会話."""
        return self._list(
            (
                self.label("evidence", "score", language).format(points=fact.removeprefix("score "))
                if fact.startswith("score ")
                else self.label("evidence", fact, language)
                for fact in evidence
            ),
            language,
        )

    def missing(self, missing: Iterable[str], language: str) -> str:
        """What is still missing for the next stage: 予算、導入時期."""
        return self._list((self.label("missing", key, language) for key in missing), language)

    def listed(self, parts: Iterable[str], language: str) -> str:
        """Several names in a row: A、B and A, B."""
        return self._list(parts, language)

    def colleague(self, who: str, names: Mapping[str, str], language: str) -> str:
        """The name of a person of ours; of one Slack has not shown us we say that, and no id."""
        nameless = self.label("actor", "no_name_yet", language) if _SLACK_ID.fullmatch(who) else who
        return one_line(names.get(who, nameless))

    def lead_title(self, company: str | None, person: str | None, language: str) -> str:
        """How a lead is called: 株式会社アサヒ 山田 太郎様, Acme - Jane Smith. Not escaped."""
        kind = "both" if company and person else "company" if company else "person" if person else "nobody"
        pattern = self.label("lead_title", kind, language)
        return pattern.format(company=one_line(company or "", limit=80), person=one_line(person or "", limit=60))

    # -- outreach ---------------------------------------------------------------------------

    def mail(self, name: str, language: str, facts: Mapping[str, Any]) -> Mail:
        """A rep's mail, to be read and edited before it is sent; missing facts are empty.

        Raises NoSuchMail, and BadTemplate when a template of the firm's own breaks on these facts.
        """
        ours = {"our_company": facts.get("our_company") or self.company}
        return self._mails.fill(name, tongue_of(language), {**facts, **ours})

    def mail_names(self) -> list[MailName]:
        """The mails on offer, the shipped ones first, then the firm's own by name."""
        return [MailName(name=name, titles=self._titles(name)) for name in self._mails.names]

    def _titles(self, name: str) -> dict[str, str]:
        if name not in SHIPPED_MAILS:
            return dict.fromkeys(LANGUAGES, name.replace("_", " "))
        return {language: self.label("mail", name, language) for language in LANGUAGES}

    def script(self, topic: str, language: str, facts: Mapping[str, Any]) -> str:
        """What a rep can say on the phone (M94, N18).

        `topic` is `opening`, `experience`, `closing`, or a criterion that is still unknown.
        """
        given: dict[str, Any] = {fact: facts.get(fact) or "" for fact in MAIL_FACTS}
        given["our_company"] = given["our_company"] or self.company
        return self._shipped("scripts", topic, language, given, _NEVER)

    # -- values, times, spans ---------------------------------------------------------------

    def answer(self, topic: str, value: Mapping[str, Any], language: str, now: datetime | None = None) -> str:
        """A stated value as reps read it: 300万円〜500万円（年額）, by 30 Sep 2026.

        With `now`, a timeframe that has already begun is said as its limit. Raises ValueError for no value at all.
        """
        return in_words(topic, value, NOTED, self.speech(language, now))

    def understood(
        self, answers: Iterable[Mapping[str, Any]], language: str, now: datetime, *, quoted: str = ""
    ) -> list[Row]:
        """What we understood, a row for each answer; `quoted` is how they put a problem of no kind we know."""
        speech = self.speech(language, now)
        names = table("answers", tongue_of(language))["name_of"]
        return [Row(str(names[one["topic"]]), listed(one, speech, quoted)) for one in answers]

    def need_words(self, value: Mapping[str, Any], language: str) -> str:
        """The kinds of problem a need names, for a mail or a script; empty when it names none."""
        return kinds_of_need(value, self.speech(language, None))

    def when(self, at: datetime, language: str, now: datetime, *, zone: ZoneInfo | None = None) -> str:
        """An instant in the reader's zone, or the firm's: 本日15:00, 5月18日(月) 11:10, Mon 18 May, 11:10 am."""
        return self.moment(at, language, now, use="when", zone=zone)

    def day_and_time(self, at: datetime, language: str, *, zone: ZoneInfo | None = None) -> str:
        """The same for what is still read tomorrow, never "today": 5月18日(月) 15:00, Mon 18 May, 3:00 pm."""
        return self.when(at, language, at - TWO_DAYS, zone=zone)

    def day_and_time_there(self, at: datetime, language: str, theirs: ZoneInfo | None) -> str:
        """The same for somebody who may be elsewhere: on their own clock where we know it, and whose clock it is
        unless it is the firm's. 日本時間の5月18日(月) 15:00, Mon 18 May, 3:00 pm New York time.
        """
        zone, named = theirs or self.zone, table("answers", tongue_of(language))["zone"]
        said = self.day_and_time(at, language, zone=zone)
        if theirs is not None and zone.key == self.zone.key:
            return said
        name = named["names"].get(zone.key) or str(named["by_city"]).format(city=city_of(zone))
        return str(named["there"]).format(at=said, zone=name)

    def span(self, minutes: int, language: str) -> str:
        """So many minutes: 1時間20分, 1 h 20 min."""
        return span_in_words(minutes, table("answers", tongue_of(language)))

    def day_names(self, day: date, language: str) -> dict[str, Any]:
        """A day in its parts, as this language names them: weekday, day, month, year."""
        return date_parts(day, table("answers", tongue_of(language)))

    # -- how it is done ---------------------------------------------------------------------

    def _shipped(self, folder: str, name: str, language: str, facts: Mapping[str, Any], now: datetime) -> str:
        template = ready(folder, name, tongue_of(language))
        return template if isinstance(template, str) else self._filled(template, language, facts, now)

    def _filled(self, template: Ready, language: str, facts: Mapping[str, Any], now: datetime) -> str:
        own = {"our_company": self.company, "our_url": self.url, "can_mail": self.can_mail}
        of_ours = {"_words": self, "_language": tongue_of(language), "_now": now}
        return template.body.render({**own, **facts, **of_ours}).strip()

    def speech(self, language: str, now: datetime | None) -> Speech:
        """How values are said in this language, on the firm's own day; without `now` on no day in particular."""
        tongue = tongue_of(language)
        today = now.astimezone(self.zone).date() if now else None
        return Speech(language=tongue, sentences=table("answers", tongue), today=today)

    def moment(self, at: datetime, language: str, now: datetime, *, use: str, zone: ZoneInfo | None = None) -> str:
        """An instant on the clock of this zone, else of the firm's: by then, or then, as `use` says."""
        tongue = tongue_of(language)
        patterns = table("answers", tongue)
        return moment(at, now=now, zone=zone or self.zone, language=tongue, patterns=patterns, use=use)

    def _list(self, parts: Iterable[str], language: str) -> str:
        return str(table("answers", tongue_of(language))["join"]["parts"]).join(parts)


def _is_of_nobody(fact: tuple[str, Any]) -> bool:
    """Whether a fact tells of no person: a yes or no, or an answer that is true of many."""
    name, told = fact
    if name == "answers":
        return all(len(answer) == 2 and tells_of_nobody(answer["topic"], answer["value"]) for answer in told)
    values = told.values() if isinstance(told, dict) else (told,)
    return all(value is None or isinstance(value, bool) for value in values)
