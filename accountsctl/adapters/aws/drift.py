"""Drift detection: begun for all stacks at once, followed until the last one has ended, then read.

    DetectStackDrift                     for each stack; one that is being checked already is tried again
    DescribeStackDriftDetectionStatus    for each stack, again and again
    DescribeStackResourceDrifts          for each stack, in pages (botocore has no paginator for it)

A look that fails for a passing reason (throttling, network) is repeated until the time is up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import error_message, is_passing, translated
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.model.drift import DriftStatus, PropertyDrift
from accountsctl.model.errors import CloudError
from accountsctl.ports.drift import CheckedResource, StackDetection

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        DescribeStackResourceDriftsInputTypeDef,
        PropertyDifferenceTypeDef,
        StackResourceDriftTypeDef,
    )

LIMIT = 1800.0
"""Seconds for the detection of all stacks. AWS says "up to several minutes"."""
STATUSES = {
    "IN_SYNC": DriftStatus.IN_SYNC,
    "MODIFIED": DriftStatus.MODIFIED,
    "DELETED": DriftStatus.DELETED,
}
"""Any other status (NOT_CHECKED, UNKNOWN, UNSUPPORTED) is a resource that was not checked."""
ALREADY = "Drift detection is already in progress"


@dataclass
class Detection:
    """The detection of one stack: its id once it has begun, and why it failed once it has."""

    stack: str
    id: str = ""
    ended: bool = False
    failure: str = ""

    def fail(self, reason: str) -> None:
        """End it without, or with incomplete, results."""
        self.ended, self.failure = True, reason


class CloudFormationDrift:
    """`ports.DriftDetection` over boto3. `sleep` and `clock` (seconds) are passed in, so that no test waits."""

    def __init__(
        self,
        session: Session,
        pace: Pace,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._pace = pace
        self._sleep = sleep
        self._clock = clock

    def detect(self, stacks: Sequence[str]) -> Mapping[str, StackDetection]:
        """All stacks at the same time; one that cannot be checked has its failure in its result."""
        detections = [Detection(stack) for stack in stacks]
        self._follow(detections)
        return {
            detection.stack: StackDetection(self._results(detection), detection.failure)
            for detection in detections
        }

    def _follow(self, detections: Sequence[Detection]) -> None:
        end = self._clock() + LIMIT
        for wait in self._pace:
            pending = [detection for detection in detections if not detection.ended]
            for detection in pending:
                self._advance(detection)
            if all(detection.ended for detection in detections):
                return
            if self._clock() >= end:
                for detection in pending:
                    detection.fail(f"It did not end within {LIMIT / 60:.0f} minutes.")
                return
            self._sleep(wait)

    def _advance(self, detection: Detection) -> None:
        """One step: begin it, or look how far it is."""
        try:
            with translated("detect drift"):
                if detection.id:
                    self._look(detection)
                else:
                    detection.id = self._begin(detection.stack)
        except CloudError as error:
            if not is_passing(error):
                detection.fail(error.why)

    def _begin(self, stack: str) -> str:
        """The detection's id; empty if another one of the same stack has to end first."""
        try:
            return self._client.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
        except ClientError as error:
            # CloudFormation has no error code of its own for it.
            if ALREADY not in error_message(error):
                raise
            return ""

    def _look(self, detection: Detection) -> None:
        found = self._client.describe_stack_drift_detection_status(StackDriftDetectionId=detection.id)
        if found["DetectionStatus"] == "DETECTION_IN_PROGRESS":
            return
        detection.ended = True
        if found["DetectionStatus"] == "DETECTION_FAILED":
            detection.failure = found.get("DetectionStatusReason", "") or "CloudFormation gave no reason."

    def _results(self, detection: Detection) -> dict[str, CheckedResource]:
        """What was found. A failed detection has results for the resources that it could compare."""
        if not detection.id:
            return {}
        with translated(f"read the drift of {detection.stack}"):
            return {page["LogicalResourceId"]: _checked(page) for page in self._pages(detection.stack)}

    def _pages(self, stack: str) -> Iterator[StackResourceDriftTypeDef]:
        request: DescribeStackResourceDriftsInputTypeDef = {"StackName": stack}
        while True:
            page = self._client.describe_stack_resource_drifts(**request)
            yield from page["StackResourceDrifts"]
            if not page.get("NextToken"):
                return
            request["NextToken"] = page["NextToken"]

    @property
    def _client(self) -> CloudFormationClient:
        return service_client(self._session, "cloudformation")


def _checked(raw: StackResourceDriftTypeDef) -> CheckedResource:
    return CheckedResource(
        STATUSES.get(raw["StackResourceDriftStatus"], DriftStatus.NOT_CHECKED),
        tuple(_difference(difference) for difference in raw.get("PropertyDifferences", ())),
        raw.get("DriftStatusReason", ""),
    )


def _difference(raw: PropertyDifferenceTypeDef) -> PropertyDrift:
    kind = raw["DifferenceType"]
    return PropertyDrift(
        raw["PropertyPath"],
        None if kind == "ADD" else raw["ExpectedValue"],
        None if kind == "REMOVE" else raw["ActualValue"],
    )
