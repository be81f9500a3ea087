"""Settings from the environment: sane where nothing is said, and every mistake named at once."""

from pathlib import Path

import pytest

from bot.commands.serve import greeting
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


@pytest.mark.parametrize(
    ("given", "listens", "others_use"),
    [
        ({}, "http://127.0.0.1:8321", "http://127.0.0.1:8321"),
        ({}, "http://0.0.0.0:8321", "http://localhost:8321"),
        ({"BANTLINE_URL": "https://chat.firm.example/"}, "http://0.0.0.0:8321", "https://chat.firm.example"),
    ],
    ids=["this machine", "every address", "a public address"],
)
def test_what_is_pasted_into_a_page_is_an_address_a_browser_can_open(
    given: dict[str, str], listens: str, others_use: str
) -> None:
    said = "\n".join(greeting(load_settings(given), listens))
    assert f"listens on {listens}\n" in said
    assert f'src="{others_use}/static/widget.js"' in said


def test_wrong_and_missing_settings_are_named_together() -> None:
    with pytest.raises(BadSettings) as mistakes:
        load_settings({"BANTLINE_LANGUAGE": "fr", "SLACK_BOT_TOKEN": "xoxb-1"})

    for name in ("BANTLINE_LANGUAGE", "SLACK_LEADS_CHANNEL", "SLACK_MANAGERS_CHANNEL", "SLACK_SIGNING_SECRET"):
        assert name in str(mistakes.value)


A_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AS_A_DATABASE = "write it as sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"


@pytest.mark.parametrize(
    ("name", "given", "advice"),
    [
        ("DATABASE_URL", "sqlite://bantline.db", AS_A_DATABASE),
        ("DATABASE_URL", "sqlite:///:memory:", AS_A_DATABASE),
        ("DATABASE_URL", "postgresql://u:p@127.0.0.1:abc/db", AS_A_DATABASE),
        ("DATABASE_URL", "postgresql://u:p@[::1/db", AS_A_DATABASE),
        ("DATABASE_URL", "postgresql://u:p@ss/w#d@127.0.0.1/db", "in the password, write %23 for #"),
        ("SMTP_URL", "smtp://user:pa#ss@mail.example", "in the password, write %23 for #"),
        ("DATABASE_URL", "postgresql://u:p/w@127.0.0.1/db", "in the password, write %23 for #"),
        ("SMTP_URL", "smtp://u:p@mail.example:587x", "write it as smtp://USER:PASSWORD@HOST:587"),
        ("SMTP_URL", "smtp://mail.example:99999", "write it as smtp://USER:PASSWORD@HOST:587"),
        ("SMTP_URL", "smtp://[mail", "write it as smtp://USER:PASSWORD@HOST:587"),
        ("SMTP_URL", "smtp://user@mail.example:587", "a user needs a password"),
        ("MAIL_FROM", "Sales <sales@firm.example>", "write one address"),
        ("MAIL_MANAGERS", "boss@firm.example;chief@firm.example", "write addresses as"),
        ("HEARTBEAT_URL", "watch.example/ping", "write it as https://HOST/..."),
        ("BANTLINE_WEBHOOK_SECRETS", "hunter2", "write each as whsec_ and 24 to 64 bytes in base64"),
        ("BANTLINE_WEBHOOK_SECRETS", "whsec_dG9vIHNob3J0", "write each as whsec_ and 24 to 64 bytes in base64"),
        ("BANTLINE_WEBHOOK_SECRETS", ",".join([A_SECRET] * 3), "two at most"),
        ("SLACK_API_URL", "slack.com/api", "write it as https://HOST/api/"),
        ("BANTLINE_URL", "https://", "write it as https://HOST"),
        ("BANTLINE_URL", "https://shop example", "write it as https://HOST"),
        ("BANTLINE_ALLOWED_ORIGINS", "www.firm.example", "write each site as https://HOST"),
        ("BANTLINE_ALLOWED_ORIGINS", "https://firm.example/shop", "write each site as https://HOST"),
        ("BANTLINE_ALLOWED_ORIGINS", "*", "empty: any site"),
        ("BANTLINE_API_KEY", "schlüssel", "write it without blanks"),
        ("BANTLINE_TRUSTED_PROXIES", "the proxy", "write addresses or networks"),
        ("BANTLINE_CHATS_A_MINUTE", "many", "write a whole number"),
        ("BANTLINE_CHATS_A_MINUTE", "-1", "write a whole number, 0 or more"),
        ("OUTBOUND", "off", "write on, careful or hold"),
    ],
)
def test_a_setting_written_wrongly_is_answered_with_how_to_write_it(name: str, given: str, advice: str) -> None:
    with pytest.raises(BadSettings) as mistakes:
        load_settings({name: given})

    (said,) = str(mistakes.value).splitlines()
    assert said.startswith(f"{name}: ")
    assert advice in said


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "sqlite:////srv/bantline/bantline.db"},
        {"DATABASE_URL": "postgresql://u:p%40ss@db.example:5432/bantline?options=-csearch_path%3Da"},
        {"DATABASE_URL": "postgresql://postgres:@/postgres?host=/run/postgresql"},
        {"SMTP_URL": "smtp://127.0.0.1:1025", "MAIL_FROM": "sales@firm.example"},
        {"BANTLINE_URL": "https://firm.example/bantline/"},
        {"BANTLINE_ALLOWED_ORIGINS": "https://www.firm.example/, http://localhost:8000"},
        {"BANTLINE_API_KEY": "a-Key_of+signs/1="},
        {"BANTLINE_WEBHOOK_URL": "https://crm.example/hooks?of=us", "BANTLINE_WEBHOOK_SECRETS": A_SECRET},
        {"BANTLINE_WEBHOOK_URL": "http://localhost:8000/", "BANTLINE_WEBHOOK_SECRETS": f"{A_SECRET},{A_SECRET}"},
    ],
    ids=lambda given: next(iter(given.values())),
)
def test_what_is_written_well_is_taken(given: dict[str, str]) -> None:
    load_settings(given)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        (b"BANTLINE_COMPANY = 5", "BANTLINE_COMPANY: write it in quotes"),
        (b"SLACK_MANAGERS = 5", 'SLACK_MANAGERS: write a list, ["one", "another"]'),
        (b'BANTLINE_COMPANY = "\x83A\x83T\x83q"', "it is not written in UTF-8"),
        (b"BANTLINE_COMPANY = Asahi", "Invalid value (at line 1, column 20)"),
        (b"BANTLINE_CHATS_A_MINUTE = " + b"9" * 5_000, "bantline.toml: Exceeds the limit"),
        (b"\xef\xbb\xbfBANTLINE_CHATS_A_MINUTE = 5\nSLACK_MANAGERS = 5", "SLACK_MANAGERS: write a list"),
    ],
)
def test_a_settings_file_written_wrongly_says_how_to_write_it(written: bytes, advice: str, tmp_path: Path) -> None:
    file = tmp_path / "bantline.toml"
    file.write_bytes(written)

    with pytest.raises(BadSettings) as mistakes:
        load_settings({"BANTLINE_SETTINGS": str(file)})

    assert advice in str(mistakes.value)


