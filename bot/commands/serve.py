"""`bantline serve` and `bantline worker`."""

from collections.abc import Iterator

from bot.bootstrap import Services, learn_holidays_in_child, start_services
from bot.commands.ports import make_sure_of
from bot.heap import share_one_heap
from bot.logs import set_up_logs
from bot.migrations import bring_up_to_date_in_child
from bot.running import running
from bot.server import Server, run, wish_to_stop
from bot.settings import Settings, load_settings
from bot.warm_up import get_ready


def serve_everything(host: str, port: int) -> None:
    """Web, Slack and worker in one process until asked to stop."""
    share_one_heap()
    set_up_logs()
    settings = load_settings()
    make_sure_of(host, port)
    bring_up_to_date_in_child(settings.database_url)
    learn_holidays_in_child(settings)
    services = start_services(settings)
    try:
        run(_serve(services, host, port))
    finally:
        services.close()


async def _serve(services: Services, host: str, port: int) -> None:
    stopped = wish_to_stop()
    async with running(services) as program, Server(program, host, port).listening() as url:
        _say("\n".join(greeting(services.settings, url)))
        get_ready(services.clock(), to_stay=True)
        await stopped.wait()


def greeting(settings: Settings, url: str) -> Iterator[str]:
    """Where we listen, and what others are told: our public address, or one a browser on this machine can open."""
    yield f"Bantline listens on {url}"
    address = settings.url or url.replace("//0.0.0.0:", "//localhost:")
    yield f'  widget:  <script src="{address}/static/widget.js" async></script>'
    if not settings.uses_slack:
        yield "  Slack:   off - set SLACK_BOT_TOKEN (bantline init writes a settings file)"
    elif settings.uses_socket_mode:
        yield "  Slack:   Socket Mode"
    else:
        yield f"  Slack:   HTTP, request URL {address}/slack/events"
    if settings.installs_by_link:
        yield f"  Slack:   add it to a workspace at {address}/slack/install"


def _say(line: str) -> None:
    """Plainly and at once: what draws a terminal would stay loaded for as long as we serve."""
    print(line, flush=True)


def work_only() -> None:
    """The worker alone, beside web processes on the same database."""
    share_one_heap()
    set_up_logs()
    settings = load_settings()
    bring_up_to_date_in_child(settings.database_url)
    learn_holidays_in_child(settings)
    services = start_services(settings)
    try:
        run(_work(services))
    finally:
        services.close()


async def _work(services: Services) -> None:
    stopped = wish_to_stop()
    async with running(services, with_socket=False):
        _say("Bantline worker runs")
        await stopped.wait()
