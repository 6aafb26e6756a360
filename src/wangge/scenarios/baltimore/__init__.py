"""Real data: 10,000 service requests and 278 neighbourhoods of the city of Baltimore. See the README."""

from wangge.scenarios.baltimore.load import load

__all__ = ["load"]
