"""What one message of a prospect, or one call note of a rep, says: an act and the facts in it, without a model.

from dialogs.reading import read
read("300万くらい、来期入ったら", question=Topic.BUDGET, now=now)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from dialogs.reading import (
    english_signature,
    firm,
    money,
    needs,
    offices,
    reached,
    short_needs,
    timeframe,
    who_decides,
)
from dialogs.reading.asking import echoes, labels, questions
from dialogs.reading.decider_rules import NAMES_SOMEBODY
from dialogs.reading.firm_in_front import KNOWN_AS_A_FIRM
from dialogs.reading.found import FAIR, UNSURE, Act, Found, Language, Reading, Span, T
from dialogs.reading.injection import orders
from dialogs.reading.intent import (
    Said,
    act,
    colleagues,
    dates_of_the_problem,
    is_chat,
    others_who_know,
    refusals,
    requests,
    sayings,
    small_talk,
    unknowns,
    wants_deletion,
)
from dialogs.reading.introductions import job_of
from dialogs.reading.japanese_names import is_listed
from dialogs.reading.names_like_dates import names_like_dates
from dialogs.reading.older_mail import quoted_mail
from dialogs.reading.places import KEPT
from dialogs.reading.quoting import quoted
from dialogs.reading.repairs import repairs_itself, taken_back
from dialogs.reading.spoken import in_standard_words, without_kanji
from dialogs.reading.text import LONGEST, Text, as_typed, cased
from dialogs.reading.unlisted_deciders import works_in_a_department
from dialogs.reading.yes_no import beginning
from qualification.bant import Authority, Budget, Clarity, Company, Contact, Need, Role, Strength, Timeframe, Topic

V = TypeVar("V")
N = TypeVar("N", Company, Contact)

# The same text is looked at twice when a question mark may only hesitate: "50k?"
_budget = lru_cache(maxsize=KEPT)(money.find)
_timeframe = lru_cache(maxsize=KEPT)(timeframe.find)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    budget: Found[Budget] | None = None
    timeframe: Found[Timeframe] | None = None
    authority: Found[Authority] | None = None
    need: Found[Need] | None = None
    company: Found[Company] | None = None
    contact: Found[Contact] | None = None

    def tells(self, topic: Topic) -> bool:
        return getattr(self, topic.value) is not None

    @property
    def count(self) -> int:
        every = (self.budget, self.timeframe, self.authority, self.need, self.company, self.contact)
        return sum(fact is not None for fact in every)


def read(text: str, *, question: Topic | None, now: datetime, language: Language | None = None) -> Reading:
    """Everything `text` says, whatever was asked; `question` is what was asked last, None for free text or a note.

    `now` is the instant in the speaker's zone: "today" is its calendar date. `language` overrides what the
    letters tell. Never raises on any text; the first 4,000 characters are looked at.
    """
    whole = _readable(text, language)
    if (written := without_kanji(whole)) and (heard := _heard(text, written, question, now)).act is not Act.NOISE:
        return heard
    heard = _heard(text, whole, question, now)
    guessed = heard.need is not None and heard.need.rule == "need.statement"
    if (heard.act is Act.NOISE or guessed) and (standard := in_standard_words(whole)):
        again = _heard(text, standard, question, now)
        return again if again.act is not Act.NOISE else heard
    return heard


def _heard(raw: str, whole: Text, question: Topic | None, now: datetime) -> Reading:
    """What the text says in these words; `raw` is how it was typed."""
    ordered = orders(whole)
    older = quoted_mail(whole)
    said = labels(_without(whole, [*ordered, *older, *_item_numbers(whole.plain)]))
    asking = questions(said, hesitant_answer=partial(_holds_an_answer, said, question, now))
    retold = [*taken_back(said), *small_talk(said), *sayings(said), *echoes(said)]
    own = _without(_without(said, asking), retold, blank=" ")
    facts = _facts(said, own, [*ordered, *older, *retold], asking, question, now)
    done = act(
        Said(
            text=said,
            own=own,
            asks=bool(asking),
            facts=facts.count,
            reachable=facts.contact is not None and facts.contact.value.reachable,
            repairs_itself=repairs_itself(own, answers=question is None or facts.tells(question)),
            beside_orders=bool(ordered),
            asked=question,
        )
    )
    if done is Act.STOP:
        facts = _Facts()
    if (
        done is Act.CORRECT
        and facts.need
        and (facts.need.certainty < UNSURE or facts.need.words in _A_SLIP or _CHANGES_AN_ANSWER.search(own.plain))
    ):
        facts = replace(facts, need=None)  # 「11月の間違いだわ」
    unanswered = done is Act.NOISE or (done is Act.DONT_KNOW and short_needs.not_knowing_hurts(own))
    if unanswered and question is Topic.NEED and not ordered and (not is_chat(said) or short_needs.about_work(own)):
        facts = replace(facts, need=short_needs.guess(own))
        done = Act.ANSWER if facts.count else done
    return Reading(
        text=raw,
        language=whole.language,
        act=done,
        budget=quoted(facts.budget, own),
        timeframe=quoted(facts.timeframe, own),
        authority=quoted(facts.authority, own),
        need=quoted(facts.need, own),
        company=_named_as_typed(whole, facts.company),
        contact=_named_as_typed(whole, facts.contact),
        wants_deletion=done is Act.STOP and wants_deletion(said),
    )


def _named_as_typed(text: Text, found: Found[N] | None) -> Found[N] | None:
    """The firm or person with the letters of their name as they wrote them: 山﨑."""
    if found is None or not found.value.name or (typed := as_typed(text, found.value.name)) == found.value.name:
        return found
    return replace(found, value=replace(found.value, name=typed))


def _item_numbers(plain: str) -> list[Span]:
    """Where "1) 55 employees 2) by the end of March 3) I decide" counts its answers: "March 3" is no date there."""
    if "1)" not in plain or "2)" not in plain:
        return []
    items = [*_ITEM_NUMBER.finditer(plain)]
    counted = len(items) > 1 and all(int(item[1]) == at for at, item in enumerate(items, 1))
    return [item.span() for item in items] if counted else []


_ITEM_NUMBER = re.compile(r"(?<![^\s])([0-9]{1,2})\)(?=\s)")


def _readable(text: str, language: Language | None) -> Text:
    """The text, not longer than we read: one Arabic ligature alone unfolds to eighteen letters."""
    whole = Text.of(text)
    if len(whole.plain) <= LONGEST and language in (None, whole.language):
        return whole
    return replace(whole, plain=whole.plain[:LONGEST], language=language or whole.language)


def _without(text: Text, places: Sequence[Span], *, blank: str = "\n") -> Text:
    """The same text with these places blank, so that every position stays where it is."""
    if not places:
        return text
    pieces: list[str] = []
    done = 0
    for start, end in sorted(places):
        if end > done:
            first = max(start, done)
            pieces += (text.plain[done:first], blank * (end - first))
            done = end
    pieces.append(text.plain[done:])
    return replace(text, plain="".join(pieces))


def _facts(
    said: Text, own: Text, left_out: Sequence[Span], asking: Sequence[Span], asked: Topic | None, now: datetime
) -> _Facts:
    """`own` is `said` without the questions in it; `left_out` is what else is not the person's statement."""
    wanted = requests(said, asked)
    told = _without(own, wanted)
    refused, unknown = refusals(own), unknowns(own)
    kept = partial(_unless_refused, own, refused, unknown)
    contact = _contact(
        said, own, left_out, asking, [*refused, *unknown, *others_who_know(own)], asked, requested=bool(wanted)
    )
    company = firm.find(
        own, asked=asked, ignore=[*left_out, *asking], no_name=[*refused, *wanted, *unknown]
    ) or _firm_of_the_caller(said, contact, left_out, asking, asked)
    names = _names(own, company, contact)
    need = needs.find(told, asked=asked, ignore=names)
    who = _authority(own, told, contact, company, asked)
    like_dates = [place for place in names if _LIKE_A_DATE.search(own.plain, *place)]
    unnamed = _without(own, [*like_dates, *names_like_dates(own, company, contact, who, asked)])
    return _without_a_limit(
        own,
        _Facts(
            budget=kept(_budget(unnamed, asked=asked)),
            timeframe=kept(_timeframe(_without(unnamed, dates_of_the_problem(own)), asked=asked, today=now.date())),
            authority=who,
            need=kept(need) or _agreed(own, asked, Topic.NEED, _NEEDS),
            company=company,
            contact=contact,
        ),
    )


