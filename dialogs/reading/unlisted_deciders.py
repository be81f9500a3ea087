"""Persons and jobs no list holds, asked who decides: "the bank has to clear it", 「施設課におります」."""

import re
from functools import cache

from dialogs.reading.english_names import either, firm_words
from dialogs.reading.firm_words import EN_TITLE
from dialogs.reading.found import GUESSED, Found
from dialogs.reading.sought import sought
from dialogs.reading.text import Text
from qualification.bant import Authority, Role

_THEY = (
    r"(?P<by>(?!(?:i|we|you|it|this|that|there|he|she|who|what|which|nobody|everything|something|price|budget|cost"
    r"|timing|money)\b)"
    r"[a-z'-]+(?: (?!(?:and|or|but|that|who|i|we)\b)[a-z'-]+){0,2}?)"
)
_SOMEBODY_HAS_TO = sought(
    rf"(?:^|[,;.]\s|(?<![a-z])(?:the|our|my|because|but|since|though|and)\s)(?:(?:the|our|my)\s)?{_THEY}\s"
    r"(?:has to|have to|needs to|need to|must|will have to|would have to|gets to|get to|will need to|would need to)"
    r"\s[a-z]+"
    r"|(?:nod|ok|okay|approval|permission|blessing|go-ahead|sign-off|yes)\sfrom\s(?:the|our|my)\s"
    r"(?P<giver>[a-z'-]+(?:\s(?!and|or|but|that|who)[a-z'-]+)?)(?=[\s.,!]*$)"
    r"|(?:comes|come|made|happens|taken|handed down|handled)\s(?:down\s)?(?:from|by|in|at)\s(?:the|our|my)\s"
    r"(?P<of>[a-z'-]+(?:\s(?!and|or|but|that|who)[a-z'-]+)?)(?=[\s.,!]*$)"
)
_UNLISTED_ROLE = re.compile(
    r"\W*(?:i'm |i am |just |only )?(?:an? |the )?(?:(?!not|no|my|ask|maybe|talk|it|some|any|i|we|you)[a-z&/-]+ ){0,3}"
    r"(?!(?:answer|better|tender|whatever|rather|either|another|remember|consider|together|number|matter|however|whenever|computer|letter"
    r"|weather|error|color|colour|favor|favour|neither|forever|wherever|whichever|bother|offer|summer|winter|quarter"
    r"|september|october|november|december|later|never|other|order|after|under|over|prefer|person|human|sooner|earlier)\b)"
    r"[a-z-]{2,}(?:er|or|ist|ian|eer|man|woman|keeper|clerk|nurse|secretary|worker|accountant|consultant|assistant)[\s.!]*"
)


_MANAGES = re.compile(
    r"\W*(?:(?:well|so|hi|no|not really|yes and no)\W+)?i (?:just |only |mainly |mostly |currently )?"
    r"(?:manage|lead|run|head|head up|oversee|supervise|coordinate|co-ordinate|look after|work (?:in|for|as|at|on)"
    r"|teach|assist|support)"
    r" (?!with)[a-z]"
    r"|\W*(?:i )?do (?:all )?the (?:books|accounts|payroll|admin|paperwork|invoices|invoicing|filing|phones|bookings)"
    r"|\W*(?:i'm |im |i am )?(?:in charge of|responsible for) (?:the |our |all )?"
    r"(?!business|company|firm|place|whole|show|lot|shop|decision|buying|purchas|spend|budget|everything|all|it\b|this"
    r"|that)[a-z]"
)
_ME_AND_ANOTHER = sought(
    r"(?<![a-z])(?:(?:me|myself) (?:and|plus|&|n|'?n'?) (?:my )?(?!nobody|no\b)[a-z]+"
    r"|(?!you)[a-z]+ (?:and|&) (?:me|i|myself))(?![a-z])"
)


_APPROVAL = r"(?:approvals?|sign-?\s?offs?|signatures?|authori[sz]ation|go-ahead|green light)"


def unlisted(text: Text) -> Found[Authority] | None:
    """Asked who decides, people name persons and jobs no list holds: "the bank has to clear it", "choir conductor"."""
    if text.language != "en":
        return works_in_a_department(text)
    if match := _SOMEBODY_HAS_TO.search(text.plain):
        group = next(name for name in ("by", "giver", "of") if match[name])
        value = Authority(role=Role.NEEDS_APPROVAL, approver=text.words(*match.span(group)))
        return _guessed(text, value, match.start(group), match.end(), "somebody_has_to")
    if match := _AWAITED.search(text.plain):
        return _guessed(text, Authority(role=Role.NEEDS_APPROVAL), *match.span(), "awaited")
    if match := _ME_AND_ANOTHER.search(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "me_and_another")
    if match := _IN_PART.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "in_part")
    if match := _OF_A_TEAM.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "of_a_team")
    if match := _where_they_work().fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "place_of_work")
    if match := _MANAGES.match(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "manages")
    if len(text.plain) <= _LONGEST_ROLE and _UNLISTED_ROLE.fullmatch(text.plain):
        return _guessed(text, Authority(role=Role.INFLUENCER), 0, len(text.plain), "unlisted_role")
    return None


