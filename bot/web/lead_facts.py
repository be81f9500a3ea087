"""Facts about leads from outside: what they did on the site, in a mail, at an event; who they are.

Each is kept with its source and the source's own id, so that a repeat counts once and gets the same answer.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.bootstrap import Services
from bot.typed import LARGEST_AMOUNT, WITHOUT_NUL, in_one_line
from bot.web.leads import LeadId, needs_key
from qualification import leads
from qualification.activities import Seen
from qualification.answers import PROSPECT, Stated
from qualification.bant import Company, Contact, Headcount, Industry, Standing, Topic, Value
from qualification.deals import Result, Told, tell_result
from qualification.one_person import kept_of
from qualification.records import Activity, Lead
from qualification.store import Load, Transaction
from qualification.tombstones import living

LONGEST = 200
LONGEST_WAIT = 525_600  # minutes
NEEDED = (Load(Lead, "id"), Load(Activity, "key"))


def _seen(text: str) -> str:
    if shown := in_one_line(text).strip():
        return shown
    raise ValueError("there is nothing to see in it")


Line = Annotated[str, Field(min_length=1, max_length=LONGEST), WITHOUT_NUL]
Place = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_seen)]
Instant = Annotated[datetime, AfterValidator(lambda at: at if at.tzinfo else at.replace(tzinfo=UTC))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ActivityBody(_Body):
    """One activity. `id` is the source's own and counts once; without `at` it happened now; UTC without a zone.

    `minutes` of working time is how long our contact had waited, of the kind `answered_us` (M34).
    """

    id: Line
    kind: Line
    source: Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,40}$")] = "api"
    at: Instant | None = None
    seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    page: Annotated[str, Field(max_length=2_000), WITHOUT_NUL] | None = None
    by_machine: bool = False
    minutes: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] | None = None

    def as_seen(self) -> Seen:
        data = {"seconds": self.seconds, "page": self.page, "by_machine": self.by_machine}
        told = {name: value for name, value in data.items() if value}
        if self.minutes is not None:
            told["minutes"] = self.minutes
        return Seen(source=self.source, id=self.id, kind=self.kind, at=self.at, data=told)


class AttributesBody(_Body):
    """Who the person is and for which firm; what is left out stays as it is known."""

    industry: Industry | None = None
    headcount: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    title: Place | None = None
    department: Place | None = None
    standing: Standing | None = None

    def values(self) -> list[tuple[Topic, Value]]:
        size = Headcount(minimum=self.headcount, maximum=self.headcount) if self.headcount else None
        company = Company(headcount=size, industry=self.industry)
        contact = Contact(title=self.title, department=self.department, standing=self.standing)
        both: list[tuple[Topic, Value]] = [(Topic.COMPANY, company), (Topic.CONTACT, contact)]
        return [(topic, value) for topic, value in both if value not in (Company(), Contact())]


class ResultBody(_Body):
    """What became of the deal: won, lost, or left (they stopped using it). The amount in whole yen, dollars, ..."""

    result: Result
    amount: Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "JPY"
    note: Annotated[str, Field(max_length=1_000), WITHOUT_NUL] = ""

    def as_told(self) -> Told:
        return Told(result=self.result, amount=self.amount, currency=self.currency, words=self.note)


def lead_fact_routes(services: Services) -> APIRouter:
    routes = APIRouter(prefix="/api/leads", tags=["leads"], dependencies=[Depends(needs_key(services))])

    @routes.post("/{lead_id}/activities")
    async def see_activity(lead_id: LeadId, body: ActivityBody) -> dict[str, Any]:
        """Something the lead did; counts at its own time, once for each id, and the lead is judged anew.

        409 for an id under which another kind was told before.
        """
        seen = body.as_seen()
        work = _see(lead_id, seen)
        return await services.store.run(work, NEEDED, lead_id, seen.key(lead_id))

    @routes.post("/{lead_id}/attributes")
    async def learn_attributes(lead_id: LeadId, body: AttributesBody) -> dict[str, Any]:
        """Who they are: kept beside what was known, and the lead is judged anew."""
        return await services.store.run(_learn(lead_id, body), NEEDED[:1], lead_id)

    @routes.post("/{lead_id}/result")
    async def hear_result(lead_id: LeadId, body: ResultBody) -> dict[str, Any]:
        """What became of the deal; of several the last counts. The clocks of the lead end.

        409 for a lead that never qualified, and for `left` of a deal that was not won.
        """
        return await services.store.run(_hear(lead_id, body.as_told()), NEEDED[:1], lead_id)

    return routes


def _lead(tx: Transaction, lead_id: str) -> Lead:
    """The record that stands for this person. Raises LeadNotFound, DataErased."""
    return living(tx, kept_of(tx, leads.find(tx, lead_id)))


def _see(lead_id: str, seen: Seen) -> Any:
    def work(tx: Transaction) -> dict[str, Any]:
        lead = _lead(tx, lead_id)
        is_new = leads.see_activity(tx, lead, seen)
        return {"new": is_new, **_standing(lead)}

    return work


def _learn(lead_id: str, body: AttributesBody) -> Any:
    def work(tx: Transaction) -> dict[str, Any]:
        lead = _lead(tx, lead_id)
        for topic, value in body.values():
            answer = Stated(topic=topic, value=value, words="", certainty=1.0, said_by=PROSPECT, via="api", at=tx.now)
            leads.record_answer(tx, lead, answer, by="api")
        leads.reassess(tx, lead)
        return _standing(lead)

    return work


def _hear(lead_id: str, told: Told) -> Any:
    def work(tx: Transaction) -> dict[str, Any]:
        lead = _lead(tx, lead_id)
        tell_result(tx, lead, told, by="api")
        return {**_standing(lead), "result": told.result}

    return work


def _standing(lead: Lead) -> dict[str, Any]:
    return {"stage": lead.stage, "temperature": lead.temperature, "score": lead.score, "segment": lead.segment}
