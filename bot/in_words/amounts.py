"""Sums of money as people write them in business: 300万円, ¥3–5 million, $30,000.

Amounts are in major units (yen, dollars), the currency an ISO code or None when nobody said it.
"""

from decimal import Decimal

from qualification.bant import Sum

MILLION = 1_000_000
BILLION = 1_000_000_000
_TEN_THOUSANDS = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def amount(number: Sum, currency: str | None, language: str) -> str:
    """One sum: 1億5,000万円 in Japanese, ¥150 million in English, $30,000 in both."""
    if language == "ja" and currency in ("JPY", None):
        return _by_ten_thousands(number) + ("円" if currency else "")
    if language == "ja":
        return _symbol(currency) + _plain(number)
    return _symbol(currency) + _in_millions(number)


def amounts(low: Sum, high: Sum, currency: str | None, language: str) -> str:
    """A range: 300万円〜500万円, ¥3–5 million, $10,000–$30,000."""
    if language == "ja":
        return f"{amount(low, currency, language)}〜{amount(high, currency, language)}"
    if _unit(low) and _unit(low) == _unit(high) and high < 20 * low:  # "¥1–200 million" may mean a hundred million
        return f"{_symbol(currency)}{_in_millions(low).split()[0]}–{_in_millions(high)}"
    if _unit(high) and low < MILLION // 1000:  # so does "¥100–¥200 million"
        return f"{_symbol(currency)}{_plain(low)}–{_symbol(currency)}{_plain(high)}"
    return f"{amount(low, currency, language)}–{amount(high, currency, language)}"


def _symbol(currency: str | None) -> str:
    return _SYMBOLS.get(currency, f"{currency} ") if currency else ""


def _plain(number: Sum) -> str:
    """Cents are said with both figures: $49.50."""
    return f"{number:,.2f}" if number % 1 else f"{int(number):,}"


def _by_ten_thousands(number: Sum) -> str:
    if number % 1:
        return _plain(number)
    parts = []
    for size, unit in _TEN_THOUSANDS:
        count, number = divmod(number, size)
        if count:
            parts.append(f"{int(count):,}{unit}")
    if number or not parts:
        parts.append(_plain(number))
    return "".join(parts)


def _in_millions(number: Sum) -> str:
    unit = _unit(number)
    if unit is None:
        return _plain(number)
    size = BILLION if unit == "billion" else MILLION
    return f"{Decimal(number) / size:,.2f}".rstrip("0").rstrip(".") + f" {unit}"


def _unit(number: Sum) -> str | None:
    """The large unit that shows the sum exactly with two digits behind the point, if there is one."""
    if number >= BILLION and number % (BILLION // 100) == 0:
        return "billion"
    return "million" if number >= MILLION and number % (MILLION // 100) == 0 else None
