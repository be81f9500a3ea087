"""`bantline leads ...`: look at leads, take lists in and give them out, put right who is here twice."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.asked import AsJson, InLanguage, for_example
from bot.commands.advice import with_advice

leads_app = typer.Typer(
    help="Look at leads and say why they stand where they stand; take lists in, give lists out, merge.",
    no_args_is_help=True,
)


@leads_app.command("list", epilog=for_example("leads list --stage sql", "leads list --priority --limit 10"))
def list_leads(
    as_json: AsJson = False,
    stage: Annotated[str | None, typer.Option(help="Only leads at this stage.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=10_000)] = 50,
    first: Annotated[bool, typer.Option("--priority", help="Whom to approach first, not the newest.")] = False,
    language: InLanguage = "en",
) -> None:
    """The newest leads, or those to approach first."""
    from bot.commands.leads import print_list

    with_advice(
        lambda: print_list(
            stage=stage, limit=limit, order="priority" if first else "newest", as_json=as_json, language=language
        )
    )


@leads_app.command("show", epilog=for_example("leads show jane@acme.example", "leads show 3f2a9c --language ja"))
def show_lead(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
    as_json: AsJson = False,
    language: InLanguage = "en",
) -> None:
    """One lead with its answers, clock, history, and why it stands where it stands."""
    from bot.commands.leads import print_lead

    with_advice(lambda: print_lead(lead, as_json=as_json, language=language))


@leads_app.command("why", epilog=for_example("leads why 3f2a9c"))
def why_lead(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
    as_json: AsJson = False,
    language: InLanguage = "en",
) -> None:
    """Why a lead has its score and its stage, and the shortest way to the next one."""
    from bot.commands.leads import print_why

    with_advice(lambda: print_why(lead, as_json=as_json, language=language))


@leads_app.command("activity", epilog=for_example("leads activity 3f2a9c seminar_attended --at 2026-05-18T14:00"))
def see_activity(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
    kind: Annotated[str, typer.Argument(help="What they did: document_requested, seminar_attended, ...")],
    at: Annotated[datetime | None, typer.Option(help="When, in the firm's zone; now if left out.")] = None,
    source: Annotated[str, typer.Option(help="Who tells it.")] = "cli",
    source_id: Annotated[str | None, typer.Option("--id", help="The source's own id; the same id counts once.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record something a lead did, and judge it anew."""
    from bot.commands.leads import see_activity as see

    with_advice(lambda: see(lead, kind, at=at, source=source, source_id=source_id, as_json=as_json))


@leads_app.command("reopen", epilog=for_example('leads reopen 3f2a9c --reason "new head of department, wants a demo"'))
def reopen_lead(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
    reason: Annotated[str, typer.Option(help="Why it is worth another look.")],
    as_json: AsJson = False,
) -> None:
    """Take a lead out of DISQUALIFIED; a person who asked to be left alone stays left alone."""
    from bot.commands.leads import reopen

    with_advice(lambda: reopen(lead, reason, as_json=as_json))


@leads_app.command(
    "result",
    epilog=for_example('leads result 3f2a9c won --amount 3000000 --note "three years"', "leads result 3f2a9c lost"),
)
def lead_result(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
    result: Annotated[Literal["won", "lost", "left"], typer.Argument(help="won, lost, left (they stopped using it).")],
    amount: Annotated[int | None, typer.Option(min=0, help="What the deal is worth.")] = None,
    currency: Annotated[str, typer.Option(help="The amount's currency.")] = "JPY",
    note: Annotated[str, typer.Option(help="A word about it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what became of the deal; `bantline review` counts it, and nobody is reminded to call any more."""
    from bot.commands.leads import tell

    with_advice(lambda: tell(lead, result, amount=amount, currency=currency, words=note, as_json=as_json))


@leads_app.command(
    "import",
    epilog=for_example(
        "leads import cards.csv --dry-run",
        'leads import cards.xlsx --source "Expo Tokyo 2026"',
    ),
)
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

    all_well = with_advice(
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


@leads_app.command("export", epilog=for_example("leads export leads.csv", "leads export sql.csv --stage sql"))
def export_leads(
    path: Annotated[Path | None, typer.Argument(help="Where to write; to the terminal when left out.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only leads at this stage.")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="utf-8-sig opens in Excel (a file's, if left out); cp932 in old ones.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there already.")] = False,
) -> None:
    """Write the leads as CSV, safe to open in a spreadsheet and to import again."""
    from bot.commands.lists import export_list

    with_advice(lambda: export_list(path, stage=stage, encoding=encoding, replace=replace))


@leads_app.command("erase", epilog=for_example("leads erase jane@acme.example --dry-run"))
def erase_person(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person's data for good; what stays is an id that is never contacted."""
    from bot.commands.person import erase

    with_advice(lambda: erase(lead, rehearse=dry_run, sure=yes, as_json=as_json))


@leads_app.command("export-person", epilog=for_example("leads export-person jane@acme.example > jane.json"))
def export_person(
    lead: Annotated[str, typer.Argument(help="The lead's id, the beginning of it, or their e-mail address.")],
) -> None:
    """Print everything we hold on one person, as JSON."""
    from bot.commands.person import export_person as export

    with_advice(lambda: export(lead))


@leads_app.command("duplicates", epilog=for_example("leads duplicates", "leads duplicates --language ja"))
def list_duplicates(as_json: AsJson = False, language: InLanguage = "en") -> None:
    """Leads that may be the same person: by e-mail, phone, or company and name."""
    from bot.commands.duplicates import print_duplicates

    with_advice(lambda: print_duplicates(as_json=as_json, language=language))


@leads_app.command("merge", epilog=for_example("leads merge 3f2a9c 81be07", "leads merge 3f2a9c 81be07 --undo"))
def merge_leads(
    kept: Annotated[str, typer.Argument(help="The lead that stays.")],
    other: Annotated[str, typer.Argument(help="The lead that goes into it.")],
    undo: Annotated[bool, typer.Option("--undo", help="Make two leads of them again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make two records of one person one lead; --undo takes it back."""
    from bot.commands.duplicates import merge_two, undo_merge_of

    with_advice(lambda: (undo_merge_of if undo else merge_two)(kept, other, as_json=as_json))
