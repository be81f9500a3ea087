"""The block of lines under a Japanese mail, where a name stands in full.

株式会社青葉設計の中原でございます。
...
中原 信二                        中原 信二
TEL 052-123-4567
"""

import re

from dialogs.reading.firm_words import JA_FORM, JA_TITLE
from dialogs.reading.found import Span

_GIVEN = r"(?:[\u4e00-\u9fff々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヴー]{2,6})"
_NO_GIVEN = rf"(?!様|さん|氏|先生|です|でし|でご|と申|宛|{JA_TITLE})"
_NAME_ON_A_LINE = re.compile(
    rf"^(?:[^\n。]{{0,24}}[\s:])?(?P<name>[\u4e00-\u9fff々]{{1,4}}[ ]{_GIVEN})\s*(?:\([^)\n]{{1,20}}\))?\s*$",
    re.MULTILINE,
)


_WORK = (
    r"(?:セールス|マーケ|プロダクト|カスタマー|インサイド|フィールド|エンジニア|マネー?ジャー|リーダー|グループ|チーム|サービス|サポート|サクセス|センター"
    r"|システム|デザイン|プロジェクト|コンサル|ソリューション|クラウド|データ|ディレクター|アシスタント|スタッフ|オペレー|ビジネス|アカウント|リレーション)"
)
_KANA_NAME_ON_A_LINE = re.compile(
    rf"^(?:[^\n。]{{0,16}}{JA_FORM}[^\n。]{{0,24}}|[^\n。]{{1,24}}[部課室係])\s(?!.*{_WORK})(?P<name>[ァ-ヴー]{{2,12}}(?:・[ァ-ヴー]{{2,12}}){{1,3}})\s*$",
    re.MULTILINE,
)
"""株式会社青葉設計 IT推進部 ジョシ・アミット"""


def in_full(written: str, family: str) -> Span | None:
    """Where the name of the greeting stands with its given name; None when it stands only as it is."""
    if "\n" not in written:
        return None
    whole = re.search(rf"(?:^|[\s:]){re.escape(family)}\s?{_NO_GIVEN}{_GIVEN}(?=\s*(?:\(|/|$))", written, re.MULTILINE)
    if whole is None:
        return None
    return whole.start() + len(whole.group()) - len(whole.group().lstrip(" \n\t:")), whole.end()


def name_on_a_line(written: str) -> Span | None:
    """The last line that is a full name and nothing else but a title or a department in front."""
    if "\n" not in written:
        return None
    every = (*_NAME_ON_A_LINE.finditer(written), *_KANA_NAME_ON_A_LINE.finditer(written))
    lines = sorted(found.span("name") for found in every)
    return lines[-1] if lines else None
