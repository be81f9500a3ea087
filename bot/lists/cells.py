"""Text in a cell that a spreadsheet must show and never calculate, and the same text back again.

A cell that begins like a formula gets an apostrophe in front, which spreadsheets take as "this is text".
Both ways are exact: what was written is what is read, also when it began with an apostrophe by itself.
"""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠", "−")
TEXT_MARK = "'"


def _begins_like_a_formula(text: str) -> bool:
    bare = text.lstrip(TEXT_MARK)
    return bare.startswith(FORMULA) or bare.lstrip().startswith(FORMULA)


def shown(text: str) -> str:
    """The text as it may stand in a cell."""
    return TEXT_MARK + text if _begins_like_a_formula(text) else text


def meant(cell: str) -> str:
    """The text a cell stands for; `meant(shown(text)) == text`."""
    return cell[1:] if cell.startswith(TEXT_MARK) and _begins_like_a_formula(cell) else cell
