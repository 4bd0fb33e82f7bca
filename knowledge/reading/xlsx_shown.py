"""A cell's value as its spreadsheet shows it: 0.25 under the format "0%" is "25%"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_ONE_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*')
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|([#0?][#0?,.]*(?:[eE][+-][#0?]+)?)|([@%]|.)', re.DOTALL)
_DATE_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|\[(h+|m+|s+)\]|\[[^\]]*\]|_.|\*.|(AM/PM|A/P|y+|m+|d+|h+|s+(?:\.0+)?)|(.)', re.IGNORECASE | re.DOTALL
)
_LOCAL_DATES = {"mm-dd-yy", "m/d/yy h:mm"}  # the built-in formats that each country sees in its own order
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def shown(value: object, number_format: str) -> str:
    """The text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, (datetime, date, time)):
        return _moment(value, number_format)
    return str(value)


def _number(value: float, number_format: str) -> str:
    sections = [section for section in _ONE_SECTION.findall(number_format) if section] or ["General"]
    chosen = sections[0]
    if value < 0 and len(sections) > 1:
        chosen, value = sections[1], -value  # its own section has its own sign, such as brackets
    elif value == 0 and len(sections) > 2:
        chosen = sections[2]
    sign = "-" if value < 0 else ""
    pieces = [_piece(match, abs(value), chosen) for match in _TOKEN.finditer(chosen)]
    if chosen.lower() == "general" or "/" in chosen or not any(kind == "number" for kind, _ in pieces):
        bare = [text for kind, text in pieces if kind == "text"]
        return _plain(value) if chosen.lower() == "general" or "/" in chosen else "".join(bare).strip()
    return sign + "".join(text for _, text in pieces).strip()


def _piece(found: re.Match[str], value: float, section: str) -> tuple[str, str]:
    quoted, escaped, currency, digits, other = found.groups()
    if digits is not None:
        return "number", _digits(value, digits, section)
    return "text", quoted or escaped or currency or other or ""


def _digits(value: float, pattern: str, section: str) -> str:
    """The number under a pattern such as "#,##0.00"; a comma at its end counts in thousands, a per cent sign in hundredths."""
    if "e" in pattern.lower():
        return f"{value:.{len(pattern.lower().split('e')[0].partition('.')[2])}E}"
    bare = re.sub(r'"[^"]*"|\\.', "", section)
    amount = Decimal(repr(value)) * 100 ** bare.count("%")
    thousands = len(pattern) - len(pattern.rstrip(","))
    amount /= 1_000**thousands
    whole, _, fraction = pattern.rstrip(",").partition(".")
    places = min(len(fraction), 15)
    try:
        rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:  # more digits than anybody reads
        return f"{value:.6E}"
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    for mark in reversed(fraction):
        if mark == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    text = text.removesuffix(".") if not fraction.startswith("0") else text
    number, dot, rest = text.partition(".")
    return number.rjust(whole.count("0"), "0") + dot + rest


def _plain(value: float) -> str:
    """A number without a format: eleven digits at most, as many as a column shows."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.6g}"
    return f"{value:.10g}"


def _moment(value: datetime | date | time, number_format: str) -> str:
    section = _ONE_SECTION.findall(number_format)[0]
    if isinstance(value, time):
        return value.strftime("%H:%M" if value.second == 0 else "%H:%M:%S")
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001  # sheets know no zone
    if section.lower() in _LOCAL_DATES or "[$-F800]" in section or "[$-F400]" in section or section == "General":
        clock = moment.time()
        return moment.date().isoformat() + (f" {clock:%H:%M}" if clock != time() else "")
    tokens = list(_DATE_TOKEN.finditer(section))
    twelve = any(found[4] and found[4].upper() in {"AM/PM", "A/P"} for found in tokens)
    written, last = "", ""
    for number, found in enumerate(tokens):
        code = (found[4] or found[3] or "").lower()
        if not code:
            written += found[1] or found[2] or found[5] or ""
            continue
        after = next((later[4].lower() for later in tokens[number + 1 :] if later[4]), "")
        minutes = code.startswith("m") and len(code) <= 2 and (last.startswith("h") or after.startswith("s"))
        written += f"{moment.minute:0{len(code)}}" if minutes else _part(moment, code, twelve=twelve)
        last = code
    return written.strip()


def _part(moment: datetime, code: str, *, twelve: bool) -> str:
    """One element of a date, such as "mmm" or "dd"."""
    if code in {"am/pm", "a/p"}:
        return "AM" if moment.hour < 12 else "PM"
    if code.startswith("h"):
        return f"{(moment.hour % 12 or 12) if twelve else moment.hour:0{min(len(code), 2)}}"
    if code.startswith("s"):
        return f"{moment.second:0{min(len(code.partition('.')[0]), 2)}}"
    month, day = _MONTHS[moment.month - 1], _DAYS[moment.weekday()]
    year = f"{moment.year % 100:02}"
    shapes = {
        "y": year, "yy": year, "m": str(moment.month), "mm": f"{moment.month:02}", "mmm": month[:3], "mmmm": month, "mmmmm": month[:1],
        "d": str(moment.day), "dd": f"{moment.day:02}", "ddd": day[:3], "dddd": day,
    }  # fmt: skip
    return shapes.get(code, str(moment.year) if code.startswith("y") else "")
