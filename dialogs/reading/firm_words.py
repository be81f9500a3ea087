"""The words that tell a company's name and the titles of its people: legal forms, kinds of business, 部長.

株式会社サンライズ食品    a legal form, and a kind of business
Quill & Co Ltd       a legal form
"""

import re
from functools import lru_cache

from dialogs.reading.lexicon import lexicon
from dialogs.reading.places import KEPT, pairs

JA_FORM = (
    r"(?:株式会社|有限会社|合同会社|合資会社|合名会社|\([株有合同医学福社財]\)|(?<![^\s。、:/・])[株有]\)|医療法人(?:社団|財団)?|一般社団法人|公益社団法人|社団法人|一般財団法人|財団法人"
    r"|学校法人|社会福祉法人|(?:npo|NPO)法人|税理士法人|弁護士法人|行政書士法人|司法書士法人|社会保険労務士法人|特許業務法人|特定非営利活動法人|宗教法人|監査法人|独立行政法人|農業法人|農事組合法人|管理組合法人|国立大学法人|公立大学法人)"
)
JA_BUSINESS_WORDS = lexicon("firm").words("business", "ja").spellings
JA_BUSINESS = rf"(?:{'|'.join(JA_BUSINESS_WORDS)})"
JA_TITLES = lexicon("firm").words("title", "ja").spellings
JA_TITLE = rf"(?:{'|'.join(JA_TITLES)})"
_FORM_CORRECTED = re.compile(
    rf"(?:会社名|社名|法人名)[^。\n]{{0,16}}[。、:]?\s?{JA_FORM}(?:では|じゃ)なく(?:て)?、?\s?"
    rf"(?P<firm>{JA_FORM}[^\s。、,はがを「」!?]{{1,24}}?)(?=です|でし|になり|が正|[。、\s]|$)"
)


def firm_corrected(written: str) -> tuple[int, int] | None:
    """「社名の訂正です。株式会社ではなく合同会社みのりの森です」: where the firm stands; no person is behind its の."""
    if "なく" not in written:
        return None
    found = _FORM_CORRECTED.search(written)
    return found.span("firm") if found else None


_BUSINESS_BEGINS = frozenset(word[:2] for word in JA_BUSINESS_WORDS)
_BUSINESS = re.compile(JA_BUSINESS)


@lru_cache(maxsize=KEPT)
def ends_of_businesses(plain: str) -> tuple[int, ...]:
    """Where a Japanese kind of business ends in the text, looked for once for all rules that need one."""
    if _BUSINESS_BEGINS.isdisjoint(pairs(plain)):
        return ()
    every = (_BUSINESS.match(plain, at) for at, pair in enumerate(pairs(plain)) if pair in _BUSINESS_BEGINS)
    return tuple(match.end() for match in every if match)