def _contact(
    said: Text,
    own: Text,
    left_out: Sequence[Span],
    asking: Sequence[Span],
    no_name: Sequence[Span],
    asked: Topic | None,
    *,
    requested: bool,
) -> Found[Contact] | None:
    """ "Could somebody call me on 03-1234-5678?" gives the number in the question that has `requested` it."""
    contact = reached.find(own, asked=asked, ignore=[*left_out, *asking], no_name=no_name)
    if not (requested and asking) or (contact and contact.value.reachable):
        return contact
    whole = reached.find(said, asked=asked, ignore=left_out, no_name=no_name)
    return whole if whole and (contact is None or whole.value.reachable) else contact


def _names(own: Text, company: Found[Company] | None, contact: Found[Contact] | None) -> list[Span]:
    """Where the names of a Japanese firm and person stand, which tell of no problem: 「ムラタ電機」 of no ムラ."""
    if own.language != "ja":
        return []
    told = company is not None and (company.certainty >= FAIR or KNOWN_AS_A_FIRM.search(company.value.name or ""))
    firm_name = company.value.name if company and told else None
    person = contact.value.name if contact else None
    if contact and person and contact.certainty < FAIR and not is_listed(person.partition(" ")[0]):
        person = None
    written = cased(own)
    places = ((written.find(name), len(name)) for name in (firm_name, person) if name)
    return [(start, start + length) for start, length in places if start >= 0]


