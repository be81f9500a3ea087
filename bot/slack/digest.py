"""The managers' digest as a message: the day's numbers, then one line for each rep."""

from collections.abc import Iterator, Mapping

from bot.slack import blocks
from bot.slack.blocks import Json
from bot.slack.voice import Voice
from qualification.digest import Digest, RepDay

MOST_REPS, NAME = 40, 40


def digest_message(digest: Digest, names: Mapping[str, str], within_minutes: int, voice: Voice) -> Json:
    """`names` are the reps' by id; `within_minutes` is the time a first contact has."""
    title = voice.label("digest", "title").format(at=voice.date_and_time(digest.until))
    numbers = "\n".join(_numbers(digest, within_minutes, voice))
    reps = "\n".join(_rep(rep, names, voice) for rep in digest.by_rep[:MOST_REPS])
    drawn = [blocks.header(title), blocks.section(numbers)]
    if reps:
        drawn += [blocks.divider(), blocks.section(f"{voice.label('digest', 'by_rep')}\n{reps}")]
    return blocks.message("\n".join(filter(None, (title, numbers, reps))), drawn)


def _numbers(digest: Digest, within_minutes: int, voice: Voice) -> Iterator[str]:
    made = digest.met + digest.met_late
    within = voice.words.span(within_minutes, voice.language)
    yield voice.label("digest", "new").format(count=digest.new)
    yield voice.label("digest", "qualified").format(count=digest.qualified)
    yield voice.label("digest", "met").format(within=within, count=digest.met, of=made)
    yield voice.label("digest", "met_late").format(count=digest.met_late)
    yield voice.label("digest", "waiting").format(count=digest.waiting, late=digest.late)


def _rep(rep: RepDay, names: Mapping[str, str], voice: Voice) -> str:
    name = names.get(rep.rep_id, rep.rep_id) if rep.rep_id else voice.card("nobody_owns")
    return voice.label("digest", "rep").format(
        name=blocks.cut(blocks.one_line(name), NAME),
        met=rep.met,
        met_late=rep.met_late,
        waiting=rep.waiting,
        late=rep.late,
    )
