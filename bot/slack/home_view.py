"""What stands on the Home tab, top to bottom: today's result, what waits for me, what nobody has; then the team.

held        how many messages wait, while OUTBOUND=hold keeps all of them back
today       met in time, met late
accept      leads offered to me, waiting for my word
mine        by time left
unclaimed   by time left; a manager may give them away, too
team        for managers: how much each rep carries, which of their leads are late, and "Reassign"

Each list turns its own pages; the buttons work here as they do on the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, not_, text
from sqlmodel import Session, col

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.queue import Waiting, buttons_on, line_of, most_urgent_of, whose_leads, with_owners
from bot.slack.team import MOST_COUNTED, Load, Today, Who, loads_of, overdue_leads, today_of
from bot.slack.voice import Voice
from bot.upkeep.given_up import MOST_COUNTED as MOST_WAITING
from qualification.dossier import names_of
from qualification.look import LookNow
from qualification.offers import put_to_sales
from qualification.policy import Policy
from qualification.records import IS_OFFERED, IS_WORKED_ON, NOBODY_HAS, Lead

ROWS = 8
MOST_REPS, NAME = 20, 40
ACCEPT, MINE, UNCLAIMED, TEAM = "accept", "mine", "unclaimed", "team"
OFFERED: dict[str, tuple[str, ...]] = {
    ACCEPT: (ids.ACCEPT, ids.LOG_CALL, ids.HAND_BACK),
    MINE: (ids.LOG_CALL, ids.SEND_MAIL),
    UNCLAIMED: (ids.CLAIM,),
    TEAM: (ids.REASSIGN,),
}
LISTS = tuple(OFFERED)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list, counted from 0; whether there is one after it."""

    name: str
    number: int = 0
    rows: tuple[Waiting, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, kw_only=True)
class HomeFacts:
    """Everything a Home tab says. `team` is for managers: how much each rep carries.

    `held` is how many messages are held back on purpose; None when they leave as they should.
    """

    today: Today
    pages: tuple[Page, ...]
    held: int | None = None
    team: tuple[Load, ...] | None = None
    names: dict[str, str] = field(default_factory=dict)


# -- looking ---------------------------------------------------------------------------------------


def home_facts(session: Session, who: Who, turned: dict[str, int], policy: Policy, voice: Voice) -> HomeFacts:
    """`turned` says which page of each list is open."""
    asked = put_to_sales(policy)
    rows = LookNow(session, policy=policy, now=voice.now)
    pages = [_page(rows, name, who.id, turned.get(name, 0), asked) for name in (ACCEPT, MINE, UNCLAIMED)]
    loads = None
    if who.is_manager:
        pages.append(_late_page(session, turned.get(TEAM, 0), voice))
        loads = loads_of(session, voice.now)
    owners = {row.lead.owner_id for page in pages for row in page.rows if row.lead.owner_id}
    return HomeFacts(
        today=today_of(session, who.id, policy.working_hours, voice.now),
        pages=tuple(pages),
        team=loads,
        names=names_of(session, owners),
    )


def _page(rows: LookNow, name: str, user_id: str, number: int, asked: ColumnElement[bool] | None) -> Page:
    """One page of a list; in those of the rep's own stands what they do for an absent colleague, too."""
    owners = whose_leads(rows, user_id) if name in (ACCEPT, MINE) else (user_id,)
    lists = [one for owner in owners for one in _lists_of(name, col(Lead.owner_id) == owner, asked)]
    found = most_urgent_of(rows.session, *lists, skip=number * ROWS, most=ROWS + 1)
    return _cut(name, number, with_owners(rows, user_id, found))


def _lists_of(name: str, own: ColumnElement[bool], asked: ColumnElement[bool] | None) -> list[tuple[Any, ...]]:
    """A TQL that sales is not asked about yet is worked on as before."""
    if name == UNCLAIMED:
        return [(text(NOBODY_HAS),)]
    if name == ACCEPT:
        return [(own, text(IS_OFFERED), *(() if asked is None else (asked,)))]
    return [(own, text(IS_WORKED_ON)), *([] if asked is None else [(own, text(IS_OFFERED), not_(asked))])]


