"""`bantline webhook ...`: the program that hears what happens to leads."""

import typer

from bot.cli.asked import AsJson, for_example
from bot.commands.advice import with_advice

webhook_app = typer.Typer(help="The program that hears what happens to leads.", no_args_is_help=True)


@webhook_app.command("test", epilog=for_example("webhook test"))
def try_webhook(as_json: AsJson = False) -> None:
    """Send one signed event of no lead (type "test") to BANTLINE_WEBHOOK_URL, and say what came back."""
    from bot.commands.webhook import try_receiver

    if not with_advice(lambda: try_receiver(as_json=as_json)):
        raise typer.Exit(1)