_LIKE_A_DATE = re.compile("[一二三四五六七八九十百千万億兆月日年春夏秋冬]|あす|ドル|まん|おく")
"""A name with one of these is neither a date nor an amount: あすか工業, 三日月, 百万石食品."""


def _firm_of_the_caller(
    said: Text, contact: Found[Contact] | None, left_out: Sequence[Span], asking: Sequence[Span], asked: Topic | None
) -> Found[Company] | None:
    """ "Can someone ring us, Colm at Kerry Seafoods, +353 ...": who asks to be called says in the question who asks."""
    if not asking or contact is None or not (contact.value.name and contact.value.reachable):
        return None
    return firm.find(said, asked=asked, ignore=left_out)


def _authority(
    own: Text, told: Text, contact: Found[Contact] | None, company: Found[Company] | None, asked: Topic | None
) -> Found[Authority] | None:
    who = who_decides.find(_without(told, colleagues(told)), asked=asked)
    if who and who.rule in NAMES_SOMEBODY and (works := _employed(own, contact, company, asked)):
        return works  # "Ann Lee, bursar": it is she who speaks
    agreed = who or _agreed(own, asked, Topic.AUTHORITY, _DECIDES)
    return agreed or _employed(own, contact, company, asked) or _of_a_department(told, asked)


def _of_a_department(told: Text, asked: Topic | None) -> Found[Authority] | None:
    """Asked for their firm or their name, 「財務部です」 tells where they work."""
    return works_in_a_department(told) if told.language == "ja" and asked in (Topic.COMPANY, Topic.CONTACT) else None


