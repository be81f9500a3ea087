"""Whether a clause in Japanese speaks of the writer or of somebody else: 取引先は製造業です."""

import re

_SUBJECT = re.compile(
    r"(?P<who>[^\s。、,!?\n]{1,14}?)(?:(?<!で)は|(?<![すだたいん])が|って|:)[、\s]?[^。、,!?\n]{0,24}$"
)
_OWN = re.compile(
    r"(?:弊社|当社|自社|わが社|我が社|うち|ウチ|私|わたし|わたくし|僕|ぼく|俺|自分|当方|こちら|我々|私たち|私ども|当院|当校|当店|当園|当行|当組合|当法人"
    r"|会社|業種|業態|業界|本業|勤め先|勤務先|職場|所属|身分|立場|職業|目的|用途|利用|使用|今|いま|現在|今回|先方|ご?本人|お相手|相手|実は|本当|正確に|それ|これ|法人で|会社で|お客様で)$"
)

_THEIRS = re.compile(
    r"(?:客様?|顧客|利用者|ユーザー|会員|取引先|得意先|仕入先|相手先|競合|他社|知人|友人|家族|子供|子ども|息子|娘)さ?ん?の[^。、]{0,4}$"
)


def is_about_another(plain: str, at: int) -> bool:
    """Whether the subject of what stands at this place is neither the writer nor whom a note is about."""
    if _THEIRS.search(plain, max(0, at - 14), at):
        return True
    found = _SUBJECT.search(plain, max(0, at - 40), at)
    return found is not None and _OWN.search(found["who"]) is None
