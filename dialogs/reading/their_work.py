"""What people wish to know of their own work; a wish to know about us is a question.

we want to see which ads bring in leads      of their work
I want to know which plans you offer         a question
どの店が赤字か把握したい                        of their work
"""

from dialogs.reading.found import Language
from dialogs.reading.sought import Sought, sought

_THINGS = (
    "広告|店|店舗|商品|品目|品番|媒体|施策|チラシ|ポスター|折込|客|お客|お客様|顧客|得意先|取引先|仕入先|会員|生徒|患者|社員|スタッフ|職員|従業員|担当|営業|部署|拠点|現場"
    "|工程|機械|設備|案件|商談|メニュー|時間帯|曜日|車|車両|倉庫|在庫|部品|原因|作業|仕事|業務|ページ|投稿|キャンペーン"
)
_IN_ENGLISH = sought(
    r"to (?:know|see|learn|find out|understand|track|measure|tell)(?: (?:exactly|quickly|at a glance))? "
    r"(?:how (?:much|many|often|well|long)|which|where|what|who|whether|if|when|why)"
    r" (?:(?!(?:you|your|yours|it|this|that|its|integrations?|features?|plans?|options?|modules?|languages?|versions?"
    r"|apis?|sso|pricing|prices?|packages?|tiers?|vendors?|tools?|we'd|i'd|one|ones)(?![a-z]))[a-z'-]+ ){1,4}?"
    r"(?:(?:we|our [a-z]+) (?:actually |really |still )?(?:hold|have|use|spend|lose|sell|make|earn|pay|waste|carry|owe"
    r"|bring|ship|stock|book|miss|go|do|did|got|get|are|were)"
    r"|sells?|sold|brings?|makes? (?:us )?money|loses?|earns?|costs? us|converts?|takes?|comes? (?:in|from|back)"
    r"|turns? up|shows? up|buys?|owes?|leaves?|churns?|runs? out|arrives?"
    r"|(?:is|are) (?:late|overdue|due|missing|empty|free|out)|works? best|performs?|pays? off"
    r"|go(?:es)? (?:missing|wrong|where))"
    r"(?![a-z])(?![^.;!?\n]{0,40}(?<![a-z])(?:you|your)(?![a-z]))",
    needs=" to ",
)
_IN_JAPANESE = sought(
    rf"どの(?:{_THINGS})[^。、?]{{1,20}}か(?:を|が|まで)?(?:すぐに?|正確に|一目で|ちゃんと)?"
    r"(?:把握し|確認し|知り|見|つかみ|掴み|比べ|わかるようにし|分かるようにし)たい",
    needs="どの",
)
WISHES_TO_KNOW: dict[Language, Sought] = {"en": _IN_ENGLISH, "ja": _IN_JAPANESE}
"""To know, and what; 「どのプランがいいか知りたい」 asks about us."""
