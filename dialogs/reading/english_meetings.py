"""How an English note says that the rep and somebody met or spoke: "spoke to", "call with", "email from"."""

from functools import partial

from dialogs.reading import english_names

either = partial(english_names.either, file="heads")
"""The words of a list of `heads.toml` as a group of a pattern."""

MET = rf"(?:{either('met')}|{either('talked')}\s(?i:to|with|w/|w\.))"
SPOKE = (
    rf"(?:{MET}|{either('talk')}\s(?i:back\s)?(?i:with|w/|w\.|from|by|to|for)|{either('came')}(?i:\s(?:call|email|lead|in))?\s(?i:from)"
    rf"|{either('taken')}\s(?i:by)|{either('known_as')}\s(?i:is|was)|(?i:asked\sfor)|(?i:w/))"
)
_SAID = english_names.firm_words("met", "heads") | english_names.firm_words("talked", "heads")
SIGNS_OF_MET = tuple(sorted({max(said.split(), key=len) for said in _SAID}))
"""Letters of which a text holds some where somebody was met: a quick look before the patterns are tried."""
