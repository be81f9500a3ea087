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

TITLES = frozenset({"decider", "employee", "department"})
YES = "authority.yes"
BARE = frozenset({YES, "authority.no"})
THEMSELVES = re.compile(
    r"私|わたし|わたくし|ワタシ|僕|ぼく|俺|おれ|自分|当方|本人|しており|しています|務め|(?<![a-z])(?:i|i'm|im|me|my|myself|here|speaking)(?![a-z])"
)
OURS = re.compile(r"(?:うち|弊社|当社|会社)の?|(?<![a-z])(?:our|the|his|her|their)(?![a-z])")


def as_asked(reading: Reading) -> Found[Authority] | None:
    """What was read, or somebody named where only a title was; in doubt it is put for a yes."""
    found = reading.authority
    introduced = reading.contact is not None or reading.company is not None  # "Ann Lee, CEO"
    said = Text.of(reading.text)
    if found is None or introduced or THEMSELVES.search(said.plain):
        return found
    if found.rule == YES:
        return replace(found, certainty=GUESSED)
    if found.rule not in BY_TITLE:
        return found
    titles = [word for word in vocabulary("who_decides", "word").find(said.plain) if word.meaning in TITLES]
    if not titles:
        return found
    named = cased(said)[titles[0].start : titles[-1].end]
    value = Authority(role=Role.NEEDS_APPROVAL, approver=named)
    return replace(found, value=value, certainty=FAIR if OURS.search(said.plain) else GUESSED)
