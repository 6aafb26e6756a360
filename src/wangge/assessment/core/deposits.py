"""A deposit within one period, in fen: charges take from it, what it cannot cover is a shortfall.

Refunds clear the shortfall first. At the end of the period a shortfall lapses; it is never set against pay.
"""

from __future__ import annotations

from typing import NamedTuple

from wangge.base.errors import InvalidInput


class DepositState(NamedTuple):
    """What is left and what was not covered."""

    balance: int
    shortfall: int = 0


def charged(state: DepositState, amount: int) -> DepositState:
    """After a charge: the deposit never falls below zero."""
    taken = min(state.balance, _positive(amount))
    return DepositState(state.balance - taken, state.shortfall + amount - taken)


def refunded(state: DepositState, amount: int) -> DepositState:
    """After a refund in the same period: the shortfall is cleared first, the rest goes back to the deposit."""
    cleared = min(state.shortfall, _positive(amount))
    return DepositState(state.balance + amount - cleared, state.shortfall - cleared)


def period_ended(state: DepositState) -> DepositState:
    """A shortfall lapses."""
    return DepositState(state.balance)


def _positive(amount: int) -> int:
    if amount < 0:
        raise InvalidInput("An amount is not below zero.", field="amount", value=amount, expected="fen, 0 or more")
    return amount
