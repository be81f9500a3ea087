"""What a person does by saying it: one act for each text, the first that fits in this order.

stop > human > correct > answer > decline > question > dont_know > noise
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialogs.reading.clarity import decides_with_others, overlaps
from dialogs.reading.found import Act, Language, Span
from dialogs.reading.needs import hurts_behind
from dialogs.reading.phrases import Hit, heard
from dialogs.reading.places import KEPT
from dialogs.reading.text import Text
from dialogs.reading.those_who_know import those_who_know
from dialogs.reading.wanted_things import NAMES_A_TOOL
from qualification.bant import Topic


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the other rules heard already: `own` is the text without questions and orders to the bot."""

    text: Text
    own: Text
    asks: bool
    facts: int
    reachable: bool
    repairs_itself: bool
    beside_orders: bool
    asked: Topic | None


def act(said: Said) -> Act:
    for one, fits in _ORDER:
        if fits(said):
            return one
    return Act.NOISE


def requests(text: Text, asked: Topic | None) -> list[Span]:
    """Places in `plain` that ask for a person, end the talk or send us elsewhere: they name no role of the speaker."""
    names = ("person_asked", "stop", "deletion")
    if asked is Topic.AUTHORITY:
        elsewhere = [one for one in _places(text, ("redirect",)) if _WOULD_KNOW.search(text.plain, *one)]
        return [*_places(text, names), *elsewhere, *those_who_know(text)]
    return [*_places(text, names if decides_with_others(text) else (*names, "redirect")), *those_who_know(text)]


_WOULD_KNOW = re.compile(r"(?<![a-z])(?:he|she|they)(?:'d| would|'ll| will| might| should| probably)? knows?$")
"""Better ask my husband, he would know"""


def colleagues(text: Text) -> list[Span]:
    """Places in `plain` that name people of the firm as a part of the problem: 「担当者の残業」 is no role either."""
    return _places(text, ("not_the_speaker",))


def small_talk(text: Text) -> list[Span]:
    """Places in `plain` whose "today" and "next week" are no dates: the weather, good-byes, the next call."""
    places = _places(text, ("small_talk",))
    return [place for place in places if not _WHAT_IS_LATE.match(text.plain, place[1])] if places else places


_WHAT_IS_LATE = re.compile(r"、[^、。0-9]{2,12}[がは][。\s]*$")
"""「大変遅くなりました、月次決算が」"""


def dates_of_the_problem(text: Text) -> list[Span]:
    """Places in `plain` that tell when their problem comes up, not when they want to buy."""
    return _places(text, ("not_when",))


def sayings(text: Text) -> list[Span]:
    """Places in `plain` whose numbers and days are none: 三日坊主, "thanks a million"."""
    return _places(text, ("saying",))


def is_chat(text: Text) -> bool:
    """Greetings, jokes, the weather, abuse."""
    return not acts_in(text).keys().isdisjoint(("chat", "off_topic", "small_talk"))


def refusals(text: Text) -> list[Span]:
    """Places in `plain` that refuse an answer; in "no number yet" nothing is refused."""
    refused = _places(text, ("decline",))
    return [place for place in refused if not overlaps(*place, _places(text, ("not_declined",)))] if refused else []


def unknowns(text: Text) -> list[Span]:
    """Places in `plain` where the speaker does not know."""
    return _places(text, ("dont_know",))


def others_who_know(text: Text) -> list[Span]:
    """Places in `plain` that send us to somebody else: who is named there is not the speaker."""
    return [*_places(text, ("redirect",)), *those_who_know(text)]


def _places(text: Text, names: tuple[str, ...]) -> list[Span]:
    acts = acts_in(text)
    return [(hit.start, hit.end) for name in names if name in acts for hit in _hits(text, name)]


_LATIN = re.compile(r"[a-z]{2}")


def acts_in(text: Text) -> Mapping[str, Sequence[Hit]]:
    """All that its words do, and where; English acts count in a Japanese text that has Latin letters."""
    return _acts_in(text.plain, text.language)


@lru_cache(maxsize=KEPT)
def _acts_in(plain: str, language: Language) -> Mapping[str, Sequence[Hit]]:
    mixed = language == "ja" and _LATIN.search(plain)
    return heard("acts", plain, ("ja", "en") if mixed else (language,))


