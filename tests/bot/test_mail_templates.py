"""The mails and the lines for the phone: shipped with the product, or a firm's own beside them."""

from pathlib import Path

import pytest

from bot.mail.own_templates import BadTemplate
from bot.mail.templates import SHIPPED_MAILS, NoSuchMail
from bot.words import Words
from tests.bot.said import LANGUAGES, TOKYO, WORDS

ABOUT_A_LEAD = {
    "person": "山田 太郎",
    "company": "株式会社北星",
    "rep_name": "佐藤 恵",
    "rep_email": "sato@example.jp",
    "rep_phone": "03-1111-2222",
    "need_words": "業務効率化",
    "timeframe_words": "2026年9月30日まで",
    "budget_words": "300万円",
    "due": "5月18日(月) 11:10",
}


@pytest.mark.parametrize("name", SHIPPED_MAILS)
@pytest.mark.parametrize("facts", [ABOUT_A_LEAD, {"rep_name": "佐藤 恵"}, {}], ids=["all", "rep only", "none"])
def test_every_mail_is_whole_with_and_without_facts(name: str, facts: dict[str, str]) -> None:
    for language in LANGUAGES:
        mail = WORDS.mail(name, language, facts)
        assert mail.subject
        assert "\n" not in mail.subject
        assert "None" not in mail.body
        assert "\n\n\n" not in mail.body
        assert not mail.body.startswith("\n")


def test_a_japanese_mail_opens_with_firm_and_person_and_greets_in_the_usual_way() -> None:
    opening = WORDS.mail("after_no_answer", "ja", ABOUT_A_LEAD).body.split("\n")[:4]
    assert opening == ["株式会社北星", "山田 太郎様", "", "お世話になっております。アサヒ精機の佐藤 恵です。"]
    assert WORDS.mail("after_no_answer", "ja", {}).body.startswith("ご担当者様\n")


def test_a_name_with_line_ends_makes_no_header_of_its_own() -> None:
    mail = Words(TOKYO, company="A\r\nBcc: all@example.com").mail("first_contact", "en", {})
    assert mail.subject == "Thank you for getting in touch with A Bcc: all@example.com"


def test_the_mails_on_offer_have_a_title_in_each_language() -> None:
    titles = {mail.name: mail.titles for mail in WORDS.mail_names()}
    assert titles["first_contact"] == {"ja": "初回のご連絡", "en": "First contact"}
    assert list(titles) == list(SHIPPED_MAILS)


def test_a_mail_nobody_wrote_is_refused() -> None:
    with pytest.raises(NoSuchMail, match="there is no mail template 'nowhere'"):
        WORDS.mail("nowhere", "ja", {})


@pytest.mark.parametrize(
    "topic", ["opening", "need", "timeframe", "authority", "budget", "company", "contact", "closing"]
)
def test_there_is_something_to_say_on_the_phone_for_every_topic(topic: str) -> None:
    for language in LANGUAGES:
        for facts in (ABOUT_A_LEAD, {}):
            said = WORDS.script(topic, language, facts)
            assert said
            assert "None" not in said
            assert "\n" not in said


def own_mail(folder: Path, name: str, text: str) -> Path:
    place = folder / "outreach" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, "utf-8")
    return folder


def test_a_firm_puts_its_own_mail_beside_the_shipped_ones(tmp_path: Path) -> None:
    own_mail(tmp_path, "展示会のお礼.ja.txt.j2", "Subject: {{ person }}様 展示会のお礼\nお世話になっております。\n")
    words = Words(TOKYO, own_templates=tmp_path)
    assert words.mail_names()[-1].name == "展示会のお礼"
    assert words.mail("展示会のお礼", "ja", {"person": "山田"}).subject == "山田様 展示会のお礼"
    assert words.mail("展示会のお礼", "en", {}).body == "お世話になっております。\n"  # the only language there is


def test_a_firm_replaces_a_shipped_mail_in_one_language(tmp_path: Path) -> None:
    own_mail(tmp_path, "first_contact.en.txt.j2", "Subject: Hi\nHi {{ person | default('there', true) }}\n")
    words = Words(TOKYO, own_templates=tmp_path)
    assert words.mail("first_contact", "en", {}).body == "Hi there\n"
    assert words.mail("first_contact", "ja", {}) == Words(TOKYO).mail("first_contact", "ja", {})


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (
            "offer.ja.txt.j2",
            "Subject: x\n{{ person.upper() }}\n",
            r"^offer\.ja\.txt\.j2:2: calling something is not allowed here",
        ),
        ("offer.ja.txt.j2", "Subject: {{ lead }}\nx\n", r"^offer\.ja\.txt\.j2:1: there is no fact 'lead'"),
        ("offer.ja.txt.j2", f"Subject: x\n{'あ' * 3_001}\n", r"^offer\.ja\.txt\.j2:2: .* at most 3,000 characters"),
        ("offer.ja.txt.j2", f"Subject: x\n{'{{ need_words }}' * 26}\n", r"^offer\.ja\.txt\.j2:2: .* at most 3,000"),
        ("offer.txt.j2", "Subject: x\nx\n", r"^offer\.txt\.j2:1: name it NAME\.ja\.txt\.j2"),
    ],
)
def test_a_bad_mail_of_a_firm_is_named_with_line_and_reason(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(BadTemplate, match=problem):
        Words(TOKYO, own_templates=own_mail(tmp_path, name, text))
