"""What Slack's room keeps of a person: half-filled forms. The card's place stays, so that it can say "data deleted"."""

from bot.slack.records import SlackDraft
from qualification.store import Transaction


def erase_drafts_of(tx: Transaction, lead_id: str) -> None:
    tx.delete(SlackDraft, "lead_id", lead_id)