def _says(said: Said, name: str, *, own: bool = False) -> bool:
    text = said.own if own else said.text
    return name in acts_in(text) and bool(_hits(text, name))


_WHAT_PEOPLE_DO = frozenset({"stop", "deletion", "stop_unless_facts", "person_asked"})
_OTHERS = re.compile(
    r"(?:people|customers?|patients?|clients?|users?|guests?|members?|parents|students|subscribers?|leads|prospects"
    r"|staff"
    r"|reps|employees|callers|applicants|residents|citizens|visitors|tenants|donors|volunteers|buyers|shoppers|agents"
    r"|candidates|drivers|they|who)(?: (?:to|can|can't|cannot|could|couldn't|have to|must|should|want to|try to|need to"
    r"|will|often|always|just|never|all|simply|are|keep))?\s$"
    r"|(?:handl|process|manag)(?:e|es|ing) (?:[a-z-]+ ){0,2}$"
    r"|(?:too many|rising|incoming|fewer|reduce|track) (?:[a-z-]+ ){0,1}$"
    r"|(?:ask|beg|tell|want|email|write|write to|message|text|call)s? us (?:to |and say )?[\"']?$"
)


def _hits(text: Text, name: str) -> Sequence[Hit]:
    """The places where a list matches; what others do, or what a need is about, is not asked of us."""
    hits = acts_in(text).get(name, ())
    return _of_themselves(text, name) if hits and name in _WHAT_PEOPLE_DO else hits


@lru_cache(maxsize=KEPT)
def _of_themselves(text: Text, name: str) -> Sequence[Hit]:
    """Kept, because several rules ask for the same list."""
    return [hit for hit in acts_in(text)[name] if not _told_of_others(text, hit)]


def _told_of_others(text: Text, hit: Hit) -> bool:
    """ "Too many people unsubscribe", 「配信停止の処理が手作業」."""
    if text.language == "ja":
        if hit.name == "person_asked" and _MOVES_A_TALK.match(text.plain[hit.start : hit.end]):
            return _WHO_WANTS_IT_MOVED.match(text.plain, hit.end) is not None
        return (
            hurts_behind(text, hit.start, hit.end)
            or _ENDS_BY_ITSELF.search(text.plain, max(0, hit.start - 20), hit.start) is not None
            or _KEEPS_TO_ITSELF.match(text.plain, hit.start) is not None
            or (hit.name == "deletion" and _is_of_their_work(text.plain, hit.start))
            or (hit.name == "person_asked" and _CLOSES_A_LINE.match(text.plain, hit.start) is not None)
            or (hit.name != "person_asked" and _is_their_own_work(text.plain, hit))
        )
    if hit.name == "person_asked" and NAMES_A_TOOL.match(text.plain, hit.end):
        return True  # "we need a call tracking tool"
    return _OTHERS.search(text.plain, max(0, hit.start - 40), hit.start) is not None


_MOVES_A_TALK = re.compile(
    r"^(?:お?電話|通話|打ち?合わ?せ|面談|商談|ミーティング|mtg|訪問|アポ(?:イント)?|デモ|オンライン相談)の?(?:予約|約束|日程|日時|日|時間|予定|件)?を[^。、]{1,10}に"
    r"(?:変え(?:ら?れ)?|変更|ずら[しせ]|移[しせ]|移動|延ば[しせ]|延期|早め|遅らせ|リスケ)(?:し?て[^。、]{0,6})?$"
)
_WHO_WANTS_IT_MOVED = re.compile(
    r"(?:し)?(?:たい(?:です)?(?:と|って|人|方|お客|患者|とき|時|場合)|でき?る(?:人|機能|仕組)|する?(?:人|方|お客|患者|機能|のが|作業|とき|時|場合)|の(?:連絡|依頼|電話))"
)
"""「電話予約を来週に変えたいという患者さんが多い」 is their work, 「電話予約を来週に変えたい」 our appointment."""


def _is_their_own_work(plain: str, hit: Hit) -> bool:
    """「配信を停止する機能はありますか」, 「お客様への配信を停止したい」: what they send to others, or hear."""
    behind = hit.end - plain.endswith("し", hit.start, hit.end)
    if _TO_OTHERS.search(plain, max(0, hit.start - 16), hit.start):
        return True
    if _THEIR_CUSTOMERS.search(plain, max(0, hit.start - 24), hit.start) and _IS_SAID.match(plain, hit.end):
        return True
    if hit.start <= _last_asked_of_us(plain):
        return False
    return (
        _FOR_OTHERS.search(plain, max(0, hit.start - 16), hit.start) is not None
        or _NO_WISH.match(plain, behind) is not None
    )


