"""The second past of Nanxiashu, a bad one: the city's deductions exceed the cap, and what follows is played out."""

from wangge.scenarios.nanxiashu.lapse.load import load_lapse

__all__ = ["load_lapse"]
