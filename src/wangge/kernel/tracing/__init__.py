"""Tracing back from a place, a day and a class, or from a case (责任倒查)."""
