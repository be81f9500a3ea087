"""The duties we put a clock on, as data: what starts each, what meets it, who is told before and after it is due.

    start -- reminders -- due -- ladder: the manager, then the manager's manager
      \\____ met by a contact of the asked grade, by enough attempts, or by a decision

Several stand side by side in [follow_up.NAME] of the policy; a lead may run under all of them at once.
"""

from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from qualification.contact import Grade
from qualification.policies.table import PolicyTable

Minutes = Annotated[int, Field(gt=0)]
FIRST_CONTACT = "first_contact"
AGAIN = ":again"  # a step said once more after "I have seen it"


class Starts(StrEnum):
    """What begins a duty."""

    QUALIFIED = "qualified"  # the first move to a qualified stage, or a wish for a person (M92, D9)
    DOCUMENT_REQUESTED = "document_requested"  # M93
    NOT_REACHED = "not_reached"  # the first contact was only an attempt (D11, D14)
    OFFERED = "offered"  # the lead is offered to sales (M39, D16)


class Tells(StrEnum):
    """Who hears of a step, from the nearest to the farthest."""

    OWNER = "owner"
    BACKUP = "backup"
    CHANNEL = "channel"
    MANAGER = "manager"
    MANAGERS_MANAGER = "managers_manager"

    @property
    def is_above(self) -> bool:
        """Whether it leaves the team: the managers' channel hears of it."""
        return self in (Tells.MANAGER, Tells.MANAGERS_MANAGER)


class Asks(StrEnum):
    """What a duty asks of people, so that a reminder can say it."""

    CONTACT = "contact"
    CALL = "call"
    TRY_AGAIN = "try_again"
    DECISION = "decision"


