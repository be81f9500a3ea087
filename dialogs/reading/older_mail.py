"""Where a mail quotes an older one below its own words: what stands there was said by somebody else, or before.

We start in March.

On Mon, 3 May 2026 Tom Reed wrote:      from here on
> What is your budget?
"""

import re

from dialogs.reading.text import Text

_BEGINS = re.compile(
    r"\n[ \t]*(?:on [^\n]{5,90}wrote:[ \t]*\n|-{3,}[ \t]*(?:original|forwarded) message|_{8,}[ \t]*\n"
    r"|from: [^\n]{1,80}\n(?:sent|date|to|subject): |>)"
)


def quoted_mail(text: Text) -> list[tuple[int, int]]:
    """The span of the older mail in `plain`; none where nothing is quoted."""
    begins = _BEGINS.search(text.plain) if "\n" in text.plain else None
    return [(begins.start(), len(text.plain))] if begins else []
