"""Lambda's runtimes: functions really run, in subprocesses that speak the Runtime API."""

from accountsctl.localcloud.lambdas.service import Functions, is_event

__all__ = ["Functions", "is_event"]
