"""Settings from the environment: sane where nothing is said, and every mistake named at once."""

import pytest

from bot.settings import BadSettings, load_settings


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({"SMTP_URL": "smtp://mail.example:25", "MAIL_FROM": "sales@firm.example"}, "sales@firm.example"),
        ({"SMTP_URL": "smtp://sales%40firm.example:secret@mail.example:587"}, "sales@firm.example"),
        ({"SMTP_URL": "smtp://relay:secret@mail.example:587"}, "bantline@mail.example"),
        ({"SMTP_URL": "smtp://127.0.0.1:1025"}, "bantline@127.0.0.1"),
    ],
    ids=["as told", "the account is an address", "the account is a name", "no account"],
)
def test_mail_has_a_sender_even_when_nobody_named_one(given: dict[str, str], sender: str) -> None:
    assert load_settings(given).sender_address == sender


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"])
def test_the_base_url_of_slack_may_end_with_or_without_a_slash(url: str) -> None:
    assert load_settings({"SLACK_API_URL": url}).slack_api_url == "http://127.0.0.1:9/api/"


def test_wrong_and_missing_settings_are_named_together() -> None:
    with pytest.raises(BadSettings) as mistakes:
        load_settings({"BANTLINE_LANGUAGE": "fr", "SLACK_BOT_TOKEN": "xoxb-1"})

    for name in ("BANTLINE_LANGUAGE", "SLACK_LEADS_CHANNEL", "SLACK_MANAGERS_CHANNEL", "SLACK_SIGNING_SECRET"):
        assert name in str(mistakes.value)


def test_lists_are_separated_by_commas() -> None:
    given = {"SLACK_MANAGERS": "U1, U2", "BANTLINE_ALLOWED_ORIGINS": "https://a.example,https://b.example"}
    settings = load_settings(given)

    assert settings.slack_managers == ("U1", "U2")
    assert settings.bantline_allowed_origins == ("https://a.example", "https://b.example")
