"""The managers' digest as a message: the day's numbers, then one line for each rep."""

from collections.abc import Mapping

from bot.in_words.digest import digest_in_words
from bot.slack import blocks
from bot.slack.blocks import Json
from bot.slack.voice import Voice
from qualification.clock_rules import FollowUpRule
from qualification.reports.digest import Digest


def digest_message(digest: Digest, names: Mapping[str, str], promise: FollowUpRule, voice: Voice) -> Json:
    """`names` are the reps' by id; `promise` says how much time a first contact has."""
    said = digest_in_words(digest, names, voice.words, voice.language, promise=promise)
    drawn = [blocks.header(said.title), blocks.section(said.numbers)]
    if said.reps:
        drawn += [blocks.divider(), blocks.section(said.reps)]
    return blocks.message("\n".join(said.parts), drawn)
