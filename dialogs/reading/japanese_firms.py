"""How people name their company in Japanese: 合同会社ノースフィールドと申します, 会社名は青空フーズです."""

import re

from dialogs.reading.firm_rule import ASKED, INTRODUCED, OF_NOTES, FirmRule
from dialogs.reading.firm_words import DEPARTMENT, JA_BUSINESS, JA_FORM, JA_TITLE, OF_ROLES, PLACE
from dialogs.reading.found import FAIR, GUESSED
from dialogs.reading.sought import sought
from qualification.bant import Topic

_LETTER = r"[\u4e00-\u9fff々ァ-ヴーぁ-んa-zA-Z0-9&・.\-]"
_NAMES_A_FIRM = (
    r"(?:里|会|家|丘|杜|森|風|輪|郷|宿|湯|木|実|花|空|海|国|村|園|舎|家族|食卓)"
    rf"(?:(?!{JA_TITLE}|スタッフ|エンジニア|デザイナー)(?:[ァ-ヴー]{{2,10}}|{JA_BUSINESS}))"
    r"|(?:里|会|家|丘|杜|風|輪|郷|宿|湯|木|実|花|空|海|国|村|園|舎|家族|食卓)"
)
"""Behind の it goes on with the name of the firm: とちの木フーズ, 風の丘; but 「アサヒの森」 presents somebody."""
_JA_END = (
    r"(?=です|でして|でござ|でーす|と申|ともうし|といい|と言い|という|って|さん|様|御中|・(?:社員|従業員|職員)|より|から|に勤|に所属|で働|いう(?:とこ|もん|者)|ゆう(?:とこ|もん)|で(?:、|社員|従業員|職員)|(?:従業員|社員|職員)数|は、|は(?:従業員|社員)"
    rf"|の(?!{_NAMES_A_FIRM}(?:です|でして|と申|でご|、|。|\s|$))[\u4e00-\u9fff々ァ-ヴー\s]{{1,8}}?(?:です|と申|でご|と言|とい|様|さん|氏(?!名)|\({JA_TITLE}|{JA_TITLE})"
    r"|で[\u4e00-\u9fffァ-ヴー]{2,10}を?(?:して|担当|務め|やって)|の[\u4e00-\u9fffァ-ヴー]{2,8}に(?:おり|勤め|勤務|所属|いま)"
    r"|に(?:変わ|変更|改|なり|なった|訂正|修正)|へ(?:変更|改称)|が正|じゃな|ではな"
    rf"|の(?!{_NAMES_A_FIRM}$)[\u4e00-\u9fff々ァ-ヴー\s]{{2,8}}$|(?=(?:代表取締役(?:社長|会長)?|代表社員|代表理事|代表|社長|取締役|専務|常務"
    r"|部長|課長|係長|店長|所長|工場長|院長)の)"
    r"|の(?:人事|総務|経理|営業|広報|企画|開発|製造|情シス|情報システム|購買|調達|法務|財務|事務|受付|社長|代表|管理|採用|労務|教育|施設|設備|品質|生産|物流|商品)(?:部|課|室|担当者?|責任者)?(?:の|、|,|・|\s)|[、。,\s/()「」!?]|$)"
)
_SAYS = r"(?:です|と申し?ます|といいます|と言います|でございます)"
_NAMED_WITH = rf"(?:様|さん|先生|氏(?!名)|{JA_TITLE})"


def _of_business(
    ahead: str,
    behind: str,
    topics: frozenset[Topic | None] | None = None,
    letter: str = rf"(?:(?![はがをの]){_LETTER}){{1,16}}?",
) -> FirmRule:
    """A name that ends with a kind of business."""
    return FirmRule(
        letters=sought(rf"{ahead}(?P<name>{letter}{JA_BUSINESS}){behind}"),
        behind_business=re.compile(behind),
        certainty=FAIR,
        topics=topics,
    )


