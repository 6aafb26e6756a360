"""Wangge (网格): the platform on which a subdistrict governs its streets."""

__version__ = "0.1.0"
