"""The command line: run it, set it up, ask it."""

import sys
from datetime import UTC, date, datetime
from typing import Annotated, Literal

import typer

from bot.cli.asked import AsJson, InLanguage, for_example, read_day
from bot.cli.clock import clock_app
from bot.cli.db import db_app
from bot.cli.leads import leads_app
from bot.cli.plain_help import in_plain_words
from bot.cli.policy import policy_app
from bot.cli.reps import reps_app
from bot.cli.webhook import webhook_app
from bot.commands.advice import fail, with_advice
from bot.commands.ports import HOST, LAST_PORT, PORT
from qualification.bant import Topic

app = typer.Typer(
    name="bantline",
    help="A self-hosted qualification bot: asks BANT, scores leads, and keeps the three-hour promise.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(leads_app, name="leads")
app.add_typer(policy_app, name="policy")
app.add_typer(db_app, name="db")
app.add_typer(clock_app, name="clock")
app.add_typer(reps_app, name="reps")
app.add_typer(webhook_app, name="webhook")


def read_command_line() -> None:
    """Do what was asked for; help says it in plain words."""
    in_plain_words(typer.main.get_command(app))()


Host = Annotated[str, typer.Option(help="Address to listen on.")]
Version = Annotated[bool, typer.Option("--version", help="Print the version and end.")]


@app.callback(invoke_without_command=True)
def bantline(version: Version = False) -> None:
    if version:
        from importlib.metadata import version as version_of

        print(f"bantline {version_of('bantline')}")
        raise typer.Exit


@app.command(epilog=for_example("serve", "serve --host 0.0.0.0 --port 8321"))
def serve(
    host: Host = HOST,
    port: Annotated[int, typer.Option(help="Port to listen on (0: any).", min=0, max=LAST_PORT)] = PORT,
) -> None:
    """Run everything: web, Slack and the worker."""
    from bot.commands.serve import serve_everything

    with_advice(lambda: serve_everything(host, port))


@app.command(epilog=for_example("worker"))
def worker() -> None:
    """Run only the worker: the clock and what is on its way out."""
    from bot.commands.serve import work_only

    with_advice(work_only)


@app.command(epilog=for_example("init"))
def init(
    path: Annotated[str, typer.Argument(help="Where to write the settings file.")] = "bantline.toml",
) -> None:
    """Write a settings file that explains itself."""
    from bot.commands.init import write_settings_file

    with_advice(lambda: write_settings_file(path))


@app.command(epilog=for_example("doctor", "doctor --slack"))
def doctor(
    as_json: AsJson = False,
    slack: Annotated[bool, typer.Option("--slack", help="Only Slack: tokens, scopes, channels, people.")] = False,
) -> None:
    """Check settings, database, Slack, mail, webhooks and the worker, and say what to do."""
    from bot.commands.doctor import examine

    if not with_advice(lambda: examine(as_json=as_json, only_slack=slack)):
        raise typer.Exit(1)


@app.command(
    epilog=for_example("manifest", "manifest --http https://bantline.example.com", "manifest --compare app.json")
)
def manifest(
    http: Annotated[str, typer.Option(help="Address of this server, https://HOST: Slack calls us there.")] = "",
    compare: Annotated[str, typer.Option(help="The manifest of your app, as JSON from its page: what differs?")] = "",
) -> None:
    """Print the manifest of the Slack app: for Socket Mode, or for HTTP at your address."""
    from bot.commands.manifest import compare_manifest, print_manifest

    if compare:
        if not with_advice(lambda: compare_manifest(compare, http)):
            raise typer.Exit(1)
    else:
        with_advice(lambda: print_manifest(http))


@app.command(epilog=for_example("demo --speed 600", "demo --play"))
def demo(
    play: Annotated[bool, typer.Option("--play", help="Act the whole story by itself and check it.")] = False,
    speed: Annotated[float, typer.Option(help="How much faster the clock runs.", min=1, max=3600)] = 1,
    port: Annotated[
        int, typer.Option(help="Port of the web page; the others follow it (0: any).", min=0, max=65_533)
    ] = PORT,
    language: Annotated[Literal["ja", "en"], typer.Option(help="What the team's channels are spoken to in.")] = "ja",
) -> None:
    """Try the whole product on this machine: no Slack, no account, no server needed."""
    from bot.commands.demo import play_story, show_demo

    if play:
        if not with_advice(play_story):
            raise typer.Exit(1)
    else:
        with_advice(lambda: show_demo(speed=speed, port=port, language=language))


@app.command(epilog=for_example("retention --dry-run"))
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget now what led nowhere and is old enough; the worker does so by itself (the policy says when)."""
    from bot.commands.retention import forget

    with_advice(lambda: forget(rehearse=dry_run, as_json=as_json))


@app.command(epilog=for_example("digest", "digest --date 2026-05-18 --language en"))
def digest(
    day: Annotated[
        date | None, typer.Option("--date", parser=read_day, metavar="DAY", help="As 2026-05-18 (today).")
    ] = None,
    language: Annotated[Literal["ja", "en"] | None, typer.Option(help="ja or en (the firm's).")] = None,
    as_json: AsJson = False,
) -> None:
    """A day in numbers: new, qualified, contacted in time, late and waiting, by rep."""
    from bot.commands.digest import print_digest

    with_advice(lambda: print_digest(day=day, language=language, as_json=as_json))


@app.command(epilog=for_example("review --from 2026-04-01 --to 2026-09-30"))
def review(
    since: Annotated[
        date | None,
        typer.Option("--from", parser=read_day, metavar="DAY", help="Qualified from this day on (a year ago)."),
    ] = None,
    until: Annotated[
        date | None, typer.Option("--to", parser=read_day, metavar="DAY", help="Qualified up to this day (today).")
    ] = None,
    language: InLanguage = "en",
    as_json: AsJson = False,
) -> None:
    """Did high scores become deals, and which indicators are weak: the sheet for the talk with sales."""
    from bot.commands.review import print_review

    with_advice(lambda: print_review(since=since, until=until, language=language, as_json=as_json))


@app.command(epilog=for_example('read --explain "by March, about $30k" --question budget', "read < lines.jsonl"))
def read(
    explain: Annotated[str | None, typer.Option(help="A text to explain, in place of JSON lines.")] = None,
    question: Annotated[str, typer.Option(help="What was asked: need, timeframe, ... or any.")] = "any",
    now: Annotated[datetime | None, typer.Option(help="The instant of reading, UTC.")] = None,
) -> None:
    """Read what people say: JSON lines in, understood facts out."""
    from rich.console import Console

    from bot.commands.read import explain as explain_text
    from bot.commands.read import read_lines

    if explain is None:
        with_advice(lambda: read_lines(sys.stdin, sys.stdout))
        return
    asked = _topic(question)
    with_advice(lambda: explain_text(explain, asked, (now or datetime.now(UTC)).replace(tzinfo=UTC), Console()))


def _topic(question: str) -> Topic | None:
    if question == "any":
        return None
    try:
        return Topic(question)
    except ValueError:
        raise fail(f"--question: one of any, {', '.join(Topic)}") from None
