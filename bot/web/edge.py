"""The one place that catches what nobody foresaw: logged, answered, and with the headers every answer has."""

from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.logs import log
from bot.web.limits import in_front
from bot.web.problems import problem

SORRY = "something went wrong on our side, and our log has it; send the same again: under the same id it counts once"


class Edge:
    """Stands around everything that may stumble."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str] = ()) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # the edge of the web door
            log.error("request_broke", path=_place(scope), exc_info=error)
            if not started:
                answer = problem(500, "internal", SORRY)
                await in_front(answer, scope, self._origins)(scope, receive, send)


def _place(scope: Scope) -> str:
    """Where it was, for the log: a path may hold a secret, its pattern does not."""
    pattern: str | None = getattr(scope.get("route"), "path", None)
    return pattern or "/" + scope["path"].split("/")[1]
