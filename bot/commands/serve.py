"""`bantline serve` and `bantline worker`."""

from rich.console import Console

from bot.bootstrap import Services, start_services
from bot.commands.ports import make_sure_of
from bot.logs import set_up_logs
from bot.migrations import bring_up_to_date_apart
from bot.running import Server, get_ready, run, running, wish_to_stop
from bot.settings import load_settings


def serve_everything(host: str, port: int) -> None:
    """Web, Slack and worker in one process until asked to stop."""
    set_up_logs()
    settings = load_settings()
    make_sure_of(host, port)
    bring_up_to_date_apart(settings.database_url)
    services = start_services(settings)
    try:
        run(_serve(services, host, port))
    finally:
        services.close()


async def _serve(services: Services, host: str, port: int) -> None:
    stopped = wish_to_stop()
    async with running(services) as program, Server(program, host, port).listening() as url:
        _greet(services, url)
        get_ready(services.clock(), to_stay=True)
        await stopped.wait()


def _greet(services: Services, url: str) -> None:
    console = Console(highlight=False)
    console.print(f"Bantline listens on {url}")
    console.print(f'  widget:  <script src="{url}/static/widget.js" async></script>', markup=False)
    if not services.settings.uses_slack:
        console.print("  Slack:   off - set SLACK_BOT_TOKEN (bantline init writes a settings file)")
    elif services.settings.uses_socket_mode:
        console.print("  Slack:   Socket Mode")
    else:
        console.print(f"  Slack:   HTTP, request URL {url}/slack/events")
    if services.settings.installs_by_link:
        console.print(f"  Slack:   add it to a workspace at {url}/slack/install")


def work_only() -> None:
    """The worker alone, beside web processes on the same database."""
    set_up_logs()
    settings = load_settings()
    bring_up_to_date_apart(settings.database_url)
    services = start_services(settings)
    try:
        run(_work(services))
    finally:
        services.close()


async def _work(services: Services) -> None:
    stopped = wish_to_stop()
    async with running(services, with_socket=False):
        Console(highlight=False).print("Bantline worker runs")
        await stopped.wait()