@cache
def _where_they_work() -> re.Pattern[str]:
    """ "Accounts payable, that's me", "im in accounts": a department and nothing else."""
    department = either("department")
    lead = (
        r"\W*(?:(?:i'm|im|i am|i work|just|only|hi|hello|well)[\s,]+)*"
        r"(?:(?:in|from|with|on|for|at|over in)\s(?:the\s|our\s)?)?"
    )
    mine = (
        r"(?:that'?s|that'd be|that is|that would be|it's|its) (?:me|us|my (?:bit|job|area|department|side|role|thing))"
    )
    return re.compile(
        rf"{lead}{department}(?:(?:\s(?:and|&)\s|/|,\s){department})?(?:\s(?:dept|department|team|desk|side))?"
        rf"(?:[\s,-]+(?:here|me|us|{mine}))*[\s.!]*"
    )


_LONGEST_ROLE = 40
_OF_A_TEAM = re.compile(
    r"\W*+(?:i'm |im |i am |i work |just |only )*(?:in |from |with |for |part of )?(?:the |our )?"
    r"(?!(?:whole|entire|management|leadership|executive|exec|senior)\b)[a-z&/-]+(?: [a-z&/-]+)?"
    r" (?:dept|department|team|desk|division|unit)(?: here)?[\s.!]*"
)
_IN_PART = re.compile(
    r"\W*(?:(?:well|yes|yeah|only)\W+)?(?:sort of|kind of|kinda|partly|partially|in part"
    r"|to (?:some|an|a certain) (?:extent|degree)|to a degree|somewhat|half and half|more or less)\W*"
)
_AWAITED = re.compile(
    r"(?<![a-z])(?:waiting (?:on|for)|wait for|awaiting|pending|subject to|dependent on|depends on|conditional on"
    r"|only with|not without|until (?:we|i) (?:get|have)|once (?:we|i) (?:get|have))"
    r" (?:the |an? |our |final |formal |internal )*"
    rf"{_APPROVAL}(?![a-z])|(?<![a-z]){_APPROVAL} (?:is )?(?:still )?(?:pending|outstanding|missing)(?![a-z])"
)


def _guessed(text: Text, value: Authority, start: int, end: int, rule: str) -> Found[Authority]:
    return text.fact(value, start, end, certainty=GUESSED, rule=f"authority.{rule}")


def works_in_a_department(text: Text) -> Found[Authority] | None:
    """「施設課におります」: where they work is all they say of themselves."""
    match = _WORKS_IN.search(text.plain)
    return _guessed(text, Authority(role=Role.INFLUENCER), *match.span(), "department") if match else None


_SOME_DEPARTMENT = (
    r"[おご]?[\u4e00-\u9fffァ-ヴーa-z]{1,10}(?:課|部|室|係|局)(?<![全一内外幹大入退]部)(?<![教個容髪]室)(?<!薬局|結局|当局|関係|日課)"
    r"(?<!応接室|会議室|事務室|診察室|待合室|休憩室|更衣室|郵便局|放送局|倶楽部)"
)
_WORKS_IN = sought(
    rf"(?:所属|部署)(?:は|:|\s)\s?{_SOME_DEPARTMENT}|{_SOME_DEPARTMENT}所属|{_SOME_DEPARTMENT}(?:に(?:おり?ま|おる|い(?:ます|る)|所属|在籍|勤め|勤務|配属|いるだけ)|で(?:働|勤務|仕事|事務)|(?:所属|勤務)(?:です|の|で)"
    rf"|の(?:者|人間|職員|一員|社員|メンバー)(?:です|でして|だ|$))|^\s*{_SOME_DEPARTMENT}(?:です(?!か)|でして|だ)?[。\s]*$"
)


def is_a_department(text: Text) -> bool:
    """Whether all they say is where they work, or as what: "purchasing", "bursar"."""
    words = text.plain.strip(" .,!").removesuffix(" here")
    return (
        words in firm_words("department")
        or re.fullmatch(EN_TITLE, words) is not None
        or _where_they_work().fullmatch(text.plain) is not None
    )