@lru_cache(maxsize=KEPT)
def _last_asked_of_us(plain: str) -> int:
    """Where they ask us for it the last time, -1 when they never do; looked for once, as each hit wants to know."""
    return max((asks.start() for asks in _ASKS_IT_OF_US.finditer(plain)), default=-1)


_READERS = (
    "(?:お客様?|お客さん|顧客|会員|ユーザー|利用者|読者|受講生|受講者|保護者|生徒|社員|従業員|取引先"
    "|加盟店|全店|店舗|登録者|購読者)"
)
_TO_OTHERS = re.compile(_READERS + r"(?:へ|宛て?|あて)の?(?:メルマガ|メール|dm|通知|案内)?の?$")
_FOR_OTHERS = re.compile(
    _READERS + r"向けの?(?:メルマガ|メール|dm|通知|案内)?の?$|(?:動画|番組|映像|ライブ|楽曲|音楽|アプリ)の?$"
)
"""「動画の配信を停止したい」 is their own trade, but 「会員向けメルマガ」 that they ask us to stop is ours."""
_ASKS_IT_OF_US = re.compile(
    r"(?:止め|とめ|やめ|停止し|中止し|解除し|外し|対応し)て(?:ください|下さい|ほしい|欲しい|くれ|いただ|頂|もらえ|もらい|[。!\s]|$)"
    r"|(?:停止|解除|中止|対応)(?:ください|下さい|[をのは]?お?願い|[を]?希望(?:です|します|いたし|[。\s]|$))"
)
_THEIR_CUSTOMERS = re.compile(_READERS + r"(?:から|に|より)[^。]*$")
_IS_SAID = re.compile(r"(?:し?て)?(?:ほしい|欲しい|くれ|ください|下さい|もらいたい|いただきたい)?と(?:言|い)われ")
"""「お客様から連絡は停止してほしいと言われる」"""
_NO_WISH = re.compile(
    r"(?:でき|し)?(?:する|た|る|を?(?:希望|依頼|申請)(?:する|した|される)|の)?(?:ため|よう)?の?"
    r"(?:機能|仕組(?!み?(?:を教|が(?:わか|分か)))|お客|顧客|会員|ユーザー|登録者|利用者|人[がはもの]|方が(?:い|多|増)|率|件数"
    r"|(?:漏れ|忘れ|ミス)(?:が(?:多|増|頻)|を(?:なく|減|防))"
    r"|(?:依頼|希望|申請|連絡|問い?合わ?せ|要望)[がも](?:毎[日週月朝回]|次々と?)?に?(?:多|増|来[^な]|届(?!いて(?:い)?(?:ます|る|ません)(?:か|でしょうか)))"
    r"|(?:処理|作業|業務)(?!を?(?:お?願|して|希望|くだ|下さ|依頼|進め)))"
    r"|中(?:です|で[、す]|だ|の)"
    r"|(?:(?:し|され)て(?:いる|います|おり?ます)|(?:し|され)ました|(?:に|と)な(?:る|ります|りました|っています|った))[。\s]*$"
)
"""Behind it they tell of their own service, or of what was done, and ask for nothing."""


def _is_of_their_work(plain: str, start: int) -> bool:
    """「重複データを削除してほしい」 is what they need done, 「私のデータを削除してください」 what they ask of us."""
    return _OF_THEIR_WORK.search(plain, max(0, start - 24), start) is not None and not _OF_MINE.search(plain)


