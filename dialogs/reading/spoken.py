"""Japanese as people type it without kanji, and as they talk at home, in the writing our lists know.

きょうみないです        興味ないです
とくに こまっとらんよ     特に困っていないよ
おらが決めてら         俺が決めている

Our lists hold standard Japanese and what is often said beside it. To list each ending of each region with each verb
would never end; so a text that nobody understood is read once more, in standard words.
"""

import re
from collections.abc import Iterator
from itertools import islice

from dialogs.reading.sought import sought
from dialogs.reading.text import MOST, Text
from dialogs.reading.vocabulary import vocabulary

_KANJI = re.compile("[\u3400-\u9fff々]")
_DIGIT = re.compile("[0-9@]")
"""Beside a number or an address the words are names: 「さとう はなこ 090-…」."""
_KANA = re.compile("[ぁ-んァ-ヶー]")


def without_kanji(text: Text) -> Text | None:
    """A text of kana with the kanji our lists know, or None when there is nothing to write otherwise."""
    if text.language != "ja" or _KANJI.search(text.plain) or not _KANA.search(text.plain):
        return None
    together = _spelled_out(text)
    written = together.rewritten(list(_words("kana", together)))
    if written.plain == text.plain:
        return None
    return _with_standard_endings(written if _DIGIT.search(text.plain) else _without_blanks(written))


def in_standard_words(text: Text) -> Text | None:
    """A text with words or endings of a region in standard Japanese, or None when it has none of them."""
    if text.language != "ja":
        return None
    written = _with_standard_endings(text.rewritten(list(_words("region", text))))
    return None if written.plain == text.plain else written


def _words(section: str, text: Text) -> Iterator[tuple[int, int, str]]:
    for word in vocabulary("spoken", section).find(text.plain):
        yield word.start, word.end, word.meaning


def _spelled_out(text: Text) -> Text:
    """「ひ・み・つ」 is ひみつ: letters one by one, which are no list of things."""
    letters = _LETTERS.search(text.plain)
    if letters is None:
        return text
    return text.rewritten([(at, at + 1, "") for at in range(*letters.span()) if not _KANA.match(text.plain, at)])


_LETTERS = re.compile(r"(?<![ぁ-んァ-ヶー])[ぁ-んァ-ヶ](?:[・…~.、 ]{1,2}[ぁ-んァ-ヶ][ゃゅょ]?){2,6}(?![ぁ-んァ-ヶー])")


def _without_blanks(text: Text) -> Text:
    """「特に 困って」: whoever writes no kanji parts the words with blanks."""
    return text.rewritten([(*match.span(), "") for match in islice(_BLANK.finditer(text.plain), MOST)])


_BLANK = re.compile(r"(?<=[\u3041-\u30ff\u3400-\u9fff]) (?=[\u3041-\u30ff\u3400-\u9fff])")


def _with_standard_endings(text: Text) -> Text:
    for ending, standard in _ENDINGS:
        text = text.rewritten([(*match.span(), standard) for match in islice(ending.finditer(text.plain), MOST)])
    return text


_LAST = r"$|[。、!?~ー…\s)」w笑]"
_STEM = "(?<=[っいしりえけせてねめれべげ来見出])"
"""Behind a verb in this form an ending tells what goes on: 困っとる, but not 受け取る."""
_ENDINGS = tuple(
    (sought(ending), standard)
    for ending, standard in (
        # who speaks
        (r"(?:おら|オラ|おいどん|オイドン)(?=[がはもの一ひ、 ])", "俺"),
        (r"(?<![ぁ-ん])おい(?=[がは](?!し))", "俺"),
        (r"(?:わて|わだす|あたい|拙者|わっち)(?=[がはもの一ひ、 ])|うち(?=が決)", "私"),
        # what goes on: 困っとる, 決めちょる, 決めてら
        (rf"{_STEM}(?:とる|ちょる)", "ている"),
        (rf"{_STEM}とん(?=[のねでや])|てん(?=ねん|のや|で)", "ているん"),
        (rf"{_STEM}(?:とり|ちょり)(?=ま)", "てい"),
        (rf"{_STEM}(?:とら|ちょら)(?:ん|へん|ぬ|ない|ねえ)", "ていない"),
        (rf"{_STEM}(?:とっ|ちょっ)て", "ていて"),
        (rf"{_STEM}てら(?={_LAST})|てはる|てはり(?=ま)", "ている"),
        (r"てま(?=い?ます)", "てしま"),
        # what does not: わからへん, 足りん, 送ってこんといて
        (r"まへん", "ません"),
        (r"せえ[へひ]ん|しいへん|せ[へひ]ん", "しない"),
        (r"(?<=[あかさたなはやらわがざだばえけせてねめれげぜでべきい])[へひ]ん", "ない"),
        (rf"(?<=[らわかたまくでが無])なか(?={_LAST}|[とばけっよ])", "ない"),
        (rf"(?<=[らわかえてれくきりしでけじ])(?:ねえ|ねぇ|ねー)(?={_LAST}|[っんなかすしよけべ])", "ない"),
        (r"(?<=[こせらわかたけえ])んと(?:いて|って|き)|(?<=[らせかたわこ])んで(?=くれ|くださ|ほし|欲し)", "ないで"),
        (
            r"(?<=[わらまとえれきけ足り来])(?<![0-9]ま)(?<![0-9まくせ]え)ん"
            rf"(?=(?:ばい|たい|けん|っちゃ|とよ|のよ|のじゃ|のう|から|けど|し|わ)?(?:{_LAST}))",
            "ない",
        ),
        (r"(?<!ま)せん(?=$|[。、!]|こと|と|ば|ね|わ|けん)", "しない"),
        (r"(?<=[安高古長遅悪多早重暗薄暑寒忙難])(?:し)?うて", "くて"),
        # what they want, and how things are: 減らしたか, 忙しか
        (rf"(?<=[しきりいちみめせえけれべび])(?<!まし)たか(?={_LAST}|とよ|とです|ばって|ばい|っちゃ|けん)", "たい"),
        (rf"(?:(?<=忙し|欲し|ほし|難し|きつ|つら|ひど|くさ)|(?<=[多遅古長悪辛]))か(?={_LAST})", "い"),
        # what only colours the end
        (r"(?:や|じゃ|だ)(?:けん|さかい|はんで|けえ)", "なので"),
        (r"(?<=[るいたうすな])(?:けん|さかい|はんで)(?=$|[。、!~\s])", "から"),
        (r"ばってん|けんど|だども", "けど"),
        (rf"(?:やねん|だべさ?|だっぺ|だっちゃ|ずら|やで|やに)(?={_LAST})", "です"),
        (r"ま[すん]ねん", "ます"),
        (rf"(?:(?<=[るいた])|ん)ねん(?={_LAST}|けど|なあ|なぁ|わ)", "んです"),
        (rf"(?:(?<![やす])ばい|っちゃ|(?<=[るいたう])(?:べさ?|っぺ)|(?<=[るいた])さー)(?={_LAST})", "よ"),
        (rf"(?<=[めしきり])もす(?={_LAST})", "ます"),
        (rf"(?:でござる|どす|でごわす|でがす)(?:なあ|なぁ|え|わ)?(?={_LAST})", "です"),
        (r"(?<=て)け[れろ]", "ください"),
    )
)
"""The ending of a region, and the standard one. In this order: an earlier one leaves what a later one looks for."""
