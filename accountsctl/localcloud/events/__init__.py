"""Events that are really delivered: from queues, streams, buckets, topics, buses and schedules to functions."""

from accountsctl.localcloud.events.service import Events

__all__ = ["Events"]
