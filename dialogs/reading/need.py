"""Whether there is a problem to solve or a thing they want, how hard it presses, and which kinds of problem.

請求書の処理を自動化したい          a wish with an object
人が足りなくて非常に困っています       a problem, and it presses hard
nice to have, nothing more      a weak one
特に困っていない                  none
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogs.reading.asking import Span
from dialogs.reading.found import Found
from dialogs.reading.phrases import Hit, load
from dialogs.reading.text import Text
from dialogs.reading.yes_no import bare_agreement
from qualification.bant import Need, Strength, Topic

SURE, FAIR, GUESSED = 0.9, 0.75, 0.5
CATEGORIES = ("efficiency", "cost", "revenue", "security", "data", "legacy", "staffing", "customer")

_SPEAKS = re.compile(r"[a-z]{3,}|[ぁ-んァ-ヶ一-龥]{2,}")


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    start: int
    end: int
    rule: str
    present: bool = True
    certainty: float = SURE
    strength: Strength | None = None


def find(text: Text, *, asked: Topic | None = None, ignore: Sequence[Span] = ()) -> Found[Need] | None:
    """The need the text states, or that there is none; None when it says nothing about it."""
    plain = text.plain
    for start, end in ignore:
        plain = plain[:start] + "\n" * (end - start) + plain[end:]
    own = replace(text, plain=plain)
    evidence = _evidence(own, asked)
    if evidence is None:
        return None
    span = text.span(evidence.start, evidence.end)
    return Found(
        value=_value(own, evidence),
        span=span,
        words=text.raw[span[0] : span[1]],
        certainty=evidence.certainty,
        rule=f"need.{evidence.rule}",
    )


def _value(text: Text, evidence: _Evidence) -> Need:
    if not evidence.present:
        return Need(present=False)
    return Need(present=True, strength=evidence.strength or _strength(text), categories=_categories(text))


def _languages(text: Text) -> tuple[str, ...]:
    return ("ja", "en") if text.language == "ja" and re.search(r"[a-z]{2} [a-z]{2}", text.plain) else (text.language,)


def _evidence(text: Text, asked: Topic | None) -> _Evidence | None:
    words, languages = load("need"), _languages(text)
    absent = words.first("absent", text.plain, languages)
    present = _present(text, asked, absent)
    if absent and (present is None or _stays_absent(text, absent, present)):
        return _Evidence(start=absent.start, end=absent.end, rule="absent", present=False)
    if asked is Topic.NEED and present is None:
        return _only_if_asked(text)
    if present and asked is Topic.NEED and (none := words.first("absent_if_asked", text.plain, languages)):
        if none.start <= present.start < none.end or bare_agreement(text) is False and present.rule == "problem" and _is_about_nothing(text):
            return _Evidence(start=none.start, end=none.end, rule="absent", present=False)
    return present


def _is_about_nothing(text: Text) -> bool:
    return len(text.plain.strip()) < 12


_BUT = re.compile(r"けど|けれど|が、|ですが|ますが|んが|しかし|ただ|でも|強いて|しいて|あえて|but|however|except|although|only|just|though|if anything")


def _stays_absent(text: Text, absent: Hit, present: _Evidence) -> bool:
    """"No problems, but reporting is slow" has a problem; "no problems with our manual process" has none."""
    if present.end <= absent.end and present.start >= absent.start:
        return True
    behind = text.plain[absent.end :]
    if present.start >= absent.end and _BUT.search(behind[: max(present.start - absent.end + 1, 6)]):
        return False
    return not (present.end <= absent.start and re.search(r"[。.!\n]", text.plain[present.end : absent.start]))


def _present(text: Text, asked: Topic | None, absent: Hit | None) -> _Evidence | None:
    words, languages = load("need"), _languages(text)
    curious = words.first("curious", text.plain, languages)
    for rule in ("wish", "problem", "high"):
        for hit in words.every(rule, text.plain, languages):
            if absent and absent.start <= hit.start < absent.end:
                continue
            if rule == "high" and not (asked is Topic.NEED or re.search(r"ニーズ|need|pain|困|課題", text.plain)):
                continue
            if _is_about_us(text.plain, hit) or _undone(text.plain, hit) or _other_slot(text.plain, hit, asked):
                continue
            return _Evidence(start=hit.start, end=hit.end, rule=rule)
    low = words.first("low", text.plain, languages) if asked is Topic.NEED else None
    if low:
        return _Evidence(start=low.start, end=low.end, rule="low", strength=Strength.LOW, certainty=FAIR)
    if curious:
        return _Evidence(start=curious.start, end=curious.end, rule="curious", strength=Strength.LOW, certainty=FAIR)
    return None


# A figure of speech that is no problem of theirs.
_OURS = re.compile(
    r"(?:問題|課題)(?:ない|ありません|なく|なし|は(?:ない|ありません|なさ))|no (?:problem|problems|issue|issues|trouble|worries|bad|time (?:pressure|limit)|idea)|not (?:a |an )?(?:problem|issue|bad|hard|difficult|expensive)|without (?:any )?(?:problem|trouble|issue)|difficult to say|hard to (?:say|tell|know|estimate)|tough to say|bad (?:bot|joke)|too (?:early|soon|personal|private|many questions)"
)


def _is_about_us(plain: str, hit: Hit) -> bool:
    return _OURS.search(plain, max(0, hit.start - 8), hit.end + 8) is not None


_UNDONE = re.compile(r"[^。、]{0,4}?(?:は(?:ない|ありません)|ではない|じゃない|ではありません|しなくて|はなかった)")


def _undone(plain: str, hit: Hit) -> bool:
    return _UNDONE.match(plain, hit.end) is not None


# Words that hurt, but speak of money, dates or people who decide.
_OTHER_SLOT = re.compile(
    r"(?:予算|金額|価格|料金|見積|費用)[がはも]?[^、。]{0,6}(?:厳し|きつ|高|足り|少な|難し|不足|大変|限)|(?:円|万|億)[^、。]{0,8}(?:厳し|きつ|高|難し|不足|つら|大変)|(?:時期|年内|来月|今月|今期|来期|月)[^、。]{0,8}(?:厳し|間に合|難し|きつ|無理)|決裁|承認|稟議|"
    r"too (?:much|expensive) for us|(?:budget|money|funds)[a-z ]{0,12}(?:tight|slow|problem|issue|lacking|hard|limited)|(?:lack of|not enough|no|without|missing|lacking|losing|lose|lost) (?:a )?(?:budget|money|funds|funding|authority|time to)"
)


def _other_slot(plain: str, hit: Hit, asked: Topic | None) -> bool:
    if asked is Topic.NEED:
        return False
    place = _OTHER_SLOT.search(plain, max(0, hit.start - 12), hit.end + 10)
    return bool(place and place.group() and place.start() < hit.end and hit.start < place.end())


def _only_if_asked(text: Text) -> _Evidence | None:
    """Short answers that mean something only behind "is there a problem you want to solve?"."""
    words, languages = load("need"), _languages(text)
    plain = text.plain
    if none := words.first("absent_if_asked", plain, languages):
        return _Evidence(start=none.start, end=none.end, rule="absent", present=False)
    if _no_statement(text):
        return None
    if some := words.first("present_if_asked", plain, languages):
        return _Evidence(start=some.start, end=some.end, rule="named", certainty=FAIR)
    agreed = bare_agreement(text)
    if agreed is not None:
        stripped = plain.strip()
        start = plain.index(stripped)
        return _Evidence(start=start, end=start + len(stripped), rule="yes" if agreed else "no", present=agreed, certainty=FAIR)
    return None


def _no_statement(text: Text) -> bool:
    acts, languages = load("acts"), _languages(text)
    return any(acts.says(name, text.plain, languages) for name in ("dont_know", "decline", "stop", "off_topic"))


def _strength(text: Text) -> Strength:
    """The clause that comes last decides between "it hurts badly" and "no hurry"."""
    words, languages = load("need"), _languages(text)
    high = _last(words.every("high", text.plain, languages), text.plain)
    low = _last(words.every("low", text.plain, languages), text.plain)
    if high is None and low is None:
        return Strength.MEDIUM
    if low is not None and (high is None or low.end >= high.end or low.start <= high.start < low.end):
        return Strength.LOW
    return Strength.HIGH


_OF_DATE = re.compile(r"\s?(?:before|by|later|in q|than|in [0-9])|(?:前|後|早|遅|先|安|高)")


def _last(hits: object, plain: str) -> Hit | None:
    kept: Hit | None = None
    for hit in hits:  # type: ignore[attr-defined]  # an iterator of hits
        if not _OF_DATE.match(plain, hit.end) and not _denied(plain, hit):
            kept = hit
    return kept


_DENIED = re.compile(r"(?:(?<![a-z])(?:not|isn't|n't|nothing|no|never)\s(?:(?:a|an|that|so|very|really|too|particularly|exactly|super)\s){0,2}|(?:あまり|そこまで|それほど|そんなに|さほど)[^、。]{0,4})$")
_DENIED_BEHIND = re.compile(r"[^。、]{0,5}?(?:ではな|じゃな|ではあり|というほどでは|ほどでは|はない)")


def _denied(plain: str, hit: Hit) -> bool:
    if hit.name == "low":
        return False
    return bool(_DENIED.search(plain[max(0, hit.start - 24) : hit.start])) or bool(_DENIED_BEHIND.match(plain, hit.end))


def _categories(text: Text) -> tuple[str, ...]:
    words, languages = load("need"), _languages(text)
    return tuple(name for name in CATEGORIES if words.says(name, text.plain, languages))
