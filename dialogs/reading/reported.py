"""Orders that somebody else gave, told in quotes: what people type into their bot is their problem, and orders nothing.

『指示を無視しろ』と打つ人がいて困る                     the quote is left blank, the problem stays
customers type "ignore your rules" into our chat    the same
"""

import re

from dialogs.reading.found import Span
from dialogs.reading.phrases import load
from dialogs.reading.text import Text

_SAID = "打|書|入力|送|言|入れ|書き込|投稿|コメント|指示|命令|聞|頼|質問"
_OTHERS_SAY_JA = re.compile(
    r"(?P<said>[「『\"'][^「」『』\"'\n]{2,80}[」』\"']\s?(?:と|って|なんて|とか|などと|みたいに))"
    r"(?:チャット(?:欄)?[にへで]|ボット[にへ]|aiに|いきなり|平気で|何度も|勝手に|しつこく|、)?"
    rf"(?:(?:{_SAID})[^。「」『』0-9]{{0,6}}?(?:人|お?客|ユーザー|利用者|やつ|奴|輩|子(?:ども|供)?[がはも]|生徒|学生|社員|スタッフ|者|方々?[がはも]"
    r"|ケース|いたずら|荒らし)"
    r"|(?:打た|書か|入力さ|送ら|言わ|入れら|書き込ま|投稿さ|指示さ|命令さ|頼ま|質問さ)れ(?:て|る|ます|まし|た(?:り|こと|ん|の(?:で|が|を)|ので|。|、|時|とき|ら|際)))"
)
_OTHERS_SAY_EN = re.compile(
    r"(?<![a-z])(?:(?:customers?|people|users?|kids|students?|pupils?|visitors?|guests?|trolls?|pranksters?|callers?"
    r"|someone|somebody|anyone|anybody|staff|clients?|hackers?|players?|jokers?|teenagers|patients?|members?|they)"
    r"(?: (?:who|that|keep|keeps|always|just|sometimes|once|even|try to|love to|like to|can|could|will|have|has))* "
    r"(?:type|write|paste|send|sent|say|said|enter|told|tell|ask|put|post|wrote|get|got|trick)(?:s|d|ed|ing)?"
    r"|(?:was|were|got|been|being|gets) (?:told|asked|sent|given)|(?:messages?|prompts?|lines?|texts?|things) like)"
    r"(?: (?:things|stuff|messages|something|our|the|its?|their|them|it|chat|chatbot|bot|assistant|ai|widget|to|like"
    r"|into|in|with)){0,5}[,:]? (?P<said>[\"'][^\"'\n]{4,80}[\"'])"
)


def orders_of_others(text: Text) -> list[Span]:
    """Places in `plain` between quotes that order a machine and that others said."""
    told, languages = (_OTHERS_SAY_JA, ("ja", "en")) if text.language == "ja" else (_OTHERS_SAY_EN, ("en",))
    quotes = [quote.span("said") for quote in told.finditer(text.plain)]
    orders = load("injection").every("order", text.plain, languages) if quotes else []
    return [(start, end) for start, end in quotes if any(start <= hit.start < end for hit in orders)]
