"""Slack's error codes, sorted by what we do about them: try again later, give up, or ask an admin.

A code we have never seen is tried again: a repeat is harmless because it is reconciled first.
"""

from datetime import timedelta

from bot.delivery import GiveUp, OutcomeUnknown, RetryLater

ADMIN_LOOKS_AFTER = timedelta(minutes=1)


class AskAdmin(RetryLater):
    """It surely did not arrive, and only an admin can help; it stays in the outbox until somebody has."""

    def __init__(self, code: str) -> None:
        super().__init__(f"slack: {code}", ADMIN_LOOKS_AFTER, counts=False)
        self.code = code


class SlowDown(RetryLater):
    """Slack takes no more for a while and says for how long."""


class MessageGone(Exception):
    """The message we wanted to edit is not there any more."""


class FormAlreadyOpen(Exception):
    """This press has opened its form already: the press came twice."""


class FormMovedOn(Exception):
    """The form was changed or closed while we looked at it."""


# With these no channel takes anything from us: there is no other channel to try.
NOWHERE = frozenset(
    {
        "not_authed",
        "invalid_auth",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "not_allowed_token_type",
        "missing_scope",
        "org_login_required",
        "ekm_access_denied",
        "team_access_not_granted",
    }
)
NOT_IN_THIS_CHANNEL = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "access_denied",
        "no_permission",
    }
)
NEEDS_ADMIN = NOWHERE | NOT_IN_THIS_CHANNEL  # what to do about each stands in [slack_error] of templates/labels.*.toml

HOPELESS = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_arguments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "view_too_large",
        "unknown_method",
        "user_not_found",
        "user_disabled",
        "no_such_subteam",
        "subteam_not_found",
        "cannot_dm_bot",
        "thread_not_found",
        "cannot_reply_to_message",
    }
)
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
MAY_HAVE_HAPPENED = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
SLOWED_DOWN = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

SPENT = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
MOVED_ON = frozenset({"hash_conflict", "not_found"})

Trouble = RetryLater | GiveUp | OutcomeUnknown | MessageGone | FormAlreadyOpen | FormMovedOn


def trouble_of(code: str, *, status: int, retry_after: int | None, repeatable: bool) -> Trouble:
    """What an answer without `ok` means. `repeatable`: doing it twice is the same as once."""
    if retry_after is not None:
        return SlowDown(f"slack: {code or 'ratelimited'}", timedelta(seconds=retry_after), counts=False)
    if status == 429 or code in SLOWED_DOWN:
        return RetryLater(f"slack: {code or 'ratelimited'}", timedelta(seconds=30), counts=False)
    if code in GONE:
        return MessageGone(code)
    if code in SPENT:
        return FormAlreadyOpen(code)
    if code in MOVED_ON:
        return FormMovedOn(code)
    if code in NEEDS_ADMIN:
        return AskAdmin(code)
    if code in HOPELESS:
        return GiveUp(f"slack: {code}")
    if repeatable or not (status >= 500 or code in MAY_HAVE_HAPPENED):
        return RetryLater(f"slack: {code or status}")
    return OutcomeUnknown(f"slack: {code or status}")
