"""NotificationARNs: each event of a stack is published to its topics, in the order of the events.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html
"""

from __future__ import annotations

import logging
import queue
import threading

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.shapes import EventRecord
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import ClientFactory
from accountsctl.localcloud.cloudformation.runtime.state import Stack
from accountsctl.localcloud.contracts.lookups import ACCOUNT

SUBJECT = "AWS CloudFormation Notification"
log = logging.getLogger(__name__)


def check_topics(arns: list[str], clients: ClientFactory, region: str) -> None:
    """Raise CloudFormationError for an ARN that is not a topic's."""
    for arn in arns:
        try:
            clients("sns", region).get_topic_attributes(TopicArn=arn)
        except ClientError as error:
            raise CloudFormationError(
                f"Invalid notification ARN: {arn} is not a topic that exists"
            ) from error


class Notifier:
    """Publishes in a thread of its own: whoever writes an event must not wait for who is notified of it."""

    def __init__(self, clients: ClientFactory) -> None:
        self._clients = clients
        self._events: queue.Queue[tuple[str, list[str], EventRecord] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def take(self, stack: Stack, event: EventRecord) -> None:
        """Publish an event soon, if the stack has topics; nothing is published any more after `close`."""
        if not stack.notification_arns:
            return
        with self._lock:
            if self._closed:
                return
            self._events.put((stack.region, list(stack.notification_arns), event))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._publish_all, name="cloudformation notifier", daemon=True
                )
                self._thread.start()

    def wait(self) -> None:
        """Until everything is published."""
        self._events.join()

    def close(self) -> None:
        """Publish what there is, and end."""
        with self._lock:
            thread = self._thread
            if thread is not None and not self._closed:
                self._events.put(None)
            self._closed = True
        # Without the lock: whoever is notified may cause events, and `take` must return for it to end.
        if thread is not None:
            thread.join()

    def _publish_all(self) -> None:
        while True:
            entry = self._events.get()
            try:
                if entry is None:
                    return
                self._publish(*entry)
            finally:
                self._events.task_done()

    def _publish(self, region: str, arns: list[str], event: EventRecord) -> None:
        for arn in arns:
            try:
                self._clients("sns", region).publish(TopicArn=arn, Subject=SUBJECT, Message=message(event))
            except Exception as error:  # noqa: BLE001 - as on AWS, an operation does not fail with its notifications
                log.warning("could not notify %s: %s", arn, error)


def message(event: EventRecord) -> str:
    """An event as AWS writes it into a notification."""
    values = {
        "StackId": event["StackId"],
        "Timestamp": event["Timestamp"],
        "EventId": event["EventId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Namespace": ACCOUNT,
        "PhysicalResourceId": event["PhysicalResourceId"],
        "PrincipalId": ACCOUNT,
        "ResourceProperties": event.get("ResourceProperties", "null"),
        "ResourceStatus": event["ResourceStatus"],
        "ResourceStatusReason": event.get("ResourceStatusReason", ""),
        "ResourceType": event["ResourceType"],
        "StackName": event["StackName"],
        "ClientRequestToken": event.get("ClientRequestToken", "null"),
    }
    return "".join(f"{name}='{value}'\n" for name, value in values.items())
