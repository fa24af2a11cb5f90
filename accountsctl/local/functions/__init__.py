"""Lambda's runtimes: functions really run, in subprocesses that speak the Runtime API."""

from .service import Functions

__all__ = ["Functions"]