_OF_THEIR_WORK = re.compile(
    r"(?:重複|ダブ(?:り|った)|在庫|顧客|お客様?|客先|取引先|退職者?|社員|従業員|会員|患者|商品|売上|受注|古い|古くなった|不要な?|過去の)"
    r"[^。、]{0,8}$"
)
_OF_MINE = re.compile(
    "私|わたし|僕|俺|自分|登録|入力した|話した|お話しした|伝えた|ここまで|このチャット|ください|下さい"
)
_ENDS_BY_ITSELF = re.compile(
    r"(?:サポート|保守|提供|販売|生産|供給|リース|保証|契約|ライセンス|サービス)[^。、]{0,6}?[がも](?:完全に|順次|全て|すべて|まもなく)?$"
)
"""「メーカーサポートが終了します」"""
_KEEPS_TO_ITSELF = re.compile(
    r"(?:連絡先|電話番号|番号|メールアドレス|アドレス|メアド|メール|名前)(?:等|など)?[をはも]?お?(?:教え|伝え|書|入力|記入|答え|出す|知らせ)"
)
"""「連絡先を教えるのは遠慮しておきます」 refuses an answer, not our calls."""
_A_LINE = (
    r"(?:電話|コール|訪問)(?:での?|の)?"
    r"(?:受付|受け付け|応対|注文|予約|依頼|申し?込み?|要望|問い?合わ?せ)(?:の?(?:業務|対応|受付))?"
)
_A_TOOL = (
    r"(?:ネット|web|ウェブ|オンライン|アプリ|line|フォーム|チャット|メール|システム|デジタル|自動|ai|hp|ホームページ"
    r"|サイト|クラウド|電子)"
)
_CLOSES_A_LINE = re.compile(
    rf"{_A_LINE}(?:[をはも]?(?:停止|廃止|中止|やめ|止め|なく|減ら|卒業)"
    rf"|[をはもから]{{1,2}}(?:すべて|全て|全部|なるべく|できるだけ|少しずつ|、)?{_A_TOOL}[^。]{{0,10}}?(?:に|へ|化|で(?:でき|受け|取れ|完結))"
    r"|(?:だけ|のみ|しか|ばかり|中心)(?:な|だ|で|に|の|が|を|、))"
)
"""「電話での受付を停止して、チャットにしたい」, 「電話予約をネット予約に切り替えたい」 ask for no call."""


def wants_deletion(text: Text) -> bool:
    """Whether a text that ends the talk asks to delete what we know of the person."""
    return "deletion" in acts_in(text)


def _stops(said: Said) -> bool:
    if _says(said, "deletion") or any(not _only_of_the_bot(said, hit) for hit in _hits(said.text, "stop")):
        return True
    return said.facts == 0 and not said.asks and _says(said, "stop_unless_facts")


def _only_of_the_bot(said: Said, stop: Hit) -> bool:
    """「もういいです。人を出してください」 has enough of the bot, not of us."""
    return _ENOUGH.match(said.text.plain, stop.start) is not None and _says(said, "person_asked")


_ENOUGH = re.compile(r"もう(?:いい|結構|けっこう)")


def _wants_a_person(said: Said) -> bool:
    if _says(said, "person_not_asked"):
        return False
    given = _hits(said.text, "address_given")
    asked = [
        hit for hit in _hits(said.text, "person_asked") if not _END_OF_A_WORD.search(said.text.plain, 0, hit.start + 1)
    ]
    if all(any(one.start <= hit.start < one.end for one in given) for hit in asked):
        return False
    if said.asked is Topic.CONTACT and (nickname := _CALL_ME.fullmatch(said.text.plain)):
        start = nickname.start("name")
        return not said.text.words(start, start + 1).isupper()  # "call me Bob"
    # Asked for a number, "call +44 ..." only gives it.
    if said.asked is not Topic.CONTACT or not said.reachable:
        return True
    return _says(said, "person_by_name") and not _says(said, "number_given")


_END_OF_A_WORD = re.compile(r"[主夫婦友知法個本社二三四五当代役商]人$")
"""「主人と私の二人で相談して決めます」 asks for nobody."""
_CALL_ME = re.compile(
    r"\W*(?:(?:you can|please|just|people|everyone|friends|they all)\s){0,2}calls? me (?P<name>(?!mon|tue|wed|thu"
    r"|fri|sat|sun|today|tomorrow|asap"
    r"|now|back|later|please|maybe|anytime|tonight|immediately|whenever|soon|again|first|directly|this|in|any|at|on"
    r"|right|straight|instead|quickly|urgently|sometime|next|after|before|if|when)[a-z'-]+)[\s.!]*"
)


