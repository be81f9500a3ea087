"""What people say to the bot itself, which neither answers a question nor concerns a colleague.

    "are you a bot?"  "do I have to answer that?"  "what do you mean?"  "why do you ask?"  "how many more?"  "hello"

The bot answers these by itself and goes on where it was; no try is counted, and nobody is told.
"""

import re
from enum import StrEnum

LONGEST = 70
"""Characters: a longer text has more to say than one of these."""


class Aside(StrEnum):
    """Each is the key of the prompt that answers it."""

    WHO = "i_am_a_bot"
    OPTIONAL = "you_may_skip"
    MEANING = "what_we_mean"
    PURPOSE = "what_it_is_for"
    LEFT = "how_much_longer"
    HELLO = "hello_too"
    THANKS = "you_are_welcome"


def aside_in(text: str) -> Aside | None:
    """Which of these the text is, if it is nothing else. Either language, whichever the talk is in."""
    plain = " ".join(text.lower().replace("’", "'").translate(_WIDE).split())
    if len(plain) > LONGEST:
        return None
    return next((aside for aside, pattern in _PATTERNS if pattern.search(plain)), None)


_WIDE = str.maketrans("？！，．　", "?!,. ")
_END = r"[\s?!.,。、~ー…]*$"
_BOT = r"(?:(?:chat ?)?bot|robot|ai|machine|computer|human(?: being)?|(?:real |actual )?(?:person|human)|chatgpt)"
_JA_BOT = r"(?:bot|ボット|ロボット|ai|人工知能|機械|自動応答|自動返信|人間|生身の人|本物の人|人|chatgpt)"
_JA_SKIPS = r"(?:答え|回答し|お答えし|言わ|書か|入力し|教え|お伝えし)"
_JA_ASKS = r"(?:の|ん)?(?:です|でしょう|だ)?(?:よね|か|かね|かな)?"
_JA_THANKS = r"(?:ありがと(?:う|ー)?|有難う|有り難う)(?:ございます|ございました)?"
_JA_REGARDS = r"(?:よろしく|宜しく)(?:お願い(?:いた)?します|です)?"

