"""Persons and bodies no list holds, known by standing in front of a verb of deciding, or behind one of asking.

the folks in Munich sign off         "folks in Munich" decide
Priya, our ops lead, gets to choose    "Priya, our ops lead," decides
I'd have to win over the vicar         "vicar" is asked
"""

import re
from collections.abc import Iterator, Sequence

from dialogs.reading.decider_letters import Word
from dialogs.reading.names_like_dates import MONTHS
from dialogs.reading.text import MOST, Text
from qualification.bant import Topic

_SOMEBODY_THERE = re.compile("[A-Z][a-z]+ (?:from|at) ")
_FURTHEST = 90
"""Characters in front of a verb in which its subject is looked for."""

_SMALL = (
    r"(?!(?:the|our|my|your|a|an|and|or|but|that|this|those|these|who|which|is|are|was|were|be|so|because|if|when|while|we|i|you|they"
    r"|he|she|it|to|of|for|with|without|not|no|do|does|did|don't|can|can't|could|as|at|by|from|in|on|into|than|then"
    r"|needs?|has|have|had|must|wants?|will|would|gets?|makes?|decides?|signs?|approves?|also|always|usually|still"
    r"|first|only|just|really|never|both|all|subject|due|prior|thanks|according|pending|awaiting)\b)"
)
_NOTHING_THAT_ACTS = (
    r"(?!(?:clue|idea|wonder|mystery|price|pricing|budget|cost|costs|quote|demo|trial|tool|tools|product|products|software|system|timing|decision"
    r"|approval|purchase|purchases|contract|contracts|deal|money|final|last|same|whole|question|only|quick|best|next"
    r"|right|bigger|big|main|real|actual|purchasing|buying|buyer|answer|thing|things|one|way|plan|plans|project|paperwork"
    r"|signature|number|process|invoice|call|meeting|order|orders|choice|result|results|rest|ultimate|market)\b)"
)
_WORD = r"[a-z][a-z0-9'&/-]*"
_NOUNS = rf"{_NOTHING_THAT_ACTS}{_SMALL}{_WORD}(?: {_SMALL}{_WORD}){{0,3}}?"
_WHERE = (
    r"(?: (?:in|at|from|of|above|over in|over at|over|under|on|next to|across) (?:(?:the|our|my) )?[a-z]+"
    r"(?: (?:and|office|team|floor|department|branch|side))?)?"
)
_WHO = r"(?:,? who (?!(?:we|i|you|it|is|are|will|would|has to|have to|needs to)\b)[a-z']+(?: [a-z']+){1,3}?,?)?"
_IN_BETWEEN = (
    r"(?: (?:also|always|usually|normally|generally|typically|still|then|ultimately|eventually|actually|probably"
    r"|will|would|has|have|had|is|are"
    r"|needs|need|gets|get|got|wants|want|likes|like|must|should|may|might|can|could|to|be|going|the one|the ones"
    r"|the person|the people"
    r"|who|that|all|both|each|together|first|only|formally|personally|tends?|alone|really|does|do|typically|often"
    r"|currently|now|be the one))*"
)
_APART = r"(?:, (?:our|my|the) [a-z][a-z ]{2,28},)?"
_SUBJECT = re.compile(
    rf"(?:(?<![a-z'])(?:the|our|my|his|her|their|some|another|a|an|those|these) (?P<noun>{_NOUNS}{_WHERE}{_WHO})"
    rf"|(?<![a-z'])(?P<body>(?:someone|somebody|people|folks|others|(?:another"
    rf"|a) {_NOTHING_THAT_ACTS}{_WORD}){_WHERE}{_WHO})"
    rf"|(?<![a-z'])(?P<called>(?:(?:mr|mrs|ms|dr"
    rf"|prof)\.? )?{_SMALL}[a-z][a-z'-]+(?: {_SMALL}[a-z][a-z'-]+)?{_WHERE}{_APART}{_WHO}))"
    rf"{_IN_BETWEEN}\s?$"
)
_OBJECT = re.compile(
    rf"(?:\s(?:the|our|my|his|her|their|some|another|a|an) (?P<noun>{_NOUNS}{_WHERE})|\s(?P<body>(?:someone"
    rf"|somebody){_WHERE})"
    rf"|\s(?P<called>(?:(?:mr|mrs|ms|dr|prof)\.? )?{_SMALL}[a-z][a-z'-]+(?: {_SMALL}[a-z][a-z'-]+)?))"
    r"(?=\s?(?:[.,;!?)]|$|first|and\b|to\b|about\b|before\b|for\b|on\b|'s\b|who\b|in\b|at\b))"
)
_OWNER = re.compile(
    rf"(?:(?<![a-z'])(?:the|our|my|his|her|their|an?) (?P<noun>{_NOUNS})"
    rf"|(?<![a-z'])(?P<called>{_SMALL}[a-z][a-z-]+(?: {_SMALL}[a-z][a-z-]+)?))"
    r"'s? (?:written |final |prior |full |formal )?$"
)
_PLACE = re.compile(
    r"\s(?:(?:the|our) )?(?!january|february|march|april|may\b|june|july|august|september|october|november"
    r"|december|q[1-4])"
    r"(?P<called>[a-z][a-z-]+(?: [a-z][a-z-]+){0,3})(?=\s?(?:[.,;!)]|$))"
)
_DECIDES = re.compile(
    r"(?:decid|sign|approv|ok(?:ay)?s?\b|make|call|pick|choos|select|has\b|have\b|had\b|hold|own|control|get|give|take|handle"
    r"|does\b|do\b|deal|look|rubber|green|authori|pull|put|rule|vote|agree|say|pay|foot|run|want|need|must|won't"
    r"|releas|cut|count|veto|review|vet\b|vets\b|bless|weigh|wear|keep|buy|clear|rais|hand|is\b|be\b|tak|decides)"
)
_NAMES_ONLY = re.compile(
    r"(?:the |final |last )*(?:decisions?|approvals?|sign-?\s?off|signoff|signatures?|blessing|permission|consent"
    r"|veto|buy-in"
    r"|go-ahead|authori[sz]ation|okay|ok|nod|deciding|signing|handling)"
)
_DECIDED_AT = ("decided in", "decided at", "decided by")
_ASKS = re.compile(
    r"(?:ask|without .*|consult|consult with|convince|persuade|win over|impress|run \w+ (?:by|past|through)|talk.*"
    r"|discuss.*"
    r"|check.*|clear.*|confirm.*"
    r"|(?:take|takes|bring|send|submit|present|pitch|escalate|show|propose|forward|put|hand|pass|refer)(?: \w+)* to"
    r"|(?:go|goes|has to go) (?:to|past|through|by|before)|get it past|pass it by|defer to|answer to|sell it to)$"
)
_NO_PERSON = frozenset({
    "ability", "actually", "after", "alone", "always", "anyone", "anything", "basically", "before", "both",
    "budget", "can't", "dunno", "cannot", "collectively", "couldn't", "currently", "depends", "didn't", "don't", "easy",
    "eventually", "everybody", "everyone", "everything", "finally", "hard", "he", "help", "here", "honestly",
    "how", "i", "it", "jointly", "let", "maybe", "me", "mostly", "myself", "never", "no", "nobody", "none",
    "nope", "normally", "not", "nothing", "now", "ok", "okay", "once", "one", "personally", "please", "price",
    "pricing", "probably", "purchasing", "sadly", "she", "since", "something", "soon", "sorry", "sure",
    "technically", "thanks", "them", "there", "they", "though", "today", "together", "typically", "ultimately",
    "unfortunately", "until", "us", "usually", "we", "well", "what", "where", "whether", "whoever", "won't",
    "yes", "you",
})  # fmt: skip
"""Words that may stand in front of a verb of deciding and are nobody."""


