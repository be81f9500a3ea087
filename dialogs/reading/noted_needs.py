"""What a rep's note says of a need: an item that names what is to be done, or that nobody was reached at all.

ナースコールの更新、予算800万      a need: 更新 of ナースコール
Pain: manual reporting         a need
VM left, line busy, no reply   nothing
"""

import re
from collections.abc import Sequence
from itertools import islice

from dialogs.reading.found import FAIR, GUESSED, Found
from dialogs.reading.need_words import categories, need_found, strength_of
from dialogs.reading.sought import sought
from dialogs.reading.text import MOST, Text
from dialogs.reading.vocabulary import Word
from qualification.bant import Need


def nobody_was_reached(plain: str) -> bool:
    """A note of calls that reached nobody tells no need: "left two voicemails, nobody picks up, no reply so far"."""
    signs = {match.lastgroup for match in islice(_MISSED_CALL.finditer(plain), MOST)}
    signs |= {match.lastgroup for match in islice(_MISSED_IN_JAPANESE.finditer(plain), MOST)}
    return len(signs) >= _SIGNS_OF_A_MISSED_CALL and not _THEIR_CALLERS.search(plain)


_MISSED_IN_JAPANESE = sought(
    r"(?P<ja_absent>不在(?!着信))|(?P<ja_again>かけ直|掛け直|再架電|再コール|再度架電)|(?P<ja_out>(?:終日)?外出|離席|(?:お)?戻りは)"
    r"|(?P<ja_nothing>話(?:は|が|も)[^。、]{0,6}(?:でき|聞け|進ま)(?:ず|て?い?ない|てい?ません|なかった)|名前[はも]教えてもらえ)"
)
_THEIR_CALLERS = re.compile(
    r"(?<![a-z])(?:we|our|customers?|clients?|patients?|callers?|guests?|tenants?)(?![a-z])|課題|困って|悩|ニーズ"
)
"""Those who reach nobody are the prospect's own: "customers left messages, the line was busy, no reply"."""

_MISSED_CALL = sought(
    r"(?<![a-z])(?:(?P<message>(?:left|leaving) (?:an? |the |two |three |another )?(?:vm|voicemail|message)s?)"
    r"|(?P<busy>line (?:was |is )?busy|engaged tone)|(?P<rang>rang out|no voicemail)"
    r"|(?P<again>(?:second|third|next|2nd|3rd) try|tried again)"
    r"|(?P<menu>automated menu|switchboard|cut off)|(?P<bounced>(?:e-?mail|mail|it) bounced)"
    r"|(?P<silent>no (?:reply|answer|response)|nobody (?:picks up|picked up|answered|has replied|replied))"
    r"|(?P<nothing>nothing (?:new|learned|learnt|to report)))(?![a-z])"
)
_SIGNS_OF_A_MISSED_CALL = 3


_NOTED = sought(
    r"(?:^|[。、,\n:・/\s])\s?(?P<thing>[^。、,\n:・/\s]{2,16}?)の?(?:更新|刷新|導入|入替|入れ替え|リプレース|リプレイス|見直し|効率化|自動化|電子化"
    r"|デジタル化|見える化|可視化|省力化|ペーパーレス化|一元化|一元管理|改善|削減|短縮|強化|解消|移行|構築|統合|集約|内製化|dx)"
    r"(?:希望|検討中?|ニーズ|案件|を希望|を検討中?|したいとのこと|が課題|がテーマ)?(?=[。、,\n/\s]|と[^。、\n\s]{2,14}(?:[。、,\n/\s]|$)|$)"
)
_LABELLED = sought(
    r"(?:(?<![a-z])(?:needs?|n(?=\s?:.{0,90}(?<![a-z])t\s?:)|pains?|pain points?|problems?|challenges?|issues?|goals?"
    r"|use case)|課題|ニーズ|困り(?:ごと|事)|悩み|要望|目的|ペイン)\s?[:=]"
    r"(?!\s?(?:tbd|tbc|n/a|\?|unknown|未|不明|-|確認))\s?(?P<thing>[^。.\n、,/;]{2,40})"
)
_NOTHING = re.compile(r"(?:none|no\b|nothing|nil|特?になし|なし|無し|ない|ありません)")
_NOT_NOTED = sought(
    r"契約|ライセンス|保守|サポート|予算|本格|試験|本番|年|月|日|期|時期|社|うち|pj|プロジェクト|正式|新規|早期|段階|一括|先行|全社|本社|製品|サービス|弊社|当社"
    r"|関係|待遇|給与|検討|承認|稟議|登録|情報"
)


def noted(text: Text, words: Sequence[Word]) -> Found[Need] | None:
    """An item of a call note that only names what is to be done: 「ナースコールの更新、予算800万」."""
    if match := _LABELLED.search(text.plain):
        if _NOTHING.match(match["thing"]):
            return need_found(text, Need(present=False), *match.span(), FAIR, "labelled_absent")
        value = Need(present=True, strength=strength_of(text, words, False), categories=categories(text))
        return need_found(text, value, *match.span(), FAIR, "labelled")
    if text.language != "ja":
        return None
    for match in islice(_NOTED.finditer(text.plain), MOST):
        if not _NOT_NOTED.search(match["thing"]):
            value = Need(present=True, strength=strength_of(text, words, False), categories=categories(text))
            return need_found(text, value, match.start("thing"), match.end(), GUESSED, "noted")
    return None