def _employed(
    own: Text, contact: Found[Contact] | None, company: Found[Company] | None, asked: Topic | None
) -> Found[Authority] | None:
    """「総務課の吉田」, "Ann Lee, bursar, Hill School": what they do there tells what they may decide."""
    if contact is None or not contact.value.name:
        met = offices.met_in(own.plain) if asked is None and own.language == "ja" else None
        return _works_there(own, met) if met else None
    written, name = cased(own), contact.value.name
    if own.language == "ja":
        place = offices.department_of(written, name)
        firm_name = (company.value.name if company else None) or ""
        if place and firm_name and written.endswith(firm_name, 0, place[1]):
            place = None  # みどり薬局の佐藤: the firm itself
    else:
        place = job_of(own, asked, name)
        if place and asked is not Topic.AUTHORITY and not who_decides.is_a_title(own.words(*place)):
            place = None  # "Jane Poe, baker", "Hamish, accounts"
        place = place or english_signature.department_of(written, name)
    return _works_there(own, place) if place else None


def _works_there(own: Text, place: Span) -> Found[Authority]:
    words = own.words(*place)
    decides = own.language == "en" and who_decides.title_decides(words)
    return Found(
        value=Authority(role=Role.DECISION_MAKER if decides else Role.INFLUENCER),
        span=own.span(*place),
        words=words,
        certainty=FAIR,
        rule="authority.department",
    )


def _without_a_limit(own: Text, facts: _Facts) -> _Facts:
    """ "Under 5k I can, more is the owner", "the CFO approves anything over 10k": a limit of approval, no budget."""
    who, amount = facts.authority, facts.budget
    if who and amount and who.value.role is Role.NEEDS_APPROVAL:
        above = who.rule == "authority.above_the_limit" and amount.span[0] <= who.span[0]
        if above or _APPROVES_AMOUNTS.search(own.raw, max(0, amount.span[0] - 24), amount.span[1]):
            facts = replace(facts, budget=None)
    return _without_a_guess(own, _without_a_spoken_year(facts))


def _without_a_spoken_year(facts: _Facts) -> _Facts:
    """ "In two thousand and twenty-seven" names a year, no amount."""
    amount, when = facts.budget, facts.timeframe
    inside = amount and when and when.span[0] <= amount.span[0] and amount.span[1] <= when.span[1]
    if inside and amount and amount.value.clarity is Clarity.NONE:
        return replace(facts, timeframe=None)  # "we can't spend anything this year" dates the money
    return replace(facts, budget=None) if amount and inside and amount.value.currency is None else facts


_APPROVES_AMOUNTS = re.compile(
    r"(?i)\b(?:anything|everything|whatever|all|(?<!could )(?<!would )(?<!might )(?<!can )(?<! to )"
    r"(?<!we )(?<!i )(?<!'d )(?<!'ll )spend|purchases|(?:every|any|each|all) [a-z]+|requests|orders"
    r"|invoices|contracts|(?:approves?|signs?(?: off)?(?: on)?|authori[sz]es?))"
    r" (?:over|above|beyond|under|up to|below|of more than|of over)\b"
)


def _without_a_guess(own: Text, facts: _Facts) -> _Facts:
    """「情報収集です」, asked for the company, is no company: what another rule understood is not a name as well."""
    if (
        facts.need
        and facts.authority
        and facts.need.rule == "need.want"
        and _touch(facts.need, facts.authority, apart=6)
        and not _SENTENCE_ENDS.search(own.raw, *sorted((facts.need.span[1], facts.authority.span[0])))
        and "," not in own.raw[facts.need.span[0] : facts.authority.span[0]]  # "we want a CRM, our director must sign"
    ):
        facts = replace(facts, need=None)  # "it needs the directors' approval"
    facts = _without_counted_people(facts)
    guess = facts.company
    others = [fact for fact in (facts.budget, facts.timeframe, facts.authority, facts.need) if fact]
    if guess is None or guess.certainty >= UNSURE:
        return facts
    overlapped = any(_touch(fact, guess) for fact in others)
    return replace(facts, company=None) if overlapped or _is_whom_to_reach(guess, facts.contact) else facts


def _is_whom_to_reach(guess: Found[Company], contact: Found[Contact] | None) -> bool:
    """ "I'm Zoë Hall, zoe@example.com", asked once more for the company, says who they are and not where they work."""
    firm_name, person = guess.value.name, contact.value.name if contact and contact.value.reachable else None
    return bool(firm_name and person) and (str(person) in str(firm_name) or str(firm_name) in str(person))


