"""What we fix in moto's DynamoDB streams: records as AWS writes them, kept for a day, and a stream that can end.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.event_sources import StreamRecord
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services.apps import backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.models.table import StreamShard, Table

KEPT = datetime.timedelta(hours=24)
CREATED = "ApproximateCreationDateTime"


def install() -> None:
    """Fix moto.dynamodb's streams. Once per process."""
    table = models("dynamodb").Table
    wrap(table, "set_stream_specification", _specify)
    wrap(importlib.import_module("moto.dynamodb.models.table").StreamShard, "add", _add)


def _specify(original: Callable[..., None], table: Table, streams: dict[str, Any] | None) -> None:
    original(table, streams)
    if not (table.stream_specification or {}).get("StreamEnabled"):
        # moto would go on writing records, and refuse to enable the stream again.
        table.stream_shard, table.latest_stream_label = None, None


def _add(original: Callable[..., None], shard: StreamShard, old: Item | None, new: Item | None) -> None:
    """Add a record. A write that changes nothing leaves none, and records of yesterday go."""
    if old is not None and new is not None and old.to_json() == new.to_json():
        return
    shard.table.lambda_event_source_mappings.clear()  # moto would run functions by Docker
    original(shard, old, new)
    record = shard.items[-1].record
    record["awsRegion"] = shard.table.region_name
    record["eventVersion"] = "1.1"
    _trim(shard, record["dynamodb"][CREATED] - KEPT)


def _trim(shard: StreamShard, oldest: datetime.datetime) -> None:
    count = 0
    while count < len(shard.items) and shard.items[count].record["dynamodb"][CREATED] < oldest:
        count += 1
    if count:
        del shard.items[:count]
        shard.starting_sequence_number += count


def shard_of(stream_arn: str) -> StreamShard | None:
    """The shard of a table's current stream; None if the table or the stream is gone."""
    _, _, _, region, _, name = stream_arn.split(":", 5)
    _, table_name, _, label = (*name.split("/"), "", "", "")[:4]
    table = backends("dynamodb")[ACCOUNT][region].tables.get(table_name)
    if table is None or table.latest_stream_label != label:
        return None
    shard: StreamShard | None = table.stream_shard
    return shard


def latest(shard: StreamShard) -> int:
    """The sequence number of the newest record that there ever was."""
    return shard.starting_sequence_number + len(shard.items) - 1


def records(shard: StreamShard, after: int, limit: int) -> Sequence[StreamRecord]:
    """The records after a sequence number, oldest first."""
    start = max(0, after + 1 - shard.starting_sequence_number)
    first = shard.starting_sequence_number + start
    return [
        _record(first + number, item.record) for number, item in enumerate(shard.items[start : start + limit])
    ]


def _record(sequence: int, record: dict[str, Any]) -> StreamRecord:
    moment = record["dynamodb"][CREATED].replace(tzinfo=datetime.UTC).timestamp()
    content = {**record, "dynamodb": {**record["dynamodb"], CREATED: int(moment)}}
    return StreamRecord(sequence, moment, content)
