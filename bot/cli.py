"""The command line: run it, set it up, ask it."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer
from rich.console import Console

from qualification.bant import Topic

T = TypeVar("T")

app = typer.Typer(
    name="bantline",
    help="A self-hosted qualification bot: asks BANT, scores leads, and keeps the three-hour promise.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
leads_app = typer.Typer(
    help="Look at leads and say why they stand where they stand; take lists in, give lists out, merge.",
    no_args_is_help=True,
)
clock_app = typer.Typer(help="Who waits until when, and what working time makes of an instant.", no_args_is_help=True)
policy_app = typer.Typer(help="Check, read, compare and replay policies.", no_args_is_help=True)
app.add_typer(leads_app, name="leads")
app.add_typer(policy_app, name="policy")
db_app = typer.Typer(help="The database: move house.", no_args_is_help=True)
app.add_typer(db_app, name="db")
reps_app = typer.Typer(help="Who is here, who is away.", no_args_is_help=True)
app.add_typer(clock_app, name="clock")
app.add_typer(reps_app, name="reps")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Version = Annotated[bool, typer.Option("--version", help="Print the version and end.")]
InLanguage = Annotated[Literal["ja", "en"], typer.Option("--language", help="ja or en.")]
Rep = Annotated[str, typer.Argument(help="Their name or Slack id, or a part of the name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def fail(message: str) -> typer.Exit:
    """Say what is wrong and how to go on, and end with status 2."""
    Console(stderr=True, highlight=False).print(message, style="red", markup=False, soft_wrap=True)
    return typer.Exit(2)


@app.callback(invoke_without_command=True)
def bantline(version: Version = False) -> None:
    if version:
        from importlib.metadata import version as version_of

        print(f"bantline {version_of('bantline')}")
        raise typer.Exit


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on (0: any).", min=0, max=65_535)] = 8321,
) -> None:
    """Run everything: web, Slack and the worker."""
    from bot.commands.serve import serve_everything

    _run(lambda: serve_everything(host, port))


@app.command()
def worker() -> None:
    """Run only the worker: the clock and what is on its way out."""
    from bot.commands.serve import work_only

    _run(work_only)


@app.command()
def init(
    path: Annotated[str, typer.Argument(help="Where to write the settings file.")] = "bantline.toml",
) -> None:
    """Write a settings file that explains itself."""
    from bot.commands.init import write_settings_file

    _run(lambda: write_settings_file(path))


@app.command()
def doctor(
    as_json: AsJson = False,
    slack: Annotated[bool, typer.Option("--slack", help="Only Slack: tokens, scopes, channels, people.")] = False,
) -> None:
    """Check settings, database, Slack, mail and the worker, and say what to do."""
    from bot.commands.doctor import examine

    if not _run(lambda: examine(as_json=as_json, only_slack=slack)):
        raise typer.Exit(1)


@app.command()
def manifest(
    http: Annotated[str, typer.Option(help="Address of this server, https://HOST: Slack calls us there.")] = "",
    compare: Annotated[str, typer.Option(help="The manifest of your app, as JSON from its page: what differs?")] = "",
) -> None:
    """Print the manifest of the Slack app: for Socket Mode, or for HTTP at your address."""
    from bot.commands.manifest import compare_manifest, print_manifest

    if compare:
        if not _run(lambda: compare_manifest(compare, http)):
            raise typer.Exit(1)
    else:
        _run(lambda: print_manifest(http))


@app.command()
def demo(
    play: Annotated[bool, typer.Option("--play", help="Act the whole story by itself and check it.")] = False,
    speed: Annotated[float, typer.Option(help="How much faster the clock runs.", min=1, max=3600)] = 1,
    port: Annotated[
        int, typer.Option(help="Port of the web page; the others follow it (0: any).", min=0, max=65_533)
    ] = 8321,
) -> None:
    """Try the whole product on this machine: no Slack, no account, no server needed."""
    from bot.commands.demo import play_story, show_demo

    if play:
        if not _run(play_story):
            raise typer.Exit(1)
    else:
        _run(lambda: show_demo(speed=speed, port=port))


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget now what led nowhere and is old enough; the worker does so by itself (the policy says when)."""
    from bot.commands.retention import forget

    _run(lambda: forget(rehearse=dry_run, as_json=as_json))


