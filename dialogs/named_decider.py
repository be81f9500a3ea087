"""Who decides, as the interview asks it: "who makes the final decision?"

The reader takes a bare title for the speaker's own, and a bare yes for theirs to decide. Asked who it is, "our CEO"
names somebody, 「社長です」 probably does, and "ok" says nothing yet.
"""

import re
from dataclasses import replace

from dialogs.reading.decider_rules import BY_TITLE
from dialogs.reading.found import FAIR, GUESSED, Found, Reading
from dialogs.reading.text import Text, cased
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Authority, Role

_TITLES = frozenset({"decider", "employee", "department"})
_YES = "authority.yes"
BARE = frozenset({_YES, "authority.no"})
_THEMSELVES = re.compile(
    r"私|わたし|わたくし|ワタシ|僕|ぼく|俺|おれ|自分|当方|本人|しており|しています|務め|(?<![a-z])(?:i|i'm|im|me|my|myself|here|speaking)(?![a-z])"
)
"""Beside a yes."""
_HOLDERS = re.compile(
    r"(?:私|わたし|わたくし|ワタシ|僕|ぼく|俺|おれ|自分)(?!の|ど|共|た|達|ら)|当方(?!の)|本人|(?<![がは])(?:しており|しています)|務め"
    r"|を担当|担当者?(?:です|して|$)"
    r"|(?<![a-z])(?:i'm|i am|im)(?! (?:[a-z]+ )?(?:sure|certain|guessing|thinking|afraid|told|assuming))(?![a-z])"
    r"|(?<![a-z])i (?:also |co-)?(?:own|run|lead|manage|head)(?![a-z])"
    r"|(?<![a-z])(?:myself|speaking)(?![a-z])|^me(?![a-z])"
)
"""Beside a title: it is the speaker's."""
_OURS = re.compile(
    r"(?:うち|弊社|当社|会社)の?|(?:私|わたし|わたくし|僕|俺|当方)(?:ども|共|たち|達|ら)?の|(?<![a-z])(?:our|his|her|their)(?![a-z])"
)
_MINE = re.compile(r"の(?:私|わたし|わたくし|僕|ぼく|俺|自分)(?:です|でございます|になります|だ)?[。!\s]*$")
"""「所長の私です」 names who decides, whatever the title."""
_HANDS_IN = re.compile(r"申請|起案|起票|提案|推薦|選定|比較|調査|窓口|相談")
"""「申請は課長の私」, who has still to be allowed it."""
_OF_WHAT = re.compile(r"(?<= of)(?: [a-z&-]+){1,3}")
"""Behind "head of", which is half a title."""
_NAMED = re.compile(r"(?<![a-z])the(?![a-z])")
_POLITE_END = re.compile(r"(?:です|でございます|でしょう)+$")


def as_asked(reading: Reading) -> Found[Authority] | None:
    """What was read, or somebody named where only a title was; in doubt it is put for a yes."""
    found = reading.authority
    introduced = reading.contact is not None or reading.company is not None  # "Ann Lee, CEO"
    said = Text.of(reading.text)
    if found is None or introduced:
        return found
    if found.rule == _YES:
        return found if _THEMSELVES.search(said.plain) else replace(found, certainty=GUESSED)
    if found.rule not in BY_TITLE:
        return found
    if _MINE.search(said.plain) and not _HANDS_IN.search(said.plain):
        return replace(found, value=Authority(role=Role.DECISION_MAKER), certainty=FAIR)
    is_ours = _OURS.search(said.plain) is not None
    if _HOLDERS.search(said.plain):
        return replace(found, certainty=GUESSED) if is_ours else found  # "I'm new here, our CEO"
    titles = [word for word in vocabulary("who_decides", "word").find(said.plain) if word.meaning in _TITLES]
    if not titles:
        return found
    until = _OF_WHAT.match(said.plain, titles[-1].end)
    named = _POLITE_END.sub("", cased(said)[titles[0].start : until.end() if until else titles[-1].end])
    value = Authority(role=Role.NEEDS_APPROVAL, approver=named)
    return replace(found, value=value, certainty=FAIR if is_ours or _NAMED.search(said.plain) else GUESSED)
