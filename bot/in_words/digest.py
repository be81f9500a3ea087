"""The managers' digest in words: its title, the day's numbers, and one line for each rep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.words import Words
from qualification.clock_rules import FollowUpRule
from qualification.reports.digest import Digest, RepDay

MOST_REPS, NAME = 40, 40
NEVER_TODAY = timedelta(days=2)  # a digest is read the day after, too: its title names the date


@dataclass(frozen=True, kw_only=True)
class DigestInWords:
    """`reps` is empty when nobody had anything to do."""

    title: str
    numbers: str
    reps: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.title, self.numbers, self.reps)))


def digest_in_words(
    digest: Digest, names: Mapping[str, str], words: Words, language: str, *, promise: FollowUpRule
) -> DigestInWords:
    """`names` are the reps' by id; `promise` says how much time a first contact has."""

    def says(key: str, **facts: object) -> str:
        return words.label("digest", key, language).format(**facts)

    def rep_line(rep: RepDay) -> str:
        nobody = words.label("card", "nobody_owns", language)
        name = words.colleague(rep.rep_id, names, language) if rep.rep_id else nobody
        return says("rep", name=_short(name), met=rep.met, met_late=rep.met_late, waiting=rep.waiting, late=rep.late)

    numbers = (
        says("new", count=digest.new),
        says("qualified", count=digest.qualified),
        says("met", within=_within(promise, words, language), count=digest.met, of=digest.met + digest.met_late),
        says("met_late", count=digest.met_late),
        says("waiting", count=digest.waiting, late=digest.late),
    )
    reps = [rep_line(rep) for rep in digest.by_rep[:MOST_REPS]]
    is_over = digest.until.astimezone(words.zone).date() > digest.day
    at = words.when(digest.until, language, digest.until - NEVER_TODAY)
    since = digest.since and words.when(digest.since, language, digest.since - NEVER_TODAY)
    title = says("title_since", since=since, at=at) if since else says("title", at=at)
    return DigestInWords(
        title=says("title_of_a_day", **words.day_names(digest.day, language)) if is_over else title,
        numbers="\n".join(numbers),
        reps="\n".join([says("by_rep"), *reps]) if reps else "",
    )


def _within(promise: FollowUpRule, words: Words, language: str) -> str:
    if promise.within_minutes is not None:
        return words.span(promise.within_minutes, language)
    days = promise.within_working_days
    return words.label("definition", f"within_{promise.count}_{'day' if days == 1 else 'days'}", language).format(
        days=days
    )


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= NAME else name[: NAME - 1] + "…"
