"""Who talks: clients who answer at once, as a benchmark has them, and people who think before they write."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from benchmarks.capacity.costs import Firm
from benchmarks.capacity.program import Process
from benchmarks.capacity.world import World

SPREAD = 0.8  # of the logarithm of a person's time to think


@dataclass
class Heard:
    """How long each turn took, in seconds, from `since` on."""

    since: float = 0.0
    took: list[float] = field(default_factory=list)

    def share(self, of: float) -> float:
        """The time that so many of the turns took at most, in seconds."""
        ordered = sorted(self.took)
        return ordered[min(int(len(ordered) * of), len(ordered) - 1)] if ordered else math.nan


def ask(world: World, process: Process, heard: Heard, then: Callable[[], None]) -> None:
    """One turn, and what the prospect does after its answer."""
    asked = world.now

    def answered() -> None:
        if asked >= heard.since:
            heard.took.append(world.now - asked)
        then()

    process.hear(answered)


def at_once(world: World, process: Process, clients: int, heard: Heard, turns_a_talk: int) -> None:
    """So many clients, each with its next message as soon as the last is answered; to open a talk is no turn."""
    unheard = Heard(since=math.inf)

    def go_on(turn: int) -> None:
        which = heard if turn % (turns_a_talk + 1) else unheard
        ask(world, process, which, lambda: go_on(turn + 1))

    for _ in range(clients):
        go_on(0)


class People:
    """Visitors who come at a rate that changes with time, and talk with whichever process the balancer gives them."""

    def __init__(self, world: World, processes: list[Process], firm: Firm, heard: Heard, chance: random.Random) -> None:
        self._world, self._processes, self._firm, self._heard, self._chance = world, processes, firm, heard, chance
        self.talking = 0

    def come(self, a_second: Callable[[float], float], until: float) -> None:
        """Until then, so many a second as the function of time says."""
        rate = a_second(self._world.now)
        if self._world.now >= until or rate <= 0:
            return
        self._begin()
        self._world.after(self._chance.expovariate(rate), lambda: self.come(a_second, until))

    @property
    def seconds_of_a_talk(self) -> float:
        """On average, nearly all of it thinking."""
        return self._firm.messages_a_talk * self._firm.thinking_seconds * math.exp(SPREAD**2 / 2)

    def fill(self, a_second: float) -> None:
        """As many as are in the middle of their talk at this rate, each somewhere on the way (Little's law)."""
        for _ in range(round(a_second * self.seconds_of_a_talk)):
            left = self._chance.randrange(self._firm.turns_a_talk)
            self.talking += 1
            self._world.after(
                self._chance.random() * self._firm.thinking_seconds, partial(self._think, self._anyone(), left)
            )

    def _anyone(self) -> Process:
        return self._chance.choice(self._processes)

    def all_at_once(self, many: int, within: float) -> None:
        for _ in range(many):
            self._world.after(self._chance.random() * within, self._begin)

    def _begin(self) -> None:
        process = self._anyone()
        says = self._firm.turns_a_talk if self._chance.random() < self._firm.finish_share else 2
        self.talking += 1
        ask(self._world, process, self._heard, lambda: self._think(process, says))

    def _think(self, process: Process, left: int) -> None:
        if left == 0:
            self.talking -= 1
            return
        seconds = self._chance.lognormvariate(math.log(self._firm.thinking_seconds), SPREAD)
        self._world.after(seconds, lambda: self._say(process, left))

    def _say(self, process: Process, left: int) -> None:
        ask(self._world, process, self._heard, lambda: self._think(process, left - 1))
