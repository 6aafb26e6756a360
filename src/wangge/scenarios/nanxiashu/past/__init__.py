"""Nanxiashu's past from August 2018 on, simulated: the article's inputs, assumptions, and what came out."""

from wangge.scenarios.nanxiashu.past.load import load_past, spread_of_past, tell_past

__all__ = ["load_past", "spread_of_past", "tell_past"]