@pytest.mark.parametrize(
    "host", ["a..example", "-crm.example", "crm-.example", "300.1.1.1", "crm!.example", f"{'a' * 64}.example"]
)
@pytest.mark.parametrize("setting", ["BANTLINE_URL", "HEARTBEAT_URL", "SMTP_URL", "BANTLINE_WEBHOOK_URL"])
def test_a_host_that_cannot_be_one_is_refused(setting: str, host: str) -> None:
    scheme = "smtp" if setting == "SMTP_URL" else "https"
    with pytest.raises(BadSettings, match=f"{setting}: write it as"):
        load_settings({setting: f"{scheme}://{host}", "BANTLINE_WEBHOOK_SECRETS": A_SECRET})


@pytest.mark.parametrize(
    "host", ["crm", "日本.example", "my_host.internal", "10.0.0.7", "[::1]", "crm.example.", "3com.example"]
)
def test_a_host_may_be_a_name_of_any_language_or_an_address_of_numbers(host: str) -> None:
    assert load_settings({"BANTLINE_URL": f"https://{host}"}).url == f"https://{host}"


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hooks",
        "https://user:pw@crm.example/",
        "https://",
        "crm.example",
        "http://127.0.0.1.example/",
    ],
)
def test_what_we_tell_of_people_goes_to_no_address_without_tls(url: str) -> None:
    with pytest.raises(BadSettings) as mistakes:
        load_settings({"BANTLINE_WEBHOOK_URL": url, "BANTLINE_WEBHOOK_SECRETS": A_SECRET})

    assert str(mistakes.value).startswith("BANTLINE_WEBHOOK_URL: write it as https://HOST/...")


def test_nothing_is_told_unsigned() -> None:
    with pytest.raises(BadSettings, match="BANTLINE_WEBHOOK_SECRETS: goes with BANTLINE_WEBHOOK_URL"):
        load_settings({"BANTLINE_WEBHOOK_URL": "https://crm.example/hooks"})


def test_lists_are_separated_by_commas() -> None:
    given = {"SLACK_MANAGERS": "U1, U2", "BANTLINE_ALLOWED_ORIGINS": "https://a.example,https://b.example"}
    settings = load_settings(given)

    assert settings.slack_managers == ("U1", "U2")
    assert settings.bantline_allowed_origins == ("https://a.example", "https://b.example")
