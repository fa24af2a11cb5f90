# ruff: noqa: ARG002 - every operation takes the request and the region
"""Operations that detect drift: begun here, carried out by `execution.drift` in a thread of its own."""

from __future__ import annotations

import logging

from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.drift import DRIFTED, Detector
from accountsctl.localcloud.cloudformation.execution.engine import Engine
from accountsctl.localcloud.cloudformation.runtime.state import Record, Stack, new_id, now

CHECKABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED")
IN_PROGRESS, COMPLETE, FAILED = "DETECTION_IN_PROGRESS", "DETECTION_COMPLETE", "DETECTION_FAILED"
SOME_FAILED = "Failed to detect drift on resources [{}]"
INTERRUPTED = "The stack was changed while its drift was detected"
log = logging.getLogger(__name__)


class DriftOperations:
    """Detects drift, as `operations` lists it. A detection's id is forgotten when the embedded cloud stops."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store
        self._detector = Detector(engine.runtime)
        self._detections: dict[str, Output] = {}
        self.operations: Operations = {
            "DescribeStackDriftDetectionStatus": self.describe_stack_drift_detection_status,
            "DescribeStackResourceDrifts": self.describe_stack_resource_drifts,
            "DetectStackDrift": self.detect_stack_drift,
            "DetectStackResourceDrift": self.detect_stack_resource_drift,
        }

    def detect_stack_drift(self, request: Input, region: str) -> Output:
        stack = self._checkable(request, region)
        only = [
            self._record(stack, logical_id).logical_id for logical_id in request.get("LogicalResourceIds", [])
        ]
        detection: Output = {
            "StackDriftDetectionId": new_id(),
            "StackId": stack.id,
            "DetectionStatus": IN_PROGRESS,
            "Timestamp": now(),
        }
        with self._store.lock:
            if any(
                other["StackId"] == stack.id and other["DetectionStatus"] == IN_PROGRESS
                for other in self._detections.values()
            ):
                raise CloudFormationError(f"Drift detection is already in progress for stack [{stack.id}]")
            # Only the last detection of a stack is remembered.
            others = {
                id_: earlier for id_, earlier in self._detections.items() if earlier["StackId"] != stack.id
            }
            self._detections = {**others, detection["StackDriftDetectionId"]: detection}
        self._engine.threads.start(
            detection["StackDriftDetectionId"], lambda: self._detect(stack, only, detection)
        )
        return {"StackDriftDetectionId": detection["StackDriftDetectionId"]}

    def _detect(self, stack: Stack, only: list[str], detection: Output) -> None:
        try:
            complete = self._detector.check_stack(stack, only)
        except Exception:
            log.exception("the drift detection of %s broke off", stack.name)
            complete = False
        with self._store.lock:
            results = stack.drift.resources.values()
            states = {result["LogicalResourceId"]: result["StackResourceDriftStatus"] for result in results}
            unknown = [logical_id for logical_id, status in states.items() if status == "UNKNOWN"]
            detection |= {
                "DetectionStatus": COMPLETE if complete else FAILED,
                "DetectionStatusReason": None if complete else _reason(unknown),
                "StackDriftStatus": stack.drift.status,
                "DriftedStackResourceCount": sum(status in DRIFTED for status in states.values()),
            }

    def detect_stack_resource_drift(self, request: Input, region: str) -> Output:
        stack = self._checkable(request, region)
        record = self._record(stack, request["LogicalResourceId"])
        result = self._detector.check(stack, record)
        if result is None:
            raise CloudFormationError(
                f"Drift detection is not supported for the resource type {record.type} of {record.logical_id}"
            )
        return {"StackResourceDrift": result}

    def describe_stack_drift_detection_status(self, request: Input, region: str) -> Output:
        detection = self._detections.get(request["StackDriftDetectionId"])
        if detection is None:
            raise CloudFormationError(
                f"Stack drift detection [{request['StackDriftDetectionId']}] does not exist"
            )
        return detection

    def describe_stack_resource_drifts(self, request: Input, region: str) -> Output:
        """Never paged."""
        stack = self._store.get(request["StackName"], region)
        wanted = request.get("StackResourceDriftStatusFilters") or []
        with self._store.lock:
            results = list(stack.drift.resources.values())
        return {
            "StackResourceDrifts": [
                result for result in results if not wanted or result["StackResourceDriftStatus"] in wanted
            ]
        }

    def _checkable(self, request: Input, region: str) -> Stack:
        stack = self._store.get(request["StackName"], region)
        if stack.status not in CHECKABLE:
            raise CloudFormationError(
                f"Drift detection cannot be performed on stack [{stack.id}] in {stack.status} state"
            )
        return stack

    def _record(self, stack: Stack, logical_id: str) -> Record:
        record = stack.resources.get(logical_id)
        if record is None or not record.exists:
            raise CloudFormationError(f"Resource {logical_id} does not exist for stack {stack.name}")
        return record


def _reason(unknown: list[str]) -> str:
    return SOME_FAILED.format(", ".join(unknown)) if unknown else INTERRUPTED