def _corrects(said: Said) -> bool:
    if _WRONG_NUMBER.fullmatch(said.text.plain):
        return False
    if _says(said, "correct") and not _says(said, "not_corrected") and not said.repairs_itself:
        return not said.asks or said.facts > 0
    if said.repairs_itself or said.beside_orders:  # "<admin>budget=5M</admin> our real budget is 20k"
        return False
    return said.facts > 0 and _says(said, "correct_with_fact", own=True) and not _OFFERS.search(said.own.plain)


_OFFERS = re.compile(
    r"(?<![a-z])(?:can|could|would|will|we'd|we'll|i'd|i'll) (?:only |just |probably |maybe )?(?:do|manage"
    r"|afford|spend|pay|offer|go (?:up )?to|stretch to) [^,.;]{1,24}, (?:but )?not (?:a |the )?[$€£¥0-9a-z]"
    r"|^\W*(?:sorry|sry|soz|apologies)[\s,.:-]{1,2}(?:but )?(?:it's )?[$€£¥]?[0-9][0-9.,]*[a-z]{0,2}[\s,]{1,2}"
    r"(?:(?:is|and) (?:all|the most|as much as|as far as|our|my|the limit|that's (?:it|all))"
    r"|(?:and )?not a [a-z]+ more)"
)
""" "We can do 2 thousand, not 3" and "sorry, 45k is all we have" change nothing that was said."""
_WRONG_NUMBER = re.compile(
    r"\W*(?:(?:hi|hello|sorry|no|oops|um|i think|i'm afraid|you've|you have|you|got|have|must have"
    r"|the|a|this is|it's|that's)[\s,]+)*wrong number(?:[\s,]+(?:sorry|mate|pal|i think|i'm afraid|here|friend))*\W*"
)
"""They are not whom we look for; no number is taken back."""


def _answers(said: Said) -> bool:
    return said.facts > 0


def _declines(said: Said) -> bool:
    return _says(said, "decline") and not _says(said, "not_declined")


_OURSELVES = re.compile(r"(?<![a-z])(?:we|our|us)(?![a-z])|うち|弊社|当社|当方|わが社")


_SENDS_ELSEWHERE = re.compile(
    r"^(?:それは|そこは|その辺は|それなら|うちの|、)*"
    r"(?:総務|経理|人事|情シス|財務|購買|調達|社長|部長|課長|店長|所長|上司)(?:[部課]|の者|の人|の方|さん)?"
    r"に(?:聞いて|お尋ね|確認して|問い合わせて)(?:もらえ|いただけ)(?:ます|ません|る|ない)(?:ん)?(?:です)?か?ね?[?。\s]*$"
)
"""「総務に聞いてもらえます？」 sends us to somebody who knows."""


_WONDERS_ALOUD = re.compile(
    r"^(?:いやあ?|うーん|えーと|まあ|、)*(?:さあ|さぁ|さー|さて|はて)(?:て|さて|な|ね|ねえ|、|。|ー|…|\s)*[^。?]{0,20}"
    r"(?:か(?:いな|のう|なあ?|ねえ?|しら)?|やら|やろ(?:か|なあ?|ねえ?)?|だろうか?ね?え?|でしょうか?ね?え?|じゃろうか?|だべか?なあ?|っけか?な?)[\s。…ー~]*$"
)
"""「さあ、なんぼやろなあ」 asks nobody."""


def _asks(said: Said) -> bool:
    if not said.asks or _WONDERS_ALOUD.match(said.text.plain) or _says(said, "off_topic"):
        return False
    if _SENDS_ELSEWHERE.search(said.text.plain) or (_says(said, "dont_know") and _says(said, "redirect")):
        return False  # 「私では分からないので、現場の者に聞いてもらえますか」
    # 「うちって何人だろう、知らないです」 asks nobody
    return not (_OURSELVES.search(said.text.plain) and _says(said, "dont_know", own=True))


def _does_not_know(said: Said) -> bool:
    chat = small_talk(said.text)
    unknown = [hit for hit in _hits(said.text, "dont_know") if not overlaps(hit.start, hit.end, chat)]
    return bool(unknown or others_who_know(said.text))


_ORDER = (
    (Act.STOP, _stops),
    (Act.HUMAN, _wants_a_person),
    (Act.CORRECT, _corrects),
    (Act.ANSWER, _answers),
    (Act.DECLINE, _declines),
    (Act.QUESTION, _asks),
    (Act.DONT_KNOW, _does_not_know),
)
