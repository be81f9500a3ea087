"""Reading leads from outside, with the operator's key."""

import hmac
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Query

from bot.bootstrap import Services
from bot.in_words.why import why_json
from bot.lead_json import dossier_json, summary_json
from bot.typed import WITHOUT_NUL
from qualification.dossier import Dossier, dossier_of
from qualification.look import Look
from qualification.priority import Order, leads_by_priority, newest_leads
from qualification.stages import Stage

LeadId = Annotated[str, WITHOUT_NUL]


def needs_key(services: Services) -> Callable[..., Awaitable[None]]:
    """The check of the operator's key, as a dependency of a route."""

    async def check_key(authorization: Annotated[str | None, Header()] = None) -> None:
        key = services.settings.bantline_api_key
        kind, _, given = (authorization or "").partition(" ")
        if not key or kind.lower() != "bearer" or not hmac.compare_digest(given.encode(), key.encode()):
            raise HTTPException(401, "send Authorization: Bearer and the value of BANTLINE_API_KEY")

    return check_key


def lead_routes(services: Services) -> APIRouter:
    routes = APIRouter(prefix="/api/leads", tags=["leads"], dependencies=[Depends(needs_key(services))])

    async def dossier(lead_id: str) -> Dossier:
        policy, now = services.store.policy, services.clock()
        return await services.store.look(lambda session: dossier_of(Look(session), lead_id, policy=policy, now=now))

    @routes.get("")
    async def list_leads(
        stage: Stage | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        order: Order = "newest",
    ) -> dict[str, Any]:
        """The leads, the newest first or whom to approach first; of one stage if it is given."""
        line = services.store.policy.stages.mql.priority_score
        look = partial(leads_by_priority, line=line) if order == "priority" else newest_leads
        leads = await services.store.look(lambda session: look(session, stage=stage, limit=limit))
        return {"leads": [summary_json(lead) for lead in leads]}

    @routes.get("/{lead_id}")
    async def show_lead(lead_id: LeadId) -> dict[str, Any]:
        """All we know of a lead: answers, clocks, calls and what happened. 404 for an id nobody has."""
        return dossier_json(await dossier(lead_id), services.words, services.clock())

    @routes.get("/{lead_id}/why")
    async def explain_lead(lead_id: LeadId) -> dict[str, Any]:
        """Each point with its evidence, each move with its reason, and the shortest way to the next stage."""
        return why_json(await dossier(lead_id), services.store.policy)

    return routes
