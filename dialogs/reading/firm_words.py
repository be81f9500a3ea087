"""The words that tell a company's name and the titles of its people: legal forms, kinds of business, 部長.

株式会社サンライズ食品    a legal form, and a kind of business
Quill & Co Ltd       a legal form
"""

JA_FORM = (
    r"(?:株式会社|有限会社|合同会社|合資会社|合名会社|\((?:株|有|合|同)\)|医療法人(?:社団|財団)?|一般社団法人|公益社団法人|社団法人|一般財団法人|財団法人"
    r"|学校法人|社会福祉法人|(?:npo|NPO)法人|税理士法人|弁護士法人|監査法人|独立行政法人|農業法人)"
)
JA_BUSINESS_WORDS = (
    "商事", "工業", "製作所", "建設", "物産", "物流", "電機", "電気", "電子", "食品", "銀行", "証券", "製菓",
    "製薬", "運輸", "運送", "不動産", "印刷", "化学", "技研", "商店", "商会", "産業", "興業", "システムズ",
    "システム", "ソフト", "テック", "フーズ", "ホールディングス", "病院", "クリニック", "医院", "大学", "学園",
    "ホテル", "旅館", "設計", "工務店", "水産", "農園", "酒造", "出版", "新聞社", "新聞", "研究所", "事務所",
    "精機", "鉄工", "交通", "観光", "保険", "信用金庫", "百貨店", "薬局", "製鉄", "鉄道", "航空", "通信",
    "放送", "エンジニアリング", "コンサルティング", "トレーディング", "ラボ", "デザイン", "スタジオ",
    "サービス", "製造所", "金属", "部品", "重工", "鉄鋼", "製鋼", "製紙", "製パン", "紡績", "繊維", "住宅",
    "建築", "設備", "塗装", "造園", "倉庫", "海運", "陸運", "薬品", "石油", "ガス", "電力", "電設", "電工",
    "自動車", "モータース", "牧場", "組合", "保育園", "幼稚園", "学院", "高校", "美容室", "サロン", "整骨院",
    "動物病院", "歯科", "本舗", "企画", "制作", "デンタル",
)  # fmt: skip
JA_BUSINESS = rf"(?:{'|'.join(JA_BUSINESS_WORDS)})"
JA_TITLE = (
    r"(?:代表取締役(?:社長|会長)?|代表|取締役|執行役員|副社長|社長|会長|専務|常務|事業部長|本部長|部長|次長|課長|係長|主任|室長|支店長"
    r"|店長|工場長|所長|局長|院長|理事長|マネージャー|リーダー|担当|オーナー)"
)
EN_BUSINESS = (
    r"(?:Builders|Foods|Systems|Solutions|Services|Logistics|Trading|Motors|Industries|Partners|Group|Labs|Studios?|Consulting"
    r"|Realty|Dental|Clinic|Hospital|Bakery|Brewery|Farms|Technologies|Software|Media|Robotics|Analytics|Construction"
    r"|Engineering|Architects|Associates|Holdings|Insurance|Bank|University|College|School|Foundation|Supply|Freight|Shipping"
    r"|Manufacturing|Electronics|Textiles|Chemicals|Pharma|Interiors|Plumbing|Roofing|Timber|Steel|Tools|Traders)"
)
EN_FORM = (
    r"(?:,?\s(?:Inc|LLC|L\.L\.C|Ltd|Ltda|GmbH|Corp|Co|PLC|Plc|plc|AG|SA|S\.A|AS|A/S|BV|B\.V|NV|AB|Oy|OY|KK|K\.K|LLP|SAS|SARL|SRL|Srl|S\.r\.l|SL|S\.L|SLU|ApS|ASA|Oyj|PLLC|Pte|Bhd|Sdn|Kft|s\.r\.o|EURL|Bros|SpA|Pvt|Pty|SE|KG"
    r"|Corporation|Limited|Incorporated|Holdings|inc|llc|ltd|gmbh|corp)\b\.?)"
)
OF_ROLES = (
    r"(?:エンジニア|マーケ|カスタマー|デザイナー|マネージャー|リーダー|オペレーター|スタッフ|コールセンター|システム|サポート|セールス|バックオフィス"
    r"|アルバイト|パート|オーナー|ディレクター|プロジェクト|プロダクト|ショップ|フロント|メーカー|ベンダー|オンライン|セミナー|イベント|ウェビナー|インフラ"
    r"|(?:営業|販売|商品|経営|事業|販促|業務|技術|生産|広報|店舗|品質|ウェブ|[Ww][Ee][Bb])(?:企画|設計|制作|デザイン|サービス|部品|設備)|労働組合"
    r"|プログラマー|クライアント|ユーザー|グループ|ホール|キッチン|ドライバー)"
)
"""What stands before a name as a company does, and names a role, a department or an occasion: エンジニアの佐藤さん."""