PLACE = (
    r"(?:東京|大阪|京都|名古屋|横浜|神戸|福岡|札幌|仙台|広島|埼玉|千葉|静岡|新潟|岡山|熊本|鹿児島|沖縄|金沢|浜松|北海道"
    r"|青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|神奈川|富山|石川|福井|山梨|長野|岐阜|愛知|三重|滋賀|兵庫|奈良|和歌山"
    r"|鳥取|島根|山口|徳島|香川|愛媛|高知|佐賀|長崎|大分|宮崎|関東|関西|東北|北陸|中部|九州|四国|中国|東海|首都圏|都内|市内|県内"
    r"|[\u4e00-\u9fff]{1,3}[都道府県市区町村])"
)
OFFICE = (
    r"(?:(?:総務|経理|人事|労務|採用|教務|学務|庶務|医事|設備|営業|購買|調達|製造|生産|開発|研究|技術|企画|広報|法務|財務|情報システム|情シス|管理|業務|販売|品質|物流|資材|工務|施工"
    r"|設計|システム|経営|マーケティング|事業|店舗|商品|カスタマーサポート|お客様|dx|DX|it|IT)(?:企画|推進|管理|開発|戦略|総括|統括)?"
    r"(?:本部|部門|部|課|室|係|局|グループ|チーム|センター)?)"
)
"""A department in a Japanese firm: 情報システム部, 総務."""
DEPARTMENT = rf"(?:{OFFICE}(?:の?[ご御]?担当者?)?)"
MET = (
    r"(?:面談|架電|商談|訪問|来訪|来社|来店|入電|受電|通話|電話|面会|名刺交換|展示会|打ち?合わ?せ|ヒアリング|問い?合わ?せ|資料請求|(?:[Ww]eb)?会議"
    r"|tel|TEL|mtg|MTG)"
)
"""How a rep says at the head of a note that they met or spoke."""
EN_BUSINESS = (
    r"(?:Builders|Foods|Systems|Solutions|Services|Logistics|Trading|Motors|Industries|Partners|Group|Labs|Studios?|Consulting"
    r"|Realty|Dental|Clinic|Hospital|Bakery|Brewery|Farms|Technologies|Software|Media|Robotics|Analytics|Construction"
    r"|Engineering|Architects|Associates|Holdings|Insurance|Bank|University|College|School|Foundation|Supply|Freight|Shipping"
    r"|Manufacturing|Electronics|Textiles|Chemicals|Pharma|Interiors|Plumbing|Roofing|Timber|Steel|Tools|Traders)"
)
EN_FORM = (
    r"(?:\s\((?:Pty|PTY|Pvt|Private)\)(?=\s(?:Ltd|Limited|LTD))|,?\s(?:GmbH\s&\sCo\.?\s(?:KG|OHG)|Sp\.\s?z\s?o\.\s?o|d\.o\.o|d\.d|a\.s|e\.K|e\.V|S\.p\.A|S\.A\.S|Zrt|Lda|OÜ|UG|OHG|UAB|EOOD|Sàrl"
    r"|Inc|LLC|L\.L\.C|Ltd|Ltda|GmbH|Corp|Co|PLC|Plc|plc|AG|SA|S\.A|AS|A/S|BV|B\.V|NV|AB|Oy|OY|KK|K\.K|LLP|SAS|SARL|SRL|Srl|S\.r\.l|SL|S\.L|SLU|ApS|ASA|Oyj|PLLC|Pte|Bhd|Sdn|Kft|s\.r\.o|EURL|Bros|SpA|Pvt|Pty|SE|KG"
    r"|Corporation|Limited|Incorporated|Holdings|inc|llc|ltd|gmbh|corp)\b\.?)"
)
CAME_FROM = (
    r"(?i:(?:inbound|enquiry|inquiry|e-?mail|mail|call|voicemail|message|referral|request|lead|form|chat|visit|note)"
    r"(?: in| back)? from\s)"
)
"""How a rep says at the head of a note who came to them; a person with a job follows, or a firm."""
EN_TITLE = (
    r"(?:(?i:(?:co-?)?owner|(?:co-?)?founder|director|manager|mgr|head|lead|leader|president|partner"
    r"|engineer|coordinator|administrator|admin|assistant|buyer|officer|supervisor|analyst|consultant|controller|accountant"
    r"|secretary|principal|chair(?:man|woman|person)?|specialist|planner|foreman|bursar|treasurer|trustee|clerk|developer|propriet(?:or|ress)"
    r"|architect|designer|editor|librarian|teacher|nurse|purchasing|procurement|c[a-z]o|[se]?vp|md|gm)(?![a-z]))"
)
EN_JOB = rf"(?:(?:[A-Za-z&/-]{{2,14}}\s){{0,3}}{EN_TITLE})"
"""What somebody does there, with up to three words in front: senior IT coordinator."""
EN_WHOLE_FIRM = (
    r"(?i:c[a-z]o|(?:co-?\s?)?(?:founder|owner)|president|md|gm|(?:managing|general|executive)"
    r" (?:director|manager|partner)"
    r"|chair(?:man|woman|person)?|principal|proprietor)"
)
"""Titles that are of a whole company: "CFO of Meridian Foods", not "head of Sales"."""
OF_ROLES = (
    r"(?:エンジニア|マーケ|カスタマー|デザイナー|マネージャー|リーダー|オペレーター|スタッフ|コールセンター|システム|サポート|セールス|バックオフィス"
    r"|アルバイト|パート|オーナー|ディレクター|プロジェクト|プロダクト|ショップ|フロント|メーカー|ベンダー|オンライン|セミナー|イベント|ウェビナー|インフラ"
    r"|(?:営業|販売|商品|経営|事業|販促|業務|技術|生産|広報|店舗|品質|ウェブ|[Ww][Ee][Bb])(?:企画|設計|制作|デザイン|サービス|部品|設備)|労働組合"
    r"|(?:情報|基幹|社内)システム(?=[部課室係のに])"
    r"|受付|午[前後]|[本昨明今]日|先方|本社|支社|支店|工場|現場|店舗|窓口|新規|既存|初回|再訪|見込み|休眠|社内|同席|紹介|お客|奥|息子|女性|男性"
    r"|プログラマー|クライアント|ユーザー|グループ|ホール|キッチン|ドライバー)"
)
"""What stands before a name as a company does, and names a role, a department or an occasion: エンジニアの佐藤さん."""