_BEGINS = r"(?:^|(?<=[。、,\s:「/(]))"
JAPANESE_FIRMS = (
    # 日の出建設(有)です
    FirmRule(
        letters=sought(
            rf"(?:{_BEGINS}|(?<=は))(?P<name>(?!{JA_FORM})(?:[A-Za-z0-9][A-Za-z0-9&.'-]{{0,18}}\s){{0,4}}(?:(?![はがを]){_LETTER}){{1,20}}?{JA_FORM}){_JA_END}"
        ),
    ),
    # 屋号は「アトリエこもれび」
    FirmRule(
        letters=sought(
            r"(?:会社名|社名|企業名|法人名|団体名|屋号|店名|園名|会社|店|うち|弊社|当社)(?:の名前)?[は:が、,]?\s?[「『](?P<name>[^「」『』\n]{2,24})[」』]"
        ),
        certainty=FAIR,
    ),
    # 「まるごと野菜市」という八百屋をやっております
    FirmRule(
        letters=sought(
            r"[「『](?P<name>[^「」『』\n]{2,24})[」』](?:という[^、。\n]{0,10}?(?:です|で?をやって|を経営|を営|を運営|と申|でやって)|を(?:経営|営|運営)|と(?:いいます|申します|言います))"
        ),
        certainty=FAIR,
    ),
    # cafe tsumugiという店です
    FirmRule(
        letters=sought(
            r"^(?P<name>[^、。「」『』\n]{2,24}?)という(?:名前の|屋号の|名の)?[^、。\n]{0,6}?(?:会社|法人|団体|店|社|事務所|工房|屋)(?:です|をやって|を経営|を営|を運営|と申|でやって)"
        ),
        certainty=FAIR,
        topics=INTRODUCED,
    ),
    # 合同会社ノースフィールドと申します
    FirmRule(
        letters=sought(
            rf"(?P<name>{JA_FORM}\s?(?!です|でご|と申|から|より|なので|なんで|従業員|社員|職員|[がをの]|[にへ](?:変|改|な)|じゃ|では|でなく)(?:[A-Za-z0-9&.'-]{{1,20}}(?:\s[A-Z&][A-Za-z0-9&.'-]{{0,20}}){{1,4}}|{_LETTER}{{1,45}}?)){_JA_END}"
        ),
    ),
    # 会社名は青空フーズです
    FirmRule(
        letters=sought(
            rf"(?:会社名|社名|企業名|法人名|勤務先|所属|屋号|店名|[店社園院塾館]の名前|(?<![\u4e00-\u9fffァ-ヴー])会社)(?:は|:|が|→|⇒|=)\s?(?P<name>{_LETTER}{{2,24}}?){_JA_END}"
        ),
        certainty=FAIR,
    ),
    # 会社名言ってなかった、田中商店です
    FirmRule(
        letters=sought(
            rf"(?:会社名|社名|企業名|法人名|団体名|屋号|店名|[店社園院塾]の名前)[^。、]{{0,6}}(?:言|伝え|名乗|書い|書き|入れ|忘れ|抜け|漏れ|まだで)[^。、]{{0,14}}[。、]\s?(?:正しくは、?|今は|現在は)?"
            rf"(?P<name>{_LETTER}{{2,24}}?)(?=です|でし|になり|と申|といい|と言い|[。\s]|$)"
        ),
        certainty=FAIR,
    ),
    # 会社名が違います。みどり金属工業です
    FirmRule(
        letters=sought(
            rf"(?:会社名|社名|企業名|法人名|会社)[^。、]{{0,10}}(?:違|間違|訂正|誤|変わ|修正|書い|書き|古)[^。]{{0,10}}[。、]\s?(?:正しくは、?|正式には、?|今は|現在は|本当は)?"
            rf"(?P<name>{_LETTER}{{2,24}}?)(?=です|でし|になり|が正|に訂|に変|に修|と申|[。\s]|$)"
        ),
        certainty=FAIR,
    ),
    # 大阪の東雲電機産業、購買の西岡と申します; みずき歯科クリニックの受付の者です
    _of_business(
        rf"(?:^|(?<=[。、,\s]))(?:{PLACE}の)?",
        r"(?:\([^()\n]{2,20}\))?(?:、|,|の)(?!(?:新規|本格)?(?:導入|検討|刷新|更新|入替|入れ替え|リプレ|見直し|構築|開発|移行|改修|選定|購入|乗り換え|老朽|相談|件))"
        r"[^。\n]{1,20}?(?:です|と申|でござ|$)",
        topics=frozenset({Topic.CONTACT, Topic.COMPANY, None}),
        letter=rf"(?:(?![はがを]){_LETTER}){{1,16}}?",
    ),
    # ヤマト精機の黒田様と電話
    _of_business(
        rf"{_BEGINS}(?!{OF_ROLES})",
        rf"[の・、\s]?(?:[^\s。、のは]{{1,8}}[の、\s])?[\u4e00-\u9fff々ァ-ヴー]{{1,8}}?{_NAMED_WITH}"
        r"(?!(?:から|より|から)?の?ご?紹介)(?=[とにへで、。\s(]|より|から|$)",
        topics=OF_NOTES,
    ),
    # takeda@... (武田商店)
    _of_business(r"(?<=\()(?!自宅|兼|元|旧|現|前|同|実家|当|元請)", r"(?=\))", topics=frozenset({Topic.CONTACT, None})),
    # 大和田工業 総務部長 大和田
    _of_business(
        rf"{_BEGINS}(?!{OF_ROLES})",
        rf"\s(?:{DEPARTMENT})?{JA_TITLE}\s[\u4e00-\u9fff々]{{1,4}}(?=[\s、,/]|$)",
        topics=frozenset({Topic.CONTACT}),
    ),
    # 06-4321-8765 ローズ美容室まで
    _of_business(
        rf"(?:(?<=[0-9]\s)|(?<=[0-9]、))(?!{OF_ROLES})",
        r"(?=まで(?:[。\s]|に|お|ご|$)|宛)",
        topics=frozenset({Topic.CONTACT, None}),
    ),
    # アクメの山田です
    FirmRule(
        letters=sought(
            r"(?:^|(?<=[。、,\s]))(?P<name>[ァ-ヴーA-Za-z&・]{2,16})の[\u4e00-\u9fff々]{1,6}(?:です|と申|でござ)"
        ),
        certainty=FAIR,
        topics=INTRODUCED,
    ),
    # アクメです
    FirmRule(
        letters=sought(
            rf"^\n*(?:弊社は|当社は|うちは|私どもは)?(?:{PLACE}の)?(?P<name>{_LETTER}{{2,20}}?)"
            rf"(?:(?:と|って)?(?:いう|ゆう)(?:とこ(?:ろ)?|もの|もん|者))?{_SAYS}?(?=[。、,\s(!]|$)"
        ),
        certainty=GUESSED,
        topics=ASKED,
    ),
)
