"""A machine with some tools, without their installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FakeHost:
    """`ports.Host` in memory."""

    packages: Mapping[str, str] = field(default_factory=dict)
    programs: Mapping[str, str] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    database: str | None = None

    def python(self) -> str:
        return "3.13.0"

    def package(self, name: str, /) -> str | None:
        return self.packages.get(name)

    def runs_on(self, runtime: str, /) -> str | None:
        return self.stand_ins.get(runtime)

    def postgresql(self) -> str | None:
        return self.database

    def program(self, name: str, /) -> str | None:
        return self.programs.get(name)
