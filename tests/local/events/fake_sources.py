"""`EventSources` in memory: what a test says there is, and what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from accountsctl.localcloud.contracts.event_sources import (
    AsyncSettings,
    QueueDepth,
    QueuedInvocation,
    ScheduledRule,
    SourceMapping,
    StreamRecord,
)


@dataclass
class FakeSources:
    """`stream` are the records of every mapping's stream; `fired` are the rules that were fired, with their times."""

    known: list[SourceMapping] = field(default_factory=list)
    depth: QueueDepth | None = None
    stream: list[StreamRecord] = field(default_factory=list)
    settings: AsyncSettings = field(default_factory=AsyncSettings)
    scheduled_rules: list[ScheduledRule] = field(default_factory=list)
    fired: list[tuple[str, float]] = field(default_factory=list)

    def mappings(self) -> Sequence[SourceMapping]:
        return self.known

    def queue(self, arn: str) -> QueueDepth | None:
        return self.depth

    def records(self, mapping: SourceMapping, limit: int) -> Sequence[StreamRecord]:
        checkpoint = next(known.checkpoint for known in self.known if known.uuid == mapping.uuid)
        return [record for record in self.stream if record.sequence > checkpoint][:limit]

    def advance(self, mapping: SourceMapping, checkpoint: int) -> None:
        self.known = [
            replace(known, checkpoint=checkpoint) if known.uuid == mapping.uuid else known
            for known in self.known
        ]

    def async_settings(self, function_arn: str) -> AsyncSettings:
        return self.settings

    def scheduled(self) -> Sequence[ScheduledRule]:
        return self.scheduled_rules

    def fire(self, rule: ScheduledRule, moment: float) -> Sequence[QueuedInvocation]:
        self.fired.append((rule.arn, moment))
        return [QueuedInvocation(rule.arn, "{}")]