def _without_counted_people(facts: _Facts) -> _Facts:
    """Asked for the budget, "I said 17 employees, I meant 70" tells of 70 people, not of 70 to spend."""
    company, amount = facts.company, facts.budget
    counted = company and company.value.headcount
    if amount and counted and amount.value.currency is None and amount.value.minimum == counted.minimum is not None:
        return replace(facts, budget=None)
    return facts


def _touch(one: Found[Any], other: Found[Any], *, apart: int = 0) -> bool:
    return one.span[0] < other.span[1] + apart and other.span[0] < one.span[1] + apart


_SENTENCE_ENDS = re.compile(r"[。.!?)\n]")
_DECIDES = {True: Authority(role=Role.DECISION_MAKER), False: Authority(role=Role.NONE)}
_NEEDS = {True: Need(present=True, strength=Strength.MEDIUM), False: Need(present=False)}


def _agreed(own: Text, asked: Topic | None, about: Topic, meaning: Mapping[bool, V]) -> Found[V] | None:
    """A yes or no in front of something else answers what was asked: "yes, and we want it live by October"."""
    if asked is not about or refusals(own) or unknowns(own) or requests(own, None):
        return None
    agreed = beginning(own)
    if agreed is None:
        return None
    answer, start, end = agreed
    return Found(
        value=meaning[answer],
        span=own.span(start, end),
        words=own.words(start, end),
        certainty=FAIR,
        rule=f"{about}.{'yes' if answer else 'no'}",
    )


def _unless_refused(
    text: Text, refused: Sequence[Span], unknown: Sequence[Span], fact: Found[T] | None
) -> Found[T] | None:
    """A guess in words that refuse or do not know is no fact."""
    if fact is None or not (refused or unknown):
        return fact
    guessed = fact.certainty < UNSURE
    if isinstance(fact.value, Need) and (
        guessed or _NAMES_THE_QUESTION.fullmatch(fact.words) or (fact.value.present and _overlaps(text, fact, refused))
    ):
        return None  # 「悩みについては後日お話しします」, "we're unable to discuss that"
    if guessed and _overlaps(text, fact, [*refused, *unknown]):
        return None
    put_off = isinstance(fact.value, Budget | Timeframe) and fact.value.clarity is Clarity.UNDECIDED
    # 「まだ何とも言えません」 is not decided yet, no refusal
    return None if put_off and not _NOTHING_TO_SAY.search(fact.words) and _overlaps(text, fact, refused) else fact


_CHANGES_AN_ANSWER = re.compile("(?:答え|回答|返事|入力|やつ)[をは、]{0,2}(?:変え|直し|変更し|訂正し|修正し)たい")
_A_SLIP = frozenset({"間違い", "の間違い", "間違え", "ミス", "mistake", "error"})
_NAMES_THE_QUESTION = re.compile(r"(?:お?(?:困りごと|困り事|悩み(?:ごと|事)?)|課題|問題|ニーズ|ペイン)(?:点|感)?")
_NOTHING_TO_SAY = re.compile("まだ.*(?:何|なん)とも")


def _overlaps(text: Text, fact: Found[Any], places: Sequence[Span]) -> bool:
    return any(start <= fact.span[1] and fact.span[0] < end for start, end in (text.span(*one) for one in places))


def _holds_an_answer(said: Text, asked: Topic | None, now: datetime) -> bool:
    """Whether a text with a question mark has a value for what was asked: "50k?" is a hesitant answer."""
    match asked:
        case Topic.BUDGET:
            return _budget(said, asked=asked) is not None
        case Topic.TIMEFRAME:
            return _timeframe(said, asked=asked, today=now.date()) is not None
        case Topic.AUTHORITY:
            return who_decides.find(said, asked=asked) is not None
        case Topic.COMPANY:
            return firm.find(said, asked=asked) is not None
        case Topic.CONTACT:
            return reached.find(said, asked=asked) is not None
        case Topic.NEED:
            return short_needs.only_names_it(said)
        case _:
            return False
