"""Our definition of a lead's stages and points, in words, made from the policy itself (M26, M148, M155).

One text for marketing and sales: the page GET /definition, docs/stages.md and `bantline policy explain` are drawn
from these sections, so that none can say anything else than the rules do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.words import Words
from qualification.clock_rules import FollowUpRule, Rung
from qualification.policies.parts import Segment
from qualification.policies.score_model import Condition, Done, Has, Rule
from qualification.policy import Policy
from qualification.stages import LADDER

MOST_WITH_OR = 2
JUDGED = ("MQL", "TQL", "SAL", "SQL")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and its lines; a line that starts with `- ` belongs to the one before."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """The policy told in one language."""

    policy: Policy
    words: Words
    language: str

    def sections(self) -> tuple[Section, ...]:
        """Everything the policy says, section by section."""
        segments = [self._section("segments", self._segments())] if self.policy.segments else []
        return (
            self._section("agreement", self._agreement()),
            self._section("stages", self._stages()),
            self._section("temperature", self._temperature()),
            self._section("score", self._rules()),
            *segments,
            self._section("clock", self._clock()),
        )

    def title(self) -> str:
        return self._says("title")

    def _section(self, name: str, lines: Iterable[str]) -> Section:
        return Section(title=self._says(f"{name}_title"), lines=tuple(lines))

    def _says(self, key: str, **facts: object) -> str:
        return self.words.label("definition", key, self.language).format(**facts)

    def _name(self, kind: str, key: str) -> str:
        return self.words.label(kind, key, self.language)

    def _names(self, kind: str, keys: Iterable[str]) -> str:
        return self.words.listed((self._name(kind, key) for key in keys), self.language)

    def _any_of(self, kind: str, keys: Iterable[str]) -> str:
        names = [self._name(kind, key) for key in keys]
        if len(names) > MOST_WITH_OR:
            return self._says("one_of_these", names=self.words.listed(names, self.language))
        return self._says("or").join(names)

    # -- the parts ------------------------------------------------------------------------------

    def _agreement(self) -> Iterator[str]:
        agreed = self.policy.agreed
        nobody = self._says("nobody_yet")
        yield self._says("version", version=self.policy.version)
        yield self._says("agreed", marketing=agreed.get("marketing") or nobody, sales=agreed.get("sales") or nobody)

    def _stages(self) -> Iterator[str]:
        yield self._says("ladder", ladder=" → ".join(LADDER))
        mql, last = self.policy.stages.mql, self.policy.stages.sql
        origins = self._names("origin", mql.origins)
        rules = {
            "LEAD": self._says("lead"),
            "MQL": self._says(
                "mql",
                score=mql.score,
                activity=self._name("activity", mql.with_activity),
                priority=mql.priority_score,
                origins=origins,
            ),
            "TQL": self._tql(),
            "SAL": self._says("sal_auto" if self.policy.stages.auto_accept else "sal"),
            "SQL": self._says("sql", months=last.within_months, required=self._names("topic", last.required)),
        }
        for stage, rule in rules.items():
            judged_by = self._judged_by(stage) if stage in JUDGED else ""
            yield self._says("stage", stage=stage, rule=rule) + judged_by
        yield self._says("phases")
        if self.policy.silence.nurture_after_working_days:
            yield self._says("nurture", days=self.policy.silence.nurture_after_working_days)
        if self.policy.nurture.wake_up:
            yield self._says("woken", days=self.policy.nurture.days_before)
        yield self._says("disqualified")
        yield self._says("answers_age", days=self.policy.answers.valid_days)

    def _tql(self) -> str:
        rule = self.policy.stages.tql
        talks = self._any_of("via", rule.conversations)
        words = self._says("tql_reachable" if rule.reachable else "tql", talks=talks)
        if not rule.needs_a_call:
            return words
        return words + self._says("tql_needs_a_call", who=self._any_of("standing", rule.needs_a_call))

    def _judged_by(self, stage: str) -> str:
        return self._says("judged_by", judges=self._names("judge", self.policy.stages.judges.of(stage)))

    def _temperature(self) -> Iterator[str]:
        rule = self.policy.temperature
        hot = self._any_of("activity", rule.hot_activities)
        yield self._says("hot", score=rule.hot_score, activities=hot)
        yield self._says("warm", score=rule.warm_score, days=rule.warm_days)
        yield self._says("cold")

    def _rules(self) -> Iterator[str]:
        score = self.policy.score
        for name, rule in score.rules.items():
            yield self._rule(name, rule)
        for group, most in score.groups.items():
            rules = [name for name, rule in score.rules.items() if rule.group == group]
            yield self._says("group", rules=self._names("point", rules), most=most)

    def _rule(self, name: str, rule: Rule) -> str:
        join = self._says("then") if rule.in_order else self._says("and")
        conditions = join.join(self._condition(condition) for condition in rule.when)
        named = self._name("point", name)
        kind = "rule_as_named" if conditions == named else "rule"
        line = self._says(kind, points=f"{rule.points:+d}", name=named, conditions=conditions)
        if rule.counts_up_to:
            line += self._says("counts_up_to", times=rule.counts_up_to)
        for key, days in (
            ("half_life", rule.half_life_days),
            ("fades", rule.fades_in_days),
            ("expires", rule.expires_days),
        ):
            line += self._says(key, days=days) if days else ""
        return line + (self._name("why", "hypothesis") if rule.hypothesis else "")

    def _condition(self, condition: Condition) -> str:
        return self._done(condition) if isinstance(condition, Done) else self._has(condition)

    def _done(self, done: Done) -> str:
        line = self._any_of("activity", done.did)
        if done.seconds:
            line += self._says("seconds", seconds=done.seconds)
        if done.times > 1:
            line += self._says("on_days" if done.on_days else "times", times=done.times)
        if done.within_minutes:
            line += self._says("quickly", span=self.words.span(done.within_minutes, self.language))
        return line + (self._says("within_days", days=done.within_days) if done.within_days else "")

    def _has(self, has: Has) -> str:
        attribute = self._name("attribute", has.has)
        if has.has == "timeframe":
            return self._says("within_months", months=has.within_months)
        if has.has == "headcount":
            limits = [
                self._says(key, attribute=attribute, number=number)
                for key, number in (("at_least", has.at_least), ("at_most", has.at_most))
                if number is not None
            ]
            return self._says("and").join(limits)
        values = self._any_of(has.has, has.one_of)
        return self._says("one_of", attribute=attribute, values=values)

    def _segments(self) -> Iterator[str]:
        for name, segment in self.policy.segments.items():
            yield self._says("segment", name=self._name("segment", name), who=self._who(segment))
            for line in self._differences(self.policy.of_segment[name]):
                yield f"- {line}"
        yield self._says("other_segment", name=self._name("segment", "other"))

    def _who(self, segment: Segment) -> str:
        size = self._name("attribute", "headcount")
        parts = [self._any_of("industry", segment.industry)] if segment.industry else []
        parts += [self._any_of("origin", segment.origin)] if segment.origin else []
        for key, number in (("at_least", segment.headcount_from), ("at_most", segment.headcount_to)):
            parts += [self._says(key, attribute=size, number=number)] if number is not None else []
        return self._says("and").join(parts)

    def _differences(self, own: Policy) -> Iterator[str]:
        """Every line that says something else than the firm's own does."""
        theirs = set(self._lines())
        yield from (line for line in Definition(own, self.words, self.language)._lines() if line not in theirs)

    def _lines(self) -> Iterator[str]:
        """What a segment may say otherwise."""
        yield from self._stages()
        yield from self._temperature()
        yield from self._rules()
        yield from self._clock()

    def _clock(self) -> Iterator[str]:
        for name, rule in self.policy.follow_up.items():
            yield self._duty(rule) if rule.on else self._says("duty_off", duty=self._name("rule", name))
        yield self._says("only_above", stage=self.policy.stages.qualified_from)
        yield self._says(f"offered_{self.policy.stages.offer_when}")

    def _duty(self, rule: FollowUpRule) -> str:
        """By when somebody does what, what meets it, and who hears of it when it is late."""
        line = self._says(f"duty_{rule.starts}", within=self._within(rule))
        if rule.met_by != "decision":
            line += self._says("met_by", grade=self._name("grade", rule.met_by))
        if rule.attempts and rule.met_by != "attempt":
            line += self._says("or_attempts", attempts=rule.attempts)
        if rule.evidence:
            line += self._says("only_by", evidence=self._any_of("via", rule.evidence))
        late = self.words.listed((self._rung(rung) for rung in rule.ladder), self.language)
        return line + (self._says("when_late", who=late) if rule.ladder else "")

    def _within(self, rule: FollowUpRule) -> str:
        if rule.within_minutes is None:
            days = rule.within_working_days
            return self._says(f"within_{rule.count}_{'day' if days == 1 else 'days'}", days=days)
        return self._says(f"within_{rule.count}", span=self.words.span(rule.within_minutes, self.language))

    def _rung(self, rung: Rung) -> str:
        who = self._name("tells", rung.tells)
        if not rung.late_minutes:
            return who
        return self._says("told_later", who=who, span=self.words.span(rung.late_minutes, self.language))


def definition_json(definition: Definition) -> dict[str, Any]:
    """The same for programs: version, who agreed to it, and the sections in the words of the language."""
    policy = definition.policy
    return {
        "title": definition.title(),
        "version": policy.version,
        "agreed": dict(policy.agreed),
        "language": definition.language,
        "sections": [{"title": section.title, "lines": list(section.lines)} for section in definition.sections()],
    }


def as_markdown(definition: Definition) -> str:
    """The sections as Markdown, one list each."""
    parts: list[str] = []
    for section in definition.sections():
        lines = [f"  {line}" if line.startswith("- ") else f"- {line}" for line in section.lines]
        parts += [f"## {section.title}", "", *lines, ""]
    return "\n".join(parts)