# Each line is one way to say it.
_WAYS: dict[Aside, tuple[str, ...]] = {
    Aside.WHO: (
        rf"(?:^|[,.!] )(?:so |wait,? |but )?(?:are you|is this|r u) (?:really |just |even )?(?:an? |some )?{_BOT}"
        rf"(?: or (?:an? )?{_BOT})?{_END}",
        rf"(?:^|[,.!] )(?:so |wait,? |but )?am i (?:talking|speaking|chatting) (?:to|with) (?:an? |some )?{_BOT}"
        rf"(?: or (?:an? )?{_BOT})?{_END}",
        rf"^(?:これ|あなた|そちら|相手|この(?:チャット|返事|返信)|もしかして|今|、|は|って|が|\s)*{_JA_BOT}(?:さん|の方)?な?(?:ん|の)?"
        rf"(?:ですか|でしょうか|ですよね|だよね|なの|\?){_END}",
        rf"^(?:これ|今|って|は|、|\s)*{_JA_BOT}(?:さん)?(?:と(?:話し|しゃべっ)|が(?:答え|返事し|返信し|対応し))てい?(?:る|ます)"
        rf"{_JA_ASKS}{_END}",
    ),
    Aside.OPTIONAL: (
        r"(?:do|must) i (?:really |actually )?(?:(?:have|need) to )?(?:answer|tell you|say)"
        rf"(?: (?:this|that|it|these|all of (?:this|that|these)))?(?: questions?)?{_END}",
        r"(?:is|are) (?:it|this|that|these|the questions?|answering) (?:really |all )?"
        r"(?:required|mandatory|obligatory|compulsory|optional)",
        rf"{_JA_SKIPS}な(?:いと|くては|くちゃ|ければ|きゃ)(?:いけ|だめ|駄目|なら)[^。]{{0,8}}(?:か|の|\?)",
        rf"{_JA_SKIPS}なくても?(?:いい|よい|良い|大丈夫|構わな|かまわな)[^。]{{0,6}}(?:か|の|\?)",
        rf"(?:必須|任意|必ず答え(?:る|ます)|答える必要(?:が|は)?(?:ある|あり(?:ます)?)){_JA_ASKS}(?:\?|か){_END}",
    ),
    Aside.MEANING: (
        r"what do(?:es)? (?:you|that|this|it|the question) mean",
        r"i (?:don't|do not|didn't) (?:understand|get) (?:the|this|that|your) question",
        rf"^(?:like what|such as|such as what|for example|meaning|pardon|how do you mean|huh){_END}",
        rf"(?:can|could) you (?:please )?(?:explain|rephrase|clarify)(?: (?:that|this|it|the question))?{_END}",
        r"どういう(?:意味|意図|こと(?:です|でしょう))",
        r"(?:質問|意図|意味)(?:の意味|の意図)?が(?:よく)?(?:わか|分か)(?:ら|りま)",
        rf"^(?:たとえば|例えば|具体的には?)(?:どんな(?:こと)?|何|なに|どういう(?:こと)?)?(?:です|でしょう)?か?{_END}",
        rf"^と(?:い|言)いますと{_END}",
        r"何(?:を|と)(?:答え|書い|お答えし)たら",
    ),
    Aside.PURPOSE: (
        r"why (?:do|would|did) you (?:need|ask|want|have to know|require)|why are you asking",
        r"why (?:is|are|do|does) (?:this|that|it|these|(?:my|our|the) [a-z]+)"
        r" (?:needed|necessary|important|relevant|required|matter)",
        r"what (?:do|will|would) you (?:use|need|do with) (?:this|that|it|these|my|our)",
        r"what(?:'s| is) (?:this|that|it) for",
        r"(?:なぜ|何故|何で|なんで|どうして|(?:何|なん)のために)[^。]{0,14}(?:必要|要る|聞(?:く|き|か)|尋ね|知りた|言わな|教えな|答えな)",
        r"(?:何|なに)に(?:使う|使い|使われ|使わ|利用する|利用し|利用され)",
    ),
    Aside.LEFT: (
        r"how many (?:more )?(?:questions|steps)|how much longer|(?:any|many) more questions",
        r"how long (?:will|does|do) (?:this chat|these questions|the questions) (?:take|last)",
        r"(?:are we|almost|nearly) (?:almost |nearly )?(?:done|finished)\?|is that (?:all|everything)\?",
        r"あと(?:何問|何個|いくつ|何回)|(?:質問|設問)(?:は|って)?(?:あと|まだ|全部で)?(?:何問|いくつ|何個)",
        r"あとど(?:の|れ)(?:くらい|ぐらい|ほど)(?:で(?:終わ|す)|続|質問|あり|残)",
        r"まだ(?:質問が?)?(?:あり|続き)ますか|これで(?:終わり|全部|最後)(?:です|でしょう)?か",
    ),
    Aside.HELLO: (
        r"^(?:(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings|there|everyone"
        r"|how are (?:you|things)(?: (?:doing|today))?|how's it going|nice to meet you)[\s,.!?]*)+$",
        r"^(?:(?:こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|はじめまして|初めまして|お世話になって(?:い|お)ります|お世話になります"
        rf"|もしもし|{_JA_REGARDS})[\s、。!?ー~]*)+$",
    ),
    Aside.THANKS: (
        r"^(?=.*(?:thank|thx|ty|cheers|apprec|bye|see you|have a))"
        r"(?:(?:ok(?:ay)?|great|perfect|good|nice|lovely|thanks?(?: you)?|thx|ty|cheers|(?:very |so )much|a lot"
        r"|much appreciated|bye|goodbye|see you(?: then| soon)?|have a (?:good|nice|great) (?:day|one|evening|weekend)"
        r"|you too|again|for (?:your|the) help|then)[\s,.!-]*)+$",
        r"^(?=.*(?:どうも|ありがと|有難|有り難|助かり|よろしく|宜しく|お願い|お待ち|失礼|さよう))"
        rf"(?:(?:どうも|本当に|大変|色々|いろいろ|では|じゃあ|と|{_JA_THANKS}|助かりま(?:す|した)|{_JA_REGARDS}|お願い(?:いた)?します"
        r"|お待ちして(?:い|お)ります|失礼(?:し|いたし)ます|さようなら|また|(?:です)?ね)[\s、。!ー~]*)+$",
    ),
}
_PATTERNS = tuple((aside, re.compile("|".join(ways))) for aside, ways in _WAYS.items())

_OF_PRIVACY = re.compile(
    r"privacy|gdpr|(?:my|our|personal|the) (?:data|information|info|details)(?![a-z])|spam|third part|newsletter"
    r"|個人情報|プライバシー|第三者|漏洩|漏えい|迷惑メール|メルマガ|営業(?:電話|メール|の電話)|しつこ"
)


def asks_about_privacy(text: str) -> bool:
    """Whether a question is about what becomes of their data: our purpose is said, and a person answers the rest."""
    return _OF_PRIVACY.search(text.lower()) is not None
