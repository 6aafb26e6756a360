"""The mission's subdistrict, generated: places, people in post, classes, routing and some four hundred cases."""

from wangge.scenarios.nanxiashu.load import load

__all__ = ["load"]