class Step(PolicyTable):
    """Something said at an instant; silent once so many attempts were made."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    tells: Tells
    unless_attempts: Minutes | None = None


class Reminder(Step):
    """Before the due instant: so long after the start, so long before due, or as a working day opens."""

    tells: Tells = Tells.OWNER
    after_minutes: Minutes | None = None
    before_minutes: Minutes | None = None
    on_working_day: Minutes | None = None

    @model_validator(mode="after")
    def _falls_once(self) -> "Reminder":
        given = [at for at in (self.after_minutes, self.before_minutes, self.on_working_day) if at is not None]
        if len(given) != 1:
            raise ValueError("say when it falls by one of after_minutes, before_minutes, on_working_day")
        return self


class Rung(Step):
    """One step of the ladder: so long after the due instant, 0 for the instant itself."""

    late_minutes: Annotated[int, Field(ge=0)]


class FollowUpRule(PolicyTable):
    """One duty. Minutes are working time, or elapsed time where `count` says so (M91-M93, M101, D9-D14).

    `met_by` is the grade of contact that meets it at once; `attempts` is how many attempts do instead (an attempt
    alone does where `met_by` is "attempt"). `evidence` narrows what counts to these kinds. After "I have seen it" a
    person is left alone for `renotify_minutes`.
    """

    on: bool = True
    starts: Starts = Starts.QUALIFIED
    within_minutes: Minutes | None = None
    within_working_days: Minutes | None = None
    met_by: Literal["attempt", "reached", "two_way", "decision"] = "attempt"
    attempts: Minutes | None = None
    evidence: tuple[Literal["call", "mail", "reply", "chat"], ...] = ()
    count: Literal["working", "elapsed"] = "working"
    renotify_minutes: Minutes = 30
    reminders: tuple[Reminder, ...] = ()
    ladder: tuple[Rung, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Of all it says, once: what follows from a rule is looked up by it for each clock."""
        return hash(self.model_dump_json())

    @property
    def as_kept(self) -> dict[str, Any]:
        """As it is kept for the clocks that begin with it: what is as it is where nobody says otherwise is left out.

        So these defaults never change; a test holds them.
        """
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def steps(self) -> tuple[Reminder | Rung, ...]:
        """Every step, the weakest first: the last one whose time has come is the strongest."""
        return (*self.reminders, *self.ladder)

    def named(self, step: str) -> Reminder | Rung:
        """The step of this name, also when it is said once more."""
        return self.steps[self.rank_of(step)]

    def has(self, step: str) -> bool:
        return any(one.name == step.removesuffix(AGAIN) for one in self.steps)

    def rank_of(self, step: str) -> int:
        """The place of a step in the rule: the higher, the stronger."""
        return [one.name for one in self.steps].index(step.removesuffix(AGAIN))

    @property
    def asks(self) -> Asks:
        if self.met_by == "decision":
            return Asks.DECISION
        if self.starts is Starts.NOT_REACHED:
            return Asks.TRY_AGAIN
        return Asks.CALL if self.evidence == ("call",) else Asks.CONTACT

    @property
    def asks_sales(self) -> bool:
        """Whether it is the question to sales that an offer puts: accept the lead, or hand it back (M39, D16)."""
        return self.starts is Starts.OFFERED and self.met_by == "decision"

    def counts(self, kind: str) -> bool:
        """Whether evidence of this kind ("call", "mail"...) says anything about this duty."""
        return self.met_by != "decision" and (not self.evidence or kind in self.evidence)

    def is_met_by(self, grade: Grade, attempts: int) -> bool:
        """Whether a contact of this grade, the `attempts`th since the start, is enough."""
        if self.met_by == "decision":
            return False
        asked = Grade(self.met_by)
        if asked is Grade.ATTEMPT and (self.attempts or 1) > 1:
            asked = Grade.REACHED  # several attempts are asked for, or one that reaches them
        enough = self.attempts or (1 if self.met_by == "attempt" else None)
        return grade.is_enough_for(asked) or (
            enough is not None and attempts >= enough and grade.is_enough_for(Grade.ATTEMPT)
        )

    @model_validator(mode="after")
    def _makes_sense(self) -> "FollowUpRule":
        if self.on:
            self._has_one_deadline()
            self._steps_are_told_apart()
            self._reminders_come_before_due()
            self._ladder_climbs()
            if self.met_by == "decision" and (self.evidence or self.attempts):
                raise ValueError("a decision has neither evidence nor attempts: leave both out")
        return self

    def _has_one_deadline(self) -> None:
        if (self.within_minutes is None) == (self.within_working_days is None):
            raise ValueError("give either within_minutes or within_working_days (on = false switches the rule off)")

    def _steps_are_told_apart(self) -> None:
        names = [step.name for step in self.steps]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"every step needs its own name: {twice!r} stands there twice")

    def _reminders_come_before_due(self) -> None:
        for reminder in self.reminders:
            falls = reminder.after_minutes or reminder.before_minutes
            if self.within_minutes is not None and falls is not None and falls >= self.within_minutes:
                raise ValueError(
                    f"reminder {reminder.name!r} does not fall between start and due ({self.within_minutes} minutes); "
                    "make it earlier, or move it to the ladder"
                )
            if reminder.on_working_day is not None and reminder.on_working_day > (self.within_working_days or 0):
                raise ValueError(
                    f"reminder {reminder.name!r} falls after the deadline; "
                    "on_working_day is at most within_working_days"
                )
        for earlier, later in pairwise(self.reminders):
            if _in_wrong_order(earlier, later):
                raise ValueError(f"reminders must be in the order of their time: {later.name!r} comes too late")

    def _ladder_climbs(self) -> None:
        ranks = tuple(Tells)
        for lower, higher in pairwise(self.ladder):
            if higher.late_minutes <= lower.late_minutes:
                raise ValueError(f"ladder out of order: {higher.name!r} must fall later than {lower.name!r}")
            if ranks.index(higher.tells) < ranks.index(lower.tells):
                raise ValueError(
                    f"ladder out of order: {higher.name!r} tells {higher.tells}, which is below {lower.tells}"
                )


def _in_wrong_order(earlier: Reminder, later: Reminder) -> bool:
    pairs = (
        (earlier.after_minutes, later.after_minutes),
        (later.before_minutes, earlier.before_minutes),
        (earlier.on_working_day, later.on_working_day),
    )
    return any(first is not None and second is not None and first >= second for first, second in pairs)