def _late_page(session: Session, number: int, voice: Voice) -> Page:
    return _cut(TEAM, number, overdue_leads(session, voice.now, skip=number * ROWS, most=ROWS + 1))


def _cut(name: str, number: int, rows: Sequence[Waiting]) -> Page:
    return Page(name=name, number=number, rows=tuple(rows[:ROWS]), has_more=len(rows) > ROWS)


# -- drawing ---------------------------------------------------------------------------------------


def home_view(facts: HomeFacts, voice: Voice) -> Json:
    """The whole tab, as Slack's `views.publish` takes it."""
    today = voice.label("home", "today").format(met=facts.today.met, late=facts.today.late)
    held = [] if facts.held is None else [blocks.section(_held(facts.held, voice))]
    drawn = [blocks.header(voice.label("home", "title")), *held, blocks.section(today)]
    for page in facts.pages:
        if page.name != TEAM:
            drawn += _list(page, facts, voice)
    if facts.team is not None:
        drawn += _team(facts, voice)
    return blocks.home(drawn)


def _team(facts: HomeFacts, voice: Voice) -> list[Json]:
    assert facts.team is not None
    drawn = [blocks.divider(), blocks.header(voice.label("home", "team"))]
    loads = [_load(load, voice) for load in facts.team[:MOST_REPS]]
    drawn.append(blocks.section("\n".join(loads) or voice.label("home", "nobody_carries_anything")))
    return drawn + [block for page in facts.pages if page.name == TEAM for block in _list(page, facts, voice)]


def _load(load: Load, voice: Voice) -> str:
    name = _short(load.name) if load.name else voice.card("nobody_owns")
    return voice.label("home", "load").format(name=name, running=_many(load.running), late=_many(load.late))


def _held(waiting: int, voice: Voice) -> str:
    return voice.label("home", "held").format(count=_many(waiting, MOST_WAITING))


def _many(count: int, most: int = MOST_COUNTED) -> str:
    return f"{most}+" if count > most else str(count)


def _list(page: Page, facts: HomeFacts, voice: Voice) -> list[Json]:
    """An empty list is left out; where nothing at all is the rep's own, theirs says so."""
    drawn = [blocks.divider(), blocks.header(voice.label("home", page.name if page.name != TEAM else "late_or_near"))]
    if not page.rows and page.number == 0:
        says_so = page.name == MINE and not _waits_for_a_word(facts)
        return [*drawn, blocks.context(voice.label("home", "empty"))] if says_so else []
    for row in page.rows:
        drawn.append(blocks.section(line_of(row, voice) + _whose(page, row, facts, voice)))
        if offered := buttons_on(row.lead, _offered(page, facts), voice, is_offered=page.name == ACCEPT):
            drawn.append(blocks.actions(f"{page.name}:{row.lead.id}", offered))
    return drawn + _turning(page, voice)


def _offered(page: Page, facts: HomeFacts) -> tuple[str, ...]:
    """A manager may also give away what nobody has."""
    gives_away = (ids.REASSIGN,) if page.name == UNCLAIMED and facts.team is not None else ()
    return OFFERED[page.name] + gives_away


def _waits_for_a_word(facts: HomeFacts) -> bool:
    """Whether leads of the rep's own stand in the list above, waiting to be accepted."""
    return any(page.name == ACCEPT and (page.rows or page.number) for page in facts.pages)


def _whose(page: Page, row: Waiting, facts: HomeFacts, voice: Voice) -> str:
    if page.name != TEAM:
        return ""
    owner = facts.names.get(row.lead.owner_id or "")
    return "\n" + (voice.says("owner", name=_short(owner)) if owner else voice.card("nobody_owns"))


def _short(name: str) -> str:
    return blocks.cut(blocks.one_line(name), NAME)


def _turning(page: Page, voice: Voice) -> list[Json]:
    ways = [("page_back", page.number - 1, page.number > 0), ("page_on", page.number + 1, page.has_more)]
    buttons = [
        blocks.button(voice.label("home", words), f"{ids.TURN_PAGE}{words}", f"{page.name}:{number}")
        for words, number, offered in ways
        if offered
    ]
    return [blocks.actions(f"turn:{page.name}", buttons)] if buttons else []
