"""The packages that functions need besides their own code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from accountsctl.model.packaging import HostTarget, PackageRequest


class Packages(Protocol):
    """Packages as they are deployed (adapter: `adapters.packaging.store`)."""

    def install(self, requests: Iterable[PackageRequest], say: Callable[[str], None]) -> None:
        """Install what is not installed yet, and name it; UsageError if that fails."""

    def files(self, request: PackageRequest) -> Mapping[str, bytes]:
        """The files of what is installed, by their paths in the zip; installed first if they are missing."""

    def sizes(self, request: PackageRequest) -> Mapping[str, int]:
        """The bytes of each file of what is installed, by path; empty if it is not."""

    def host(self) -> HostTarget:
        """This machine, on which the embedded cloud runs functions."""
