"""Money: whole fen inside, yuan at the edges, capital characters (中文大写金额) in documents of law.

Capitals follow 《正确填写票据和结算凭证的基本规定》 (支付结算办法 annex 1, rules 1–4).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from caseapp.domain.errors import N_, InputError, Message

MAX_FEN = 999_999_999_999_999_999
"""Largest amount kept: one fen below 10^16 yuan (一万万亿元). It fits a 64-bit column and the capitals."""

_FEN_IN_YUAN = 100
_MAX_DIGITS = 64
"""No amount worth reading has more digits on either side of the point; longer ones are refused unread."""
_SAFE_FLOAT_DIGITS = 15
"""A binary float carries every decimal of 15 significant digits; beyond that its text may not be what was meant."""

_GROUPED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTION = 10_000
_HUNDRED_MILLION = 100_000_000


def fen(amount: str | int | Decimal | float, *, field: str = "") -> int:
    """Return an amount of yuan as whole fen.

    amount  yuan: an int, a Decimal, a float whose shortest text is exact, or a text: '97353.00', '97,353', '￥1.5元'
    raises  InputError naming `field`: not a number, negative, finer than one fen, or beyond `MAX_FEN`
    """
    value = _decimal(amount, field)
    if not value.is_finite():
        raise InputError(field, Message(N_("金额应为数字，例如 97353.00")))
    if not value:
        return 0
    if value < 0:
        raise InputError(field, Message(N_("金额不能为负数")))
    # The parts are taken apart by hand: arithmetic would round a long number to the decimal context.
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "a finite Decimal has a whole exponent"
    if value.adjusted() > _MAX_DIGITS:
        raise InputError(field, Message(N_("金额超出可以记录的范围")))
    if exponent < -_MAX_DIGITS:
        raise InputError(field, Message(N_("金额最多保留两位小数（分）")))
    shift: int = 10 ** (exponent + _MAX_DIGITS)
    one_fen: int = 10 ** (_MAX_DIGITS - 2)
    amount_fen, finer = divmod(int("".join(map(str, digits))) * shift, one_fen)
    if finer:
        raise InputError(field, Message(N_("金额最多保留两位小数（分）")))
    if amount_fen > MAX_FEN:
        raise InputError(field, Message(N_("金额超出可以记录的范围")))
    return amount_fen


def _decimal(amount: str | int | Decimal | float, field: str) -> Decimal:
    if isinstance(amount, bool):
        raise InputError(field, Message(N_("金额应为数字，例如 97353.00")))
    if isinstance(amount, Decimal):
        return amount
    if isinstance(amount, int):
        if abs(amount) > MAX_FEN:
            raise InputError(field, Message(N_("金额超出可以记录的范围")))
        return Decimal(amount)
    if isinstance(amount, float):
        value = Decimal(str(amount))
        if value.is_finite() and len(value.normalize().as_tuple().digits) > _SAFE_FLOAT_DIGITS:
            raise InputError(field, Message(N_("金额的有效数字过多，请以文本形式填写，最多两位小数")))
        return value
    if len(amount) > _MAX_DIGITS:
        raise InputError(field, Message(N_("金额超出可以记录的范围")))
    text = unicodedata.normalize("NFKC", amount).strip().removeprefix("¥").removesuffix("元").strip()
    if text.startswith("-") and _GROUPED.fullmatch(text[1:]):
        raise InputError(field, Message(N_("金额不能为负数")))
    if not _GROUPED.fullmatch(text):
        raise InputError(field, Message(N_("金额应为数字，例如 97353.00")))
    return Decimal(text.replace(",", ""))


def yuan(amount_fen: int) -> Decimal:
    """Return fen as yuan with exactly two decimals: 9735300 → Decimal('97353.00')."""
    sign = 1 if amount_fen < 0 else 0
    return Decimal((sign, tuple(int(digit) for digit in str(abs(amount_fen))), -2))


def yuan_text(amount_fen: int) -> str:
    """Return fen as text with thousands separators: 9735300 → '97,353.00'."""
    return f"{yuan(amount_fen):,.2f}"


def capital(amount_fen: int) -> str:
    """Return an amount in capital characters: 1_234_500_00 → '人民币壹佰贰拾叁万肆仟伍佰元整'.

    amount_fen  0..MAX_FEN; ends in 整 where it stops at yuan; nothing follows 角 or 分
    raises      ValueError outside that range
    """
    if not 0 <= amount_fen <= MAX_FEN:
        raise ValueError(f"no capital form for {amount_fen} fen")
    whole, cents = divmod(amount_fen, _FEN_IN_YUAN)
    jiao, odd_fen = divmod(cents, 10)
    words = f"{_integer(whole)}元" if whole or not cents else ""
    if not cents:
        return f"人民币{words}整"
    if jiao:
        # A zero in the place of yuan is written when 角 follows: 1680.32 → 壹仟陆佰捌拾元零叁角贰分.
        words += f"{'零' if whole and whole % 10 == 0 else ''}{_DIGITS[jiao]}角"
    elif whole:
        words += "零"
    if odd_fen:
        words += f"{_DIGITS[odd_fen]}分"
    return f"人民币{words}"


def _integer(number: int) -> str:
    """Read a whole number aloud in capitals; 万亿 is ten thousand times 亿."""
    if number >= _HUNDRED_MILLION:
        return _join(number, _HUNDRED_MILLION, "亿")
    if number >= _SECTION:
        return _join(number, _SECTION, "万")
    return _section(number)


def _join(number: int, unit: int, name: str) -> str:
    high, low = divmod(number, unit)
    if not low:
        return f"{_integer(high)}{name}"
    # One 零 stands for the zeros that open the lower part.
    gap = "零" if low < unit // 10 else ""
    return f"{_integer(high)}{name}{gap}{_integer(low)}"


def _section(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    words = ""
    pending_zero = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += f"{'零' if pending_zero else ''}{_DIGITS[digit]}{_PLACES[place]}"
            pending_zero = False
        elif words:
            pending_zero = True
    return words
