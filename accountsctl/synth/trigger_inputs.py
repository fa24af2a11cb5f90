"""What calls a function, as its parameters.json states it.

    "triggers": [{"schedule": "rate(1 hour)"},
                 {"queue": "queues/outbox"},
                 {"table": "storage/items"},
                 {"topic": "topics/news"},
                 {"bucket": "storage/uploads", "events": ["s3:ObjectCreated:*"]}]

A resource is named by ``category/name``. ``"output"`` names the output that stands for the queue, table, topic or
bucket, where its stack has several; such an output gives the function no right but to be called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.suggestions import did_you_mean
from accountsctl.synth.inputs import Inputs

TRIGGERS = "triggers"
RATE = re.compile(r"rate\((?:1 (?:minute|hour|day)|(?!1 )[1-9][0-9]* (?:minutes|hours|days))\)")
CRON = re.compile(r"cron\([^\s()]+(?: [^\s()]+){5}\)")
CREATED = "s3:ObjectCreated:*"
BUCKET_EVENTS = (
    CREATED,
    *(f"s3:ObjectCreated:{name}" for name in ("Put", "Post", "Copy", "CompleteMultipartUpload")),
    *(f"s3:ObjectRemoved:{name}" for name in ("*", "Delete", "DeleteMarkerCreated")),
    *(f"s3:ObjectTagging:{name}" for name in ("*", "Put", "Delete")),
    "s3:ObjectAcl:Put",
    *(f"s3:ObjectRestore:{name}" for name in ("*", "Post", "Completed", "Delete")),
    *(f"s3:LifecycleExpiration:{name}" for name in ("*", "Delete", "DeleteMarkerCreated")),
    *("s3:ReducedRedundancyLostObject", "s3:LifecycleTransition", "s3:IntelligentTiering"),
    *(
        f"s3:Replication:{name}"
        for name in (
            *("*", "OperationFailedReplication", "OperationMissedThreshold"),
            *("OperationReplicatedAfterThreshold", "OperationNotTracked"),
        )
    ),
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html"""


class TriggerSource(StrEnum):
    """What can call a function; the value is the key in parameters.json."""

    SCHEDULE = "schedule"
    QUEUE = "queue"
    TABLE = "table"
    TOPIC = "topic"
    BUCKET = "bucket"


SOURCE_TYPES: Mapping[TriggerSource, str] = {
    TriggerSource.QUEUE: "AWS::SQS::Queue",
    TriggerSource.TABLE: "AWS::DynamoDB::Table",
    TriggerSource.TOPIC: "AWS::SNS::Topic",
    TriggerSource.BUCKET: "AWS::S3::Bucket",
}


@dataclass(frozen=True)
class FunctionTrigger:
    """One trigger. `on` is None for a schedule, of which `expression` states when; `output` is empty if not stated."""

    source: TriggerSource
    expression: str = ""
    on: ResourceId | None = None
    output: str = ""
    events: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As flags of `add trigger` and `remove trigger`."""
        return f'--{self.source} "{self.expression}"' if self.on is None else f"--{self.source} {self.on}"


def stated_triggers(value: object) -> tuple[FunctionTrigger, ...]:
    """The triggers of a list in parameters.json; what is not of the form is left out: see `trigger_faults`."""
    entries = value if isinstance(value, list) else []
    return tuple(trigger for entry in entries if (trigger := _trigger(entry)))


def _trigger(entry: object) -> FunctionTrigger | None:
    source = _source(entry)
    if source is None or not isinstance(entry, Mapping) or not isinstance(entry[source], str):
        return None
    if source is TriggerSource.SCHEDULE:
        return FunctionTrigger(source, entry[source])
    events = entry.get("events", [CREATED]) if source is TriggerSource.BUCKET else []
    if not isinstance(events, list) or (on := parse_resource_id(entry[source])) is None:
        return None
    return FunctionTrigger(source, "", on, str(entry.get("output", "")), tuple(map(str, events)))


def _source(entry: object) -> TriggerSource | None:
    found = [source for source in TriggerSource if isinstance(entry, Mapping) and source in entry]
    return found[0] if len(found) == 1 else None


def trigger_faults(inputs: Inputs) -> Iterator[Fault]:
    """What is wrong with the form of a function's triggers."""
    value = inputs.parameters.get(TRIGGERS, [])
    if not isinstance(value, list):
        yield inputs.fault(TRIGGERS, '"triggers" must be a list.')
        return
    for number, entry in enumerate(value):
        if what := _wrong(entry):
            hint = "See: accountsctl add trigger --help"
            yield inputs.fault(TRIGGERS, what, hint, (number,))
    triggers = stated_triggers(value)
    for trigger in dict.fromkeys(triggers):
        if triggers.count(trigger) > 1:
            yield inputs.fault(TRIGGERS, f"the trigger {trigger} is stated twice.")


def _wrong(entry: object) -> str:
    """Why an entry is not a trigger; empty if it is one."""
    source = _source(entry)
    if source is None or not isinstance(entry, Mapping):
        return f"a trigger must have one of the keys {', '.join(TriggerSource)}."
    known = {source, *(() if source is TriggerSource.SCHEDULE else ("output",))}
    known |= {"events"} if source is TriggerSource.BUCKET else set()
    if unknown := sorted(set(entry) - known):
        return f'nothing reads "{unknown[0]}" of a trigger by {source}.'
    trigger = _trigger(entry)
    if trigger is None:
        return f'"{source}" must name a resource, as category/name; it is {entry[source]!r}.'
    if source is TriggerSource.SCHEDULE:
        return schedule_fault(trigger.expression)
    return next(filter(None, map(event_fault, trigger.events)), "")


def schedule_fault(expression: str) -> str:
    """Why EventBridge does not take a schedule; empty if it does.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
    """
    if RATE.fullmatch(expression) or CRON.fullmatch(expression):
        return ""
    forms = "rate(1 hour), rate(5 minutes), or cron(0 8 * * ? *) with six fields"
    return f'"{expression}" is not a schedule: write {forms}.'


def event_fault(event: str) -> str:
    """Why a bucket does not notify of an event; empty if it does."""
    if event in BUCKET_EVENTS:
        return ""
    near = did_you_mean(event, BUCKET_EVENTS)
    return " ".join(filter(None, (f'"{event}" is not an event of a bucket.', near)))
