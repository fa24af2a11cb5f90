"""From a project as read to an Assembly: pure functions, and the only place that speaks Jinja."""

from accountsctl.synth.assembling import assemble

__all__ = ["assemble"]
