"""The score as the policy text writes it: rules on two axes, each with its conditions (M53, M56, M87).

    [score.rules]
    document_requested = { points = 20, when = [{ did = ["document_requested"] }] }
    keen_large_firm    = { points = 20, when = [
        { did = ["price_page_viewed"], times = 3, within_days = 30 },
        { did = ["talk_requested"] },
        { has = "headcount", at_least = 500 },
    ] }

All conditions of a rule must hold. A rule counts once, unless it has `counts_up_to` (D5). Points stay as
they are, unless the rule lets them fade or expire (D20). `groups` names the most that some rules bring together.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from qualification.bant import Industry, Role, Standing
from qualification.behaviour import ANSWERED_US, Signal
from qualification.policies.table import Days, Minutes, Months, PolicyTable

MOST = 1_000_000
Positive = Annotated[int, Field(ge=1, le=MOST)]
Times = Annotated[int, Field(ge=1, le=10_000)]  # each lead keeps so many
AttributeName = Literal["headcount", "industry", "title", "department", "standing", "role", "timeframe", "origin"]

VALUES_OF: dict[str, frozenset[str]] = {
    "industry": frozenset(Industry),
    "standing": frozenset(Standing),
    "role": frozenset(Role),
    "origin": frozenset({"inbound", "outbound"}),
}


class Done(PolicyTable):
    """They did one of these, so often, in the last so many days, staying so many seconds each time.

    `on_days`: several of a kind on one calendar day count as one (M66). `within_minutes`: they answered our contact
    within so many minutes of working time (M34).
    """

    did: Annotated[tuple[str, ...], Field(min_length=1)]
    times: Times = 1
    within_days: Days | None = None
    seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    on_days: bool = False
    within_minutes: Minutes | None = None

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        quick = self.within_minutes or 0
        return tuple(Signal(kind, self.seconds, self.on_days, quick) for kind in dict.fromkeys(self.did))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(signal.key for signal in self.signals)

    @model_validator(mode="after")
    def _is_quick_at_answering(self) -> "Done":
        if self.within_minutes and set(self.did) != {ANSWERED_US}:
            raise ValueError(f"within_minutes says how quick an answer to us is: it goes with {ANSWERED_US} alone")
        return self


class Has(PolicyTable):
    """Who they are (M55): a number within limits, one of some values, or a timeframe within so many months.

    A headcount known as a range must lie within the limits as a whole. Titles and departments hold when one of
    the words stands in them.
    """

    has: AttributeName
    at_least: int | None = None
    at_most: int | None = None
    one_of: tuple[str, ...] = ()
    within_months: Months | None = None

    @model_validator(mode="after")
    def _asks_what_the_attribute_has(self) -> "Has":
        asked = {
            "headcount": self.at_least is not None or self.at_most is not None,
            "timeframe": self.within_months is not None,
        }.get(self.has, bool(self.one_of))
        if not asked:
            needs = {"headcount": "at_least or at_most", "timeframe": "within_months"}.get(self.has, "one_of")
            raise ValueError(f"{self.has} needs {needs}")
        if unknown := sorted(set(self.one_of) - VALUES_OF.get(self.has, frozenset(self.one_of))):
            raise ValueError(
                f"{self.has} is never {', '.join(unknown)}; one of {', '.join(sorted(VALUES_OF[self.has]))}"
            )
        return self


def _which(condition: Any) -> str:
    """What they did, or who they are: a mistake is told once, for the one that was meant."""
    did = condition.get("did") if isinstance(condition, dict) else getattr(condition, "did", None)
    return "has" if did is None else "did"


Condition = Annotated[Annotated[Done, Tag("did")] | Annotated[Has, Tag("has")], Discriminator(_which)]


class Rule(PolicyTable):
    """Points for a person who meets every condition.

    `in_order`: each thing they did lies after the first time of the one before it (M68). `counts_up_to`: every
    time counts, so many of the latest. `half_life_days`, `fades_in_days`, `expires_days` count from the latest
    evidence. `hypothesis`: the number is our own guess (D4).
    """

    points: Annotated[int, Field(ge=-MOST, le=MOST)]
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    in_order: bool = False
    counts_up_to: Times | None = None
    half_life_days: Days | None = None
    fades_in_days: Days | None = None
    expires_days: Days | None = None
    group: str | None = None
    hypothesis: bool = False

    @cached_property
    def acts(self) -> tuple[Done, ...]:
        return tuple(condition for condition in self.when if isinstance(condition, Done))

    @cached_property
    def traits(self) -> tuple[Has, ...]:
        return tuple(condition for condition in self.when if isinstance(condition, Has))

    @property
    def axis(self) -> Literal["behaviour", "attributes"]:
        """What they did, or only who they are (M53)."""
        return "behaviour" if self.acts else "attributes"

    @cached_property
    def ages(self) -> bool:
        return bool(self.half_life_days or self.fades_in_days or self.expires_days)

    @cached_property
    def passes(self) -> bool:
        """Whether its points get fewer when nothing happens any more."""
        return bool(self.acts) and (self.ages or any(done.within_days is not None for done in self.acts))

    @property
    def most(self) -> int:
        """The points it brings at best."""
        return self.points * (self.counts_up_to or 1)

    def keeps_first(self, done: Done) -> bool:
        """Whether its evidence is the first time: nothing about it grows old."""
        return done.times == 1 and done.within_days is None and not self.counts_up_to and not self.ages

    def kept_times(self, done: Done) -> int:
        """How many latest times of this condition a judgement looks at."""
        return max(done.times, self.counts_up_to or 1)

    @model_validator(mode="after")
    def _makes_sense(self) -> "Rule":
        if self.counts_up_to and (len(self.acts) != 1 or self.acts[0].times != 1):
            raise ValueError("counts_up_to needs exactly one thing they did, once each")
        if self.in_order and len(self.acts) < 2:
            raise ValueError("in_order needs at least two things they did")
        if self.half_life_days and self.fades_in_days:
            raise ValueError("half_life_days or fades_in_days, not both")
        return self


class Score(PolicyTable):
    rules: dict[str, Rule]
    groups: dict[str, Positive] = Field(default_factory=dict)

    @cached_property
    def passing_rules(self) -> tuple[Rule, ...]:
        """Those whose points time alone takes away."""
        return tuple(rule for rule in self.rules.values() if rule.points and rule.passes)

    @cached_property
    def passing(self) -> frozenset[str]:
        """The signals without which no such rule is met."""
        return frozenset(key for rule in self.passing_rules for key in rule.acts[0].keys)

    @property
    def most(self) -> int:
        """The highest score a lead can reach, groups counted with their caps."""
        free = sum(rule.most for rule in self.rules.values() if rule.group is None and rule.points > 0)
        together = dict.fromkeys(self.groups, 0)
        for rule in self.rules.values():
            if rule.group in together and rule.points > 0:
                together[rule.group] += rule.most
        return free + sum(min(points, self.groups[group]) for group, points in together.items())
