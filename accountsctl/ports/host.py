"""This machine, as far as commands need its tools."""

from __future__ import annotations

from typing import Protocol


class Host(Protocol):
    """The versions of tools on this machine (adapter: `adapters.host`)."""

    def python(self) -> str:
        """This Python's version."""

    def package(self, name: str, /) -> str | None:
        """The version of an installed Python package; None if it is missing."""

    def runs_on(self, runtime: str, /) -> str | None:
        """What runs a Lambda runtime here (`Python 3.11`); None if it is the runtime's own version, or nothing."""

    def postgresql(self) -> str | None:
        """The version of the PostgreSQL that local databases run on (`16.14`); None if there is none."""

    def program(self, name: str, /) -> str | None:
        """The version that a program reports; None if it is not on the path, empty if it reports none."""
