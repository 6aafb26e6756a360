"""Points, units and money as integers, and the only ways in which they are rounded or divided. No float.

- points: thousandths (milli); shown with two decimals, three where needed
- units: ten-thousandths (ticks); a whole unit is `UNIT` ticks
- money: fen
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from wangge.base.errors import InvalidInput

Rounding = Literal["floor", "ceiling", "half_up", "pro_rata"]
UNIT = 10_000
MILLI = 1_000
MOST_POINTS = 1_000_000
_MILLI, _FEN = Decimal("0.001"), Decimal("0.01")


def milli(value: Decimal, field: str) -> int:
    """Points as thousandths. Raises `InvalidInput` for what is no plain number of points from 0 to a million."""
    if not value.is_finite() or not 0 <= value <= MOST_POINTS or value != value.quantize(_MILLI):
        raise InvalidInput("This is no number of points.", field=field, value=value,
                           expected="0 or more with at most three decimals, such as 0.15")
    return int(value * MILLI)


def fen(value: Decimal, field: str) -> int:
    """Yuan as fen. Raises `InvalidInput` for what is no amount from 0 to a million yuan."""
    if not value.is_finite() or not 0 <= value <= MOST_POINTS or value != value.quantize(_FEN):
        raise InvalidInput("This is no amount of money.", field=field, value=value,
                           expected="yuan, 0 or more with at most two decimals, such as 500 or 333.34")
    return int(value * 100)


def ratio(value: Decimal, field: str, *, most: int = 100) -> Fraction:
    """A share, weight or factor, exact. Raises `InvalidInput` below 0 or above `most`."""
    if not value.is_finite() or not 0 <= value <= most:
        raise InvalidInput("This is no share.", field=field, value=value, expected=f"0 to {most}, such as 0.5")
    return Fraction(value)


def half_up(value: Fraction) -> int:
    """A whole number, halves upward (of what is not negative)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def units_of(excess: int, unit: int, rounding: Rounding) -> int:
    """The ticks that an excess of points makes, both in milli. Pro rata keeps four decimals, cut off."""
    if rounding == "floor":
        return excess // unit * UNIT
    if rounding == "ceiling":
        return -(-excess // unit) * UNIT
    if rounding == "half_up":
        return (2 * excess + unit) // (2 * unit) * UNIT
    return excess * UNIT // unit


def apportion(total: int, weights: Sequence[int], step: int = 1) -> list[int]:
    """Divide a total by weights in whole steps: largest remainder; equal remainders in the order given.

    What is less than a step goes with the first of the largest remainders. Nothing is allotted where no weight is.
    """
    whole = sum(weights)
    if not whole or not total:
        return [0] * len(weights)
    steps, rest = divmod(total, step)
    parts = [steps * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(steps * weights[place] % whole), place))
    left = steps - sum(parts)
    for place in order[:left]:
        parts[place] += 1
    shares = [part * step for part in parts]
    shares[order[0]] += rest
    return shares


def points_text(amount: int) -> str:
    """Milli as a decimal with two places, three where needed: 350 → 0.35."""
    text = f"{Decimal(amount) / MILLI:.3f}"
    return text.removesuffix("0")


def units_text(ticks: int) -> str:
    """Ticks as a decimal without empty places: 35000 → 3.5."""
    whole, rest = divmod(ticks, UNIT)
    return f"{whole}.{rest:04d}".rstrip("0") if rest else str(whole)


def yuan_text(amount: int) -> str:
    """Fen as yuan: 35714 → 357.14, 100000 → 1,000."""
    whole, rest = divmod(amount, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


def decimal_text(value: Fraction, places: int) -> str:
    """A ratio with so many places, halves upward: 96.175438… → 96.18."""
    scaled = half_up(value * 10**places)
    return f"{Decimal(scaled).scaleb(-places):.{places}f}"