_IS_FINE = re.compile(r" (?:is|'s|was|would be|will be|works|looks|sounds|seems)(?! the)(?![a-z])")
"""Behind a month: "December is OK"."""


def with_acting(text: Text, words: Sequence[Word], *, asked: Topic | None) -> list[Word]:
    """The words, and each unlisted person who decides or is asked as one more; English only.

    Asked who decides, any noun with "the", "our" or "my" counts, and the first word of a clause; else only names with a
    capital.
    """
    if text.language != "en":
        return list(words)
    persons = [place for word in words[:MOST] for place in _person_beside(text, word, asked)]
    kept = list(words)
    for start, end in persons:
        inside = [word for word in kept if word.start < end and start < word.end]
        known = any(word.letter in "DEFPMVH" for word in inside) and "," not in text.plain[start:end]
        if known and not _SOMEBODY_THERE.match(text.words(start, end)):
            continue  # a person we know; but "Karen, our office manager," is Karen
        kept = [word for word in kept if word not in inside]
        kept.append(Word(letter="P", start=start, end=end))
    return sorted(kept, key=lambda word: word.start)


def _person_beside(text: Text, word: Word, asked: Topic | None) -> Iterator[tuple[int, int]]:
    said = text.plain[word.start : word.end]
    if word.letter in "VMH":
        front = max(0, word.start - _FURTHEST)
        if said.endswith("up to") and (match := _OBJECT.match(text.plain, word.end)):
            yield from _accepted(text, match, asked)
        elif said.endswith(_DECIDED_AT) and (match := _PLACE.match(text.plain, word.end)):
            yield from _accepted(text, match, asked, anywhere=True)
        elif _NAMES_ONLY.fullmatch(said) and (match := _OWNER.search(text.plain, front, word.start)):
            yield from _accepted(text, match, asked)
        elif match := _SUBJECT.search(text.plain, front, word.start):
            bare = match.end(str(match.lastgroup)) >= word.start - 1
            noun = word.letter in "MH" or _NAMES_ONLY.fullmatch(said) or not _DECIDES.match(said)
            if not (bare and noun):
                yield from _accepted(text, match, asked)
    elif word.letter == "L" and _ASKS.fullmatch(said) and (match := _OBJECT.match(text.plain, word.end)):
        yield from _accepted(text, match, asked)


def _accepted(
    text: Text, match: re.Match[str], asked: Topic | None, *, anywhere: bool = False
) -> Iterator[tuple[int, int]]:
    """The place of a person the pattern found; `anywhere` when small letters name one as well: "at group level"."""
    group = str(match.lastgroup)
    start, end = match.span(group)
    if text.plain[end - 1] == ",":
        end -= 1
    first = text.plain[start:end].split(" ")[0]
    if first in _NO_PERSON or (first in MONTHS and _IS_FINE.match(text.plain, end)):
        return
    capital = text.words(start, start + 1).isupper()
    if group == "called" and not capital and not (anywhere and asked is Topic.AUTHORITY):
        opens = re.search(r"(?:^|[.,;:!?]\s?|\b(?:but|so|and|because|then)\s)$", text.plain[max(0, start - 9) : start])
        if asked is not Topic.AUTHORITY or not opens or " " in text.plain[start:end].strip():
            return
    elif group != "called" and asked is not Topic.AUTHORITY:
        return
    yield start, end