@app.command()
def digest(
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day (today).")] = None,
    language: Annotated[Literal["ja", "en"] | None, typer.Option(help="ja or en (the firm's).")] = None,
    as_json: AsJson = False,
) -> None:
    """A day in numbers: new, qualified, contacted in time, late and waiting, by rep."""
    from bot.commands.digest import print_digest

    _run(lambda: print_digest(day=day.date() if day else None, language=language, as_json=as_json))


@app.command()
def review(
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Qualified from this day on (a year ago).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Qualified up to this day (today).")
    ] = None,
    language: InLanguage = "en",
    as_json: AsJson = False,
) -> None:
    """Did high scores become deals, and which indicators are weak: the sheet for the talk with sales."""
    from bot.commands.review import print_review

    first, last = (day.date() if day else None for day in (since, until))
    _run(lambda: print_review(since=first, until=last, language=language, as_json=as_json))


@leads_app.command("list")
def list_leads(
    as_json: AsJson = False,
    stage: Annotated[str | None, typer.Option(help="Only leads at this stage.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=10_000)] = 50,
    first: Annotated[bool, typer.Option("--priority", help="Whom to approach first, not the newest.")] = False,
) -> None:
    """The newest leads, or those to approach first."""
    from bot.commands.leads import print_list

    _run(lambda: print_list(stage=stage, limit=limit, order="priority" if first else "newest", as_json=as_json))


@leads_app.command("show")
def show_lead(
    lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")],
    as_json: AsJson = False,
    language: InLanguage = "en",
) -> None:
    """One lead with its answers, clock, history, and why it stands where it stands."""
    from bot.commands.leads import print_lead

    _run(lambda: print_lead(lead, as_json=as_json, language=language))


@leads_app.command("why")
def why_lead(
    lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")],
    as_json: AsJson = False,
    language: InLanguage = "en",
) -> None:
    """Why a lead has its score and its stage, and the shortest way to the next one."""
    from bot.commands.leads import print_why

    _run(lambda: print_why(lead, as_json=as_json, language=language))


@leads_app.command("activity")
def see_activity(
    lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")],
    kind: Annotated[str, typer.Argument(help="What they did: document_requested, seminar_attended, ...")],
    at: Annotated[datetime | None, typer.Option(help="When, in the firm's zone; now if left out.")] = None,
    source: Annotated[str, typer.Option(help="Who tells it.")] = "cli",
    source_id: Annotated[str | None, typer.Option("--id", help="The source's own id; the same id counts once.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record something a lead did, and judge it anew."""
    from bot.commands.leads import see_activity as see

    _run(lambda: see(lead, kind, at=at, source=source, source_id=source_id, as_json=as_json))


PolicyFile = Annotated[str | None, typer.Argument(help="A policy file, or `shipped`; left out: the one in force.")]


@policy_app.command("check")
def check_policy(path: PolicyFile = None, as_json: AsJson = False) -> None:
    """Name every mistake with its line. Ends with 0 when all is fine, 1 with hints, 2 with mistakes."""
    from bot.commands.policy import check_policy as check

    raise typer.Exit(_run(lambda: check(path, as_json=as_json)))


@policy_app.command("explain")
def explain_policy(path: PolicyFile = None, language: InLanguage = "en", as_json: AsJson = False) -> None:
    """Say in words how leads are judged."""
    from bot.commands.policy import explain_policy as explain

    _run(lambda: explain(path, language=language, as_json=as_json))


@policy_app.command("replay")
def replay_policy(
    policy: Annotated[str | None, typer.Option("--policy", help="The changed policy file.")] = None,
    trial: Annotated[str | None, typer.Option(help="A model of [trials] in the policy, in place of a file.")] = None,
    before: Annotated[str | None, typer.Option("--before", help="Compare with this one, not the one in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Live the recorded past again under a changed policy: who would stand elsewhere, alerts, late contacts."""
    from bot.commands.replay import replay

    _run(lambda: replay(policy, before=before, trial=trial, as_json=as_json))


@policy_app.command("diff")
def diff_policies(
    after: Annotated[str, typer.Argument(help="The changed policy file.")],
    before: Annotated[str | None, typer.Option("--before", help="Compare with this one, not the one in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every value that differs. Ends with 0 when none does, with 1 otherwise."""
    from bot.commands.policy import diff_policies as diff

    raise typer.Exit(_run(lambda: diff(before, after, as_json=as_json)))


@leads_app.command("reopen")
def reopen_lead(
    lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")],
    reason: Annotated[str, typer.Option(help="Why it is worth another look.")],
    as_json: AsJson = False,
) -> None:
    """Take a lead out of DISQUALIFIED; a person who asked to be left alone stays left alone."""
    from bot.commands.leads import reopen

    _run(lambda: reopen(lead, reason, as_json=as_json))


@leads_app.command("result")
def lead_result(
    lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")],
    result: Annotated[Literal["won", "lost", "left"], typer.Argument(help="won, lost, left (they stopped using it).")],
    amount: Annotated[int | None, typer.Option(min=0, help="What the deal is worth.")] = None,
    currency: Annotated[str, typer.Option(help="The amount's currency.")] = "JPY",
    note: Annotated[str, typer.Option(help="A word about it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what became of the deal; `bantline review` counts it, and nobody is reminded to call any more."""
    from bot.commands.leads import tell

    _run(lambda: tell(lead, result, amount=amount, currency=currency, words=note, as_json=as_json))


@db_app.command("copy")
def copy_db(
    source: Annotated[str, typer.Argument(help="What DATABASE_URL is now: sqlite:///bantline.db")],
    target: Annotated[str, typer.Argument(help="An empty database: postgresql://bantline:...@db.example.com/bantline")],
    as_json: AsJson = False,
) -> None:
    """Everything from one database into an empty one, compared row by row; stop Bantline first."""
    from bot.commands.moving import copy_database

    _run(lambda: copy_database(source, target, as_json=as_json))


@reps_app.command("list")
def list_reps(as_json: AsJson = False) -> None:
    """Everybody who has used Bantline in Slack."""
    from bot.commands.reps import print_reps

    _run(lambda: print_reps(as_json=as_json))


@reps_app.command("away")
def rep_away(
    name: Rep,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day back (2026-12-01).")],
    as_json: AsJson = False,
) -> None:
    """Away until a day: whoever stands in hears of their leads from now on."""
    from bot.commands.reps import send_away

    _run(lambda: send_away(name, until.date(), as_json=as_json))


@reps_app.command("back")
def rep_back(name: Rep, as_json: AsJson = False) -> None:
    """Here again."""
    from bot.commands.reps import take_back

    _run(lambda: take_back(name, as_json=as_json))


@leads_app.command("import")
def import_leads(
    path: Annotated[
        Path, typer.Argument(help="A CSV (UTF-8 or Shift_JIS) or Excel file; the first row names the columns.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen, write nothing.")] = False,
    column: Annotated[
        list[str] | None, typer.Option(help="HEADING=company: what a heading of this file means.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="The file's encoding, when we guess wrong.")] = None,
    origin: Annotated[str, typer.Option(help="inbound or outbound.")] = "outbound",
    source: Annotated[str | None, typer.Option(help="Where the list is from: Expo Tokyo 2026.")] = None,
    activity: Annotated[str | None, typer.Option(help="What they all did: seminar_attended, card_exchanged.")] = None,
    start_clocks: Annotated[bool, typer.Option("--start-clocks", help="Judge them now; who qualifies rings.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in business cards or a calling list; nobody comes in twice, and no clock starts unless asked."""
    from bot.commands.lists import import_list

    all_well = _run(
        lambda: import_list(
            path,
            rehearse=dry_run,
            columns=column or [],
            encoding=encoding,
            origin=origin,
            source=source,
            activity=activity,
            start_clocks=start_clocks,
            as_json=as_json,
        )
    )
    if not all_well:
        raise typer.Exit(1)


@leads_app.command("export")
def export_leads(
    path: Annotated[Path | None, typer.Argument(help="Where to write; to the terminal when left out.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only leads at this stage.")] = None,
    encoding: Annotated[str, typer.Option(help="utf-8-sig opens in Excel; cp932 in old ones.")] = "utf-8-sig",
) -> None:
    """Write the leads as CSV, safe to open in a spreadsheet and to import again."""
    from bot.commands.lists import export_list

    _run(lambda: export_list(path, stage=stage, encoding=encoding))


@leads_app.command("erase")
def erase_person(
    lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person's data for good; what stays is an id that is never contacted."""
    from bot.commands.person import erase

    _run(lambda: erase(lead, rehearse=dry_run, sure=yes, as_json=as_json))


@leads_app.command("export-person")
def export_person(lead: Annotated[str, typer.Argument(help="The lead's id, or the beginning of it.")]) -> None:
    """Print everything we hold on one person, as JSON."""
    from bot.commands.person import export_person as export

    _run(lambda: export(lead))


@leads_app.command("duplicates")
def list_duplicates(as_json: AsJson = False) -> None:
    """Leads that may be the same person: by e-mail, phone, or company and name."""
    from bot.commands.duplicates import print_duplicates

    _run(lambda: print_duplicates(as_json=as_json))


@leads_app.command("merge")
def merge_leads(
    kept: Annotated[str, typer.Argument(help="The lead that stays.")],
    other: Annotated[str, typer.Argument(help="The lead that goes into it.")],
    undo: Annotated[bool, typer.Option("--undo", help="Make two leads of them again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make two records of one person one lead; --undo takes it back."""
    from bot.commands.duplicates import merge_two, undo_merge_of

    _run(lambda: (undo_merge_of if undo else merge_two)(kept, other, as_json=as_json))


@app.command()
def read(
    explain: Annotated[str | None, typer.Option(help="A text to explain, in place of JSON lines.")] = None,
    question: Annotated[str, typer.Option(help="What was asked: need, timeframe, ... or any.")] = "any",
    now: Annotated[datetime | None, typer.Option(help="The instant of reading, UTC.")] = None,
) -> None:
    """Read what people say: JSON lines in, understood facts out."""
    from bot.commands.read import explain as explain_text
    from bot.commands.read import read_lines

    if explain is None:
        _run(lambda: read_lines(sys.stdin, sys.stdout))
        return
    asked = _topic(question)
    _run(lambda: explain_text(explain, asked, (now or datetime.now(UTC)).replace(tzinfo=UTC), Console()))


def _topic(question: str) -> Topic | None:
    if question == "any":
        return None
    try:
        return Topic(question)
    except ValueError:
        raise fail(f"--question: one of any, {', '.join(Topic)}") from None


@clock_app.command("list")
def list_clocks(
    as_json: AsJson = False,
    zone: Annotated[str | None, typer.Option(help="Your zone (Europe/London); the firm's if left out.")] = None,
    limit: Annotated[int, typer.Option(help="How many, the most urgent first.", min=1, max=10_000)] = 50,
) -> None:
    """Who waits, since when, due when, and how long is left."""
    from bot.commands.clocks import print_clocks

    _run(lambda: print_clocks(zone=zone, limit=limit, as_json=as_json))


@clock_app.command("recompute")
def recompute_clocks(
    rules: Annotated[
        bool, typer.Option("--rules", help="Also take over the rules of now: minutes, steps, evidence.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """After the policy was edited: lay out anew what is still to come of the clocks that run."""
    from bot.commands.clocks import recompute_clocks as recompute

    _run(lambda: recompute(with_rules=rules, dry_run=dry_run, as_json=as_json))


@clock_app.command("due")
def clock_due() -> None:
    """When work that starts now is due: JSON lines in, due instants out."""
    from bot.commands.clock import due_lines

    _run(lambda: due_lines(sys.stdin, sys.stdout))


def _run(command: Callable[[], T]) -> T:
    try:
        return command()
    except _mendable() as problem:
        from bot.commands.problems import advice_on

        raise fail(advice_on(problem)) from problem


def _mendable() -> tuple[type[Exception], ...]:
    """Looked at only when something went wrong: a command loads no more than it needs. The rest keeps its traceback."""
    from bot.commands.problems import MENDABLE

    return MENDABLE
