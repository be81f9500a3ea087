"""Mails to prospects: hostile headers, one Message-ID for ever, and a mail server that says yes, no, or nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from aiosmtplib import SMTPAuthenticationError, SMTPException
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import Services, start_services
from bot.delivery import Delivery, GiveUp, OutcomeUnknown, RetryLater, Sender
from bot.mail import client as mail_client
from bot.mail.client import hand_over
from bot.mail.letter import BadAddress, MailSender, MailServer, build_mail, checked_address, message_id, one_line
from bot.mail.receipt import ReceiptMailSender
from bot.settings import Settings
from dialogs.messages import messages_of
from dialogs.records import Turn
from qualification import leads, outbox
from qualification.notices import MAIL, RECEIPT_MAIL
from qualification.records import Consent, Timer
from qualification.silence import QUIET_TIMER
from tests.business import Business
from tests.clock import MONDAY_TEN, Clock
from tests.dialogs.chatting import Prospect
from tests.files import database_in

NASTY = [
    "Sato\r\nBcc: everyone@example.com",
    "Sato\nSubject: free money",
    "Sato\x0bBcc: a@b.jp",
    "Sato\x85Bcc: a@b.jp",
    "Sato\u2028Bcc: a@b.jp",
    "Sato\x00",
    "\ud800",
    "=?utf-8?q?=0d=0aBcc:_a@b.jp?=",
    '"; <evil@example.com>',
    "=?utf-8?b?U2F0bw0KQmNjOiBhQGIuanA=?=",
    "=\u200b?utf-8?q?=0d=0aBcc:_a@b.jp?=",
    "\u202egpj.exe",
    "佐藤" * 200,
    "",
]


def mail(**more: Any) -> Any:
    usual = {
        "key": "k",
        "sender": "yuki@asahi.jp",
        "sender_name": "結城",
        "to": "sato@example.jp",
        "subject": "ご連絡",
        "body": "こんにちは",
    }
    return build_mail(**(usual | more))


@dataclass
class Post:
    """A mail server that takes mails, or answers as it is told."""

    answer: str | None = None
    hangs_up: bool = False
    taken: list[Envelope] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.answer is not None:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self) -> list[Any]:
        return [message_from_bytes(envelope.original_content or b"", policy=modern) for envelope in self.taken]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    handler = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="post"), "127.0.0.1", 0)
    handler.port = server.sockets[0].getsockname()[1]
    yield handler
    server.close()


@pytest.fixture
def services(post: Post, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    settings = Settings(
        database_url=database_in(tmp_path),
        smtp_url=post.url,
        mail_from="sales@asahi.jp",
        bantline_company="Asahi",
        bantline_url="https://desk.example.jp/",
    )
    services = start_services(settings, clock=clock)
    yield services
    services.close()


# -- headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:40])
def test_nothing_in_a_name_or_subject_becomes_a_header_or_a_recipient(text: str) -> None:
    read = message_from_bytes(mail(subject=text, sender_name=text).as_bytes(), policy=modern)

    assert set(read.keys()) <= {
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
        "Date",
    }
    assert [str(address.addr_spec) for address in read["To"].addresses] == ["sato@example.jp"]
    assert [str(address.addr_spec) for address in read["From"].addresses] == ["yuki@asahi.jp"]


def test_a_name_longer_than_any_reader_shows_is_cut() -> None:
    """To fold it would take the longer the longer it is, several times for each mail."""
    read = message_from_bytes(mail(sender_name="漢" * 1_000).as_bytes(), policy=modern)
    assert read["From"].addresses[0].display_name.count("漢") == 120


def test_what_steers_a_terminal_is_no_part_of_a_body_and_its_lines_stay() -> None:
    sent = mail(body="山田様\n\n　\x1b]0;mine\x07お世話\x00に\x9b31mなります。\n")
    assert sent.get_content().splitlines() == ["山田様", "", "　]0;mineお世話に31mなります。"]


@given(st.text())
def test_any_text_makes_one_line_that_can_be_sent(text: str) -> None:
    line = one_line(text)

    assert line.isprintable() or not set(line) & set("\r\n\x00\x0b\x0c\x85\u2028\u2029")
    mail(subject=text, sender_name=text).as_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sato",
        "sato@",
        "@example.jp",
        "a@b.jp, c@d.jp",
        "a@b.jp\r\nBcc: c@d.jp",
        "Sato <a@b.jp>",
        "a b@c.jp",
        "a@b.jp;c@d.jp",
        "佐藤@example.jp",
        "a@b\u2028.jp",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        checked_address(address)


def test_a_japanese_domain_is_written_so_that_every_server_can_read_it() -> None:
    assert checked_address("sato@日本語.jp") == "sato@xn--wgv71a119e.jp"


def test_the_same_errand_always_has_the_same_message_id() -> None:
    assert message_id("mail:1", "yuki@asahi.jp") == message_id("mail:1", "yuki@asahi.jp")
    assert message_id("mail:1", "yuki@asahi.jp") != message_id("mail:2", "yuki@asahi.jp")
    assert message_id("mail:1", "yuki@asahi.jp").endswith("@asahi.jp>")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.asahi.jp", ("mail.asahi.jp", 587, None, None, False)),
        ("smtps://u%40x:p%2Fw@mail.asahi.jp", ("mail.asahi.jp", 465, "u@x", "p/w", True)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, None, None, False)),
    ],
)
def test_a_mail_server_is_named_by_its_url(url: str, server: tuple[Any, ...]) -> None:
    named = MailServer.of(url)
    assert (named.host, named.port, named.user, named.password, named.tls) == server


# -- the server's answers ---------------------------------------------------------------------


async def test_a_mail_arrives_as_it_was_written(post: Post) -> None:
    await hand_over(MailServer.of(post.url), mail(at=MONDAY_TEN))

    (arrived,) = post.mails()
    assert (arrived["Subject"], arrived.get_content().strip()) == ("ご連絡", "こんにちは")
    assert arrived["Date"].datetime == MONDAY_TEN
    assert post.taken[0].rcpt_tos == ["sato@example.jp"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("550 no such mailbox", GiveUp), ("450 try later", RetryLater), ("421 too busy", RetryLater)],
)
async def test_the_servers_no_says_whether_to_try_again(post: Post, answer: str, kind: type[Exception]) -> None:
    post.answer = answer
    with pytest.raises(kind, match=answer[:3]):
        await hand_over(MailServer.of(post.url), mail())


async def test_a_server_that_hangs_up_after_the_mail_leaves_it_unknown(post: Post) -> None:
    post.hangs_up = True
    with pytest.raises(OutcomeUnknown):
        await hand_over(MailServer.of(post.url), mail())


async def test_a_server_that_is_not_there_is_tried_again(post: Post) -> None:
    with pytest.raises(RetryLater):
        await hand_over(MailServer.of("smtp://127.0.0.1:1"), mail())


async def test_a_password_is_never_told_to_a_server_that_cannot_hide_it(post: Post) -> None:
    heard: list[object] = []

    def listens(*said: object) -> AuthResult:
        heard.append(said)
        return AuthResult(success=True)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(post, loop=loop, hostname="post", auth_require_tls=False, authenticator=listens), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(RetryLater, match="STARTTLS"):
        await hand_over(MailServer.of(f"smtp://yuki:secret@127.0.0.1:{port}"), mail())
    server.close()

    assert (heard, post.taken) == ([], [])


@pytest.mark.parametrize(
    ("begin", "advice"),
    [("smtp://yuki:secret@", "a password is told over TLS only: write smtps://"), ("smtps://", "587 write smtp://")],
)
async def test_a_mail_server_spoken_to_in_the_wrong_way_is_answered_with_what_to_write(
    post: Post, begin: str, advice: str
) -> None:
    client = mail_client.client_of(MailServer.of(f"{begin}127.0.0.1:{post.port}"))
    with pytest.raises(SMTPException) as refused:
        await client.connect()
    assert advice in mail_client.advice(refused.value)


def test_a_refused_password_is_said_as_the_server_says_it() -> None:
    refused = SMTPAuthenticationError(535, "5.7.8 bad credentials")
    assert mail_client.refusal(refused) == "535 5.7.8 bad credentials"
    assert mail_client.advice(refused) == "check the user and the password in SMTP_URL"


# -- from the outbox --------------------------------------------------------------------------


def queue_mail(firm: Business, lead: str, **more: str) -> None:
    usual = {
        "lead_id": lead,
        "by": "yuki",
        "to": "sato@example.jp",
        "subject": "ご連絡",
        "body": "こんにちは",
        "by_name": "結城",
    }
    payload = usual | more
    firm.store.run_here(lambda tx: outbox.queue(tx, key=f"mail:{lead}", kind=MAIL, lead_id=lead, payload=payload))


async def rounds(services: Services) -> None:
    senders: dict[str, Sender] = {MAIL: MailSender(services), RECEIPT_MAIL: ReceiptMailSender(services)}
    delivery = Delivery(services.store, senders)
    while await delivery.send_waiting():
        pass


async def test_the_servers_yes_is_an_attempt_with_its_proof(services: Services, post: Post, clock: Clock) -> None:
    firm = Business(services.store, clock)
    lead = firm.qualified_lead()
    queue_mail(firm, lead)
    await rounds(services)

    (arrived,) = post.mails()
    follow_up = firm.clock_of(lead)
    assert follow_up is not None
    assert (follow_up.status, follow_up.grade) == ("met", "attempt")
    assert follow_up.evidence == {"kind": "mail", "detail": arrived["Message-ID"], "by": "yuki"}
    assert QUIET_TIMER in {row.kind for row in firm.all(Timer)}


async def test_a_mail_whose_answer_was_lost_is_repeated_with_the_same_message_id(
    services: Services, post: Post, clock: Clock
) -> None:
    firm = Business(services.store, clock)
    lead = firm.qualified_lead()
    queue_mail(firm, lead)
    post.hangs_up = True
    await rounds(services)
    assert len(post.taken) == 1, "not before its lease has run out"
    post.hangs_up = False
    clock.now += outbox.LEASE
    await rounds(services)

    first, second = post.mails()
    assert (first["Message-ID"], first["Date"]) == (second["Message-ID"], second["Date"])
    assert len(firm.history(lead, "mail_accepted")) == 1


@pytest.mark.parametrize(
    "trouble",
    [{"to": "not an address"}, {"to": "a@b.jp\r\nBcc: c@d.jp"}, {"body": "\ud800"}],
    ids=["no address", "two lines", "cannot be written"],
)
async def test_a_mail_that_can_never_leave_is_told_to_the_rep_at_once(
    services: Services, post: Post, clock: Clock, trouble: dict[str, str]
) -> None:
    firm = Business(services.store, clock)
    lead = firm.qualified_lead()
    queue_mail(firm, lead, **trouble)
    await rounds(services)

    (failed,) = firm.history(lead, "mail_failed")
    assert (failed.by, post.taken) == ("yuki", [])
    assert firm.said("ring")[0].payload["event"] == "mail_failed"


async def test_who_opted_out_after_the_mail_was_written_does_not_get_it(
    services: Services, post: Post, clock: Clock
) -> None:
    firm = Business(services.store, clock)
    lead = firm.qualified_lead()
    queue_mail(firm, lead)
    firm.does(leads.opt_out, lead, words="stop", by="prospect")
    await rounds(services)

    assert post.taken == []
    assert len(firm.history(lead, "mail_failed")) == 1


# -- the copy a prospect asks for -------------------------------------------------------------

SAID = {
    "ja": (
        "<b>転記</b>が大変です。3か月以内に、予算は300万円、私が決裁者です",
        "株式会社あさひ製作所",
        "山田花子 sato@example.jp",
    ),
    "en": ("It's <b>slow</b>. Within three months, 3 million yen, I decide", "Northwind Tools Ltd", "sato@example.jp"),
}
COPY = {
    "ja": (
        "Asahiへのご相談の控え",
        "・ご予算：300万円",
        "Auckland時間の5月18日(月) 16:00までに担当者より",
        "内容を訂正する",
    ),
    "en": (
        "Your talk with Asahi",
        "- Budget: ¥3 million",
        "by 1:00 pm on Mon 18 May, Tokyo time",
        "Correct my answers",
    ),
}
ZONES = {"ja": "Pacific/Auckland", "en": None}


def finished_chat(services: Services, language: str, token: str = "a-token") -> Prospect:
    prospect = Prospect(services.store, language=language, token=token, zone=ZONES[language])
    prospect.opens_chat()
    for said in SAID[language]:
        prospect.says(said)
    while prospect.chat.state == "asking":
        prospect.chooses("skip")
    prospect.chooses("confirm")
    return prospect


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_prospect_who_asks_for_a_copy_gets_it_once_in_their_language_and_on_their_clock(
    services: Services, post: Post, clock: Clock, language: str
) -> None:
    prospect = finished_chat(services, language)
    await rounds(services)
    assert post.taken == [], "nobody gets a mail they did not ask for"
    for _ in range(2):
        prospect.chooses("mail_copy")
        await rounds(services)

    (arrived,) = post.mails()
    subject, budget, by_when, link = COPY[language]
    text, page = (arrived.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert (arrived["Subject"], arrived["Auto-Submitted"]) == (subject, "auto-generated")
    assert [words for words in (budget, by_when, link) if words not in text] == [], text
    receipt = prospect.lead.receipt
    for place in ("correct", "sooner", "nobody-called"):
        assert f"https://desk.example.jp/{place}/{receipt}" in text
        assert f'href="https://desk.example.jp/{place}/{receipt}"' in page
    assert "<b>" not in page
    firm = Business(services.store, clock)
    (told,) = firm.history(prospect.lead.id, "receipt_mailed")
    assert told.data == {"to": "sato@example.jp", "message_id": arrived["Message-ID"]}
    assert prospect.follow_up == "open", "a mail of a machine is no contact"
    said = [(row.purpose, row.wording, row.agreed) for row in firm.all(Consent)]
    assert said == [("enquiry", "enquiry-2", True), *[("receipt_mail", "receipt_mail-1", True)] * 2]


async def test_an_address_gets_three_copies_a_day_whoever_asks(services: Services, post: Post, clock: Clock) -> None:
    for number in range(5):
        finished_chat(services, "en", f"token-{number}").chooses("mail_copy")
    await rounds(services)
    assert len(post.taken) == 3


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_copy_that_comes_back_is_told_in_the_chat_and_in_the_thread(
    services: Services, post: Post, clock: Clock, language: str
) -> None:
    prospect = finished_chat(services, language)
    prospect.chooses("mail_copy")
    post.answer = "550 no such user"
    await rounds(services)

    firm = Business(services.store, clock)
    told = {"to": "sato@example.jp", "problem": "mail server said 550: no such user"}
    assert [row.data for row in firm.history(prospect.lead.id, "receipt_mail_failed")] == [told]
    assert firm.said("note")[-1].payload["event"] == "receipt_mail_failed"
    (said,) = messages_of([firm.all(Turn)[-1]], None)
    assert (said.prompt, said.facts) == ("receipt_not_mailed", {"email": "sato@example.jp"})

    post.answer = None
    corrected = prospect.says("sato@example.com").messages[-1]
    assert "mail_copy" in (corrected.choices or {})["values"]
    prospect.chooses("mail_copy")
    await rounds(services)
    assert [mail["To"] for mail in post.mails()] == ["sato@example.com"]
