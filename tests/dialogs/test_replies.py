"""A prospect who answers a person of ours: both have spoken, which is the strongest contact there is (D11)."""

import pytest

from dialogs.records import Chat
from qualification.behaviour import ANSWERED_US
from qualification.calls import Outcome
from qualification.records import Activity, Lead
from qualification.replies import mail_accepted
from qualification.store import Store, Transaction
from tests.business import Business
from tests.clock import Clock, jst
from tests.dialogs.chatting import Prospect

SENT = "<m1@example.jp>"


@pytest.fixture
def prospect(store: Store) -> Prospect:
    return Prospect(store)


@pytest.fixture
def firm(prospect: Prospect, clock: Clock) -> Business:
    """A prospect whose interview is over, and the firm that owes them a contact."""
    prospect.opens_chat()
    for text in (
        "手作業が多くて困っています",
        "3ヶ月以内",
        "課長の私が決めます",
        "300万円",
        "アサヒ工具",
        "山田 a@asahi.jp",
    ):
        prospect.says(text)
    prospect.chooses("confirm")
    assert prospect.chat.state == "completed"
    return Business(prospect.store, clock)


def mails(tx: Transaction, lead: Lead) -> None:
    """A mail of Yuki's is accepted, which is an attempt."""
    mail_accepted(tx, lead, by="yuki", to="a@asahi.jp", subject="ご連絡", message_id=SENT)


def test_who_answers_a_mail_in_the_chat_has_been_reached(firm: Business, prospect: Prospect) -> None:
    lead = prospect.lead.id
    firm.does(mails, lead)
    assert firm.clocks_of(lead)["persistence"].status == "open"
    prospect.says("メールありがとうございます。来週お電話ください")

    persistence = firm.clocks_of(lead)["persistence"]
    assert (persistence.status, persistence.grade) == ("met", "two_way")
    assert persistence.evidence == {"kind": "reply", "detail": f"message {prospect.chat.seq - 1}", "by": "yuki"}
    (replied,) = firm.history(lead, "prospect_replied")
    assert (replied.by, replied.data) == ("prospect", {"answered": "yuki", "via": "mail"})


def test_one_mail_is_answered_once(firm: Business, prospect: Prospect) -> None:
    firm.does(mails, prospect.lead.id)
    prospect.says("ありがとうございます")
    prospect.says("もう一点、請求書払いは可能ですか")

    assert len(firm.history(prospect.lead.id, "prospect_replied")) == 1


def test_who_writes_of_their_own_accord_answers_nobody(firm: Business, prospect: Prospect) -> None:
    prospect.says("一点、追記です。資料もください")

    assert firm.history(prospect.lead.id, "prospect_replied") == []
    assert firm.clocks_of(prospect.lead.id)["first_contact"].status == "open"


def test_lines_a_rep_left_behind_are_answered_by_the_next_word(firm: Business, prospect: Prospect) -> None:
    firm.clock.advance(hours=1)
    prospect.rep_takes_over()
    prospect.rep_writes("山田です。明日お電話します")
    prospect.rep_hands_back()
    assert firm.clocks_of(prospect.lead.id)["first_contact"].status == "open", "nobody was there to read it"
    prospect.says("お待ちしています")
    prospect.says("よろしくお願いします")

    met = firm.clocks_of(prospect.lead.id)["first_contact"]
    assert (met.status, met.grade, met.evidence and met.evidence["kind"]) == ("met", "two_way", "reply")
    (replied,) = firm.history(prospect.lead.id, "prospect_replied")
    assert replied.data == {"answered": "yuki", "via": "chat"}


def test_a_rep_logs_a_reply_that_came_to_their_own_mailbox(firm: Business, prospect: Prospect) -> None:
    firm.calls(prospect.lead.id, Outcome.REPLIED, note="メールで返信あり")

    met = firm.clocks_of(prospect.lead.id)["first_contact"]
    assert (met.status, met.grade) == ("met", "two_way")
    assert met.evidence == {"kind": "reply", "detail": "replied", "by": "yuki"}


def waited(firm: Business) -> list[int | None]:
    """The minutes each of our contacts waited for its answer (M34)."""
    return [row.data.get("minutes") for row in firm.all(Activity) if row.kind == ANSWERED_US]


def test_who_answers_a_rep_in_the_chat_is_quick_by_their_first_word_since_the_rep_came(
    firm: Business, prospect: Prospect
) -> None:
    """M34: what is said to and fro afterwards is one talk."""
    score = prospect.lead.score
    prospect.rep_takes_over()
    prospect.says("こんにちは")
    assert waited(firm) == [], "nobody of us has said anything yet"
    prospect.rep_writes("山田です。いつがよろしいですか")
    firm.clock.advance(minutes=4)
    prospect.window_passes()
    prospect.says("明日の午後でお願いします")
    prospect.rep_writes("14時に伺います")
    firm.clock.advance(minutes=9)
    prospect.window_passes()
    prospect.says("はい")

    assert waited(firm) == [4]
    assert prospect.lead.score == score + 10


def test_a_talk_whose_lines_are_all_from_before_the_rep_came_goes_on(firm: Business, prospect: Prospect) -> None:
    """How quick an answer was is a hint: where nobody knows, the prospect's word is heard all the same."""
    prospect.rep_takes_over()
    prospect.rep_writes("山田です。いつがよろしいですか")
    firm.clock.advance(minutes=4)
    prospect.window_passes()
    chat_id = prospect.chat.id

    def comes_again(tx: Transaction) -> None:
        tx.get(Chat, chat_id).rep_mark = "9999999999.000000"

    prospect.store.run_here(comes_again)
    prospect.says("明日の午後でお願いします")
    assert (waited(firm), prospect.chat.state) == ([None], "handed_over")


def test_lines_left_behind_wait_from_the_first_of_them(firm: Business, prospect: Prospect) -> None:
    """M34."""
    firm.clock.now = jst("2026-05-19 10:00")
    prospect.rep_takes_over()
    prospect.rep_writes("山田です。明日お電話します")
    firm.clock.advance(minutes=30)
    prospect.rep_writes("14時ごろです")
    prospect.rep_hands_back()
    firm.clock.advance(minutes=30)
    prospect.says("お待ちしています")
    prospect.says("よろしくお願いします")

    assert waited(firm) == [60]
