"""Drift detection as AWS lets it go: slowly, throttled, with another one at work, in pages, with failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.drift import LIMIT, CloudFormationDrift
from accountsctl.adapters.aws.follow import Pace
from accountsctl.model.drift import DriftStatus, PropertyDrift
from accountsctl.model.errors import CloudError
from accountsctl.ports.drift import CheckedResource
from tests.fakes.session import Scripted

WHEN = datetime(2026, 11, 28, tzinfo=UTC)
PROGRESS, COMPLETE, FAILED = "DETECTION_IN_PROGRESS", "DETECTION_COMPLETE", "DETECTION_FAILED"


def refused(code: str, message: str = "You may not.") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DetectStackDrift")


def drifted(logical_id: str, status: str = "IN_SYNC", *differences: dict[str, str]) -> dict[str, Any]:
    return {
        "StackId": "s",
        "LogicalResourceId": logical_id,
        "ResourceType": "AWS::Lambda::Function",
        "StackResourceDriftStatus": status,
        "Timestamp": WHEN,
        "PropertyDifferences": list(differences),
    }


@dataclass
class SlowDetection:
    """CloudFormation with a clock: what each call returns or raises, in turn; the last one is repeated."""

    begin: list[str | ClientError] = field(default_factory=lambda: ["{}-1"])
    status: list[str | ClientError] = field(default_factory=lambda: [COMPLETE])
    pages: list[list[dict[str, Any]]] = field(default_factory=lambda: [[]])
    now: float = 0.0
    log: list[str] = field(default_factory=list)

    def adapter(self, pace: Pace | None = None) -> CloudFormationDrift:
        answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "DetectStackDrift": self._begin,
            "DescribeStackDriftDetectionStatus": self._status,
            "DescribeStackResourceDrifts": self._results,
        }
        session: Any = Scripted(answers=answers)
        return CloudFormationDrift(session, pace or Pace(1.0, 1.0), self._sleep, lambda: self.now)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        self.log.append("sleep")

    def _begin(self, request: dict[str, Any]) -> dict[str, Any]:
        stack = request["body"]["StackName"]
        self.log.append(f"begin {stack}")
        return {"StackDriftDetectionId": _next(self.begin).format(stack)}

    def _status(self, request: dict[str, Any]) -> dict[str, Any]:
        detection = request["body"]["StackDriftDetectionId"]
        self.log.append(f"look {detection}")
        status = _next(self.status)
        return {
            "StackId": "s",
            "StackDriftDetectionId": detection,
            "DetectionStatus": status,
            "DetectionStatusReason": "Failed on [A]" if status == FAILED else "",
            "Timestamp": WHEN,
        }

    def _results(self, request: dict[str, Any]) -> dict[str, Any]:
        number = int(request["body"].get("NextToken", 0))
        more = {"NextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
        return {"StackResourceDrifts": self.pages[number], **more}


def _next(script: list[str | ClientError]) -> str:
    step = script.pop(0) if len(script) > 1 else script[0]
    if isinstance(step, ClientError):
        raise step
    return step


def test_all_stacks_are_begun_before_the_first_is_looked_at() -> None:
    cloud = SlowDetection(status=[PROGRESS, COMPLETE])
    cloud.adapter().detect(["a", "b"])

    assert cloud.log == ["begin a", "begin b", "sleep", "look a-1", "look b-1", "sleep", "look a-1"]


def test_results_are_read_to_the_last_page() -> None:
    cloud = SlowDetection(pages=[[drifted("A")], [drifted("B")], [drifted("C", "DELETED")]])
    found = cloud.adapter().detect(["a"])["a"]

    assert {name: each.status for name, each in found.resources.items()} == {
        "A": DriftStatus.IN_SYNC,
        "B": DriftStatus.IN_SYNC,
        "C": DriftStatus.DELETED,
    }


def test_a_value_that_is_not_set_is_none() -> None:
    def one(path: str, kind: str) -> dict[str, str]:
        return {"PropertyPath": path, "ExpectedValue": "1", "ActualValue": "2", "DifferenceType": kind}

    page = [drifted("A", "MODIFIED", one("/a", "NOT_EQUAL"), one("/b", "ADD"), one("/c", "REMOVE"))]
    found = SlowDetection(pages=[page]).adapter().detect(["a"])["a"].resources["A"]

    assert found.differences == (
        PropertyDrift("/a", "1", "2"),
        PropertyDrift("/b", None, "2"),
        PropertyDrift("/c", "1", None),
    )


@pytest.mark.parametrize("status", ["NOT_CHECKED", "UNKNOWN", "UNSUPPORTED"])
def test_a_status_that_is_no_comparison_is_not_checked(status: str) -> None:
    page = [{**drifted("A", status), "DriftStatusReason": "No right to read it."}]
    found = SlowDetection(status=[FAILED], pages=[page]).adapter().detect(["a"])["a"]

    assert found.failure == "Failed on [A]"
    assert found.resources["A"] == CheckedResource(DriftStatus.NOT_CHECKED, (), "No right to read it.")


def test_another_detection_of_the_same_stack_is_waited_for() -> None:
    already = refused("ValidationError", "Drift detection is already in progress for stack [a]")
    cloud = SlowDetection(begin=[already, already, "{}-2"])

    assert cloud.adapter().detect(["a"])["a"].failure == ""
    assert cloud.log == ["begin a", "sleep", "begin a", "sleep", "begin a", "sleep", "look a-2"]


def test_a_passing_refusal_is_tried_again() -> None:
    throttled = refused("Throttling", "Rate exceeded")
    cloud = SlowDetection(begin=[throttled, "{}-1"], status=[throttled, COMPLETE])

    assert cloud.adapter().detect(["a"])["a"].failure == ""
    assert cloud.log.count("look a-1") == 2


def test_any_other_refusal_is_the_failure_of_its_stack_alone() -> None:
    cloud = SlowDetection(begin=[refused("AccessDenied"), "{}-1"], pages=[[drifted("A")]])
    found = cloud.adapter().detect(["a", "b"])

    assert "AccessDenied" in found["a"].failure
    assert found["a"].resources == {}
    assert found["b"].failure == ""
    assert set(found["b"].resources) == {"A"}


def test_a_detection_that_does_not_end_is_given_up_after_the_limit() -> None:
    cloud = SlowDetection(status=[PROGRESS])
    found = cloud.adapter(Pace(30.0, 30.0)).detect(["a"])["a"]

    assert found.failure == "It did not end within 30 minutes."
    assert cloud.now == pytest.approx(LIMIT, abs=31)


def test_results_that_cannot_be_read_are_an_error() -> None:
    cloud = SlowDetection()
    adapter = cloud.adapter()

    def deny(_: dict[str, Any]) -> dict[str, Any]:
        raise refused("AccessDenied")

    session: Any = Scripted(
        answers={
            "DetectStackDrift": {"StackDriftDetectionId": "a-1"},
            "DescribeStackDriftDetectionStatus": cloud._status,
            "DescribeStackResourceDrifts": deny,
        }
    )
    adapter = CloudFormationDrift(session, Pace(1.0, 1.0), lambda _: None, lambda: 0.0)
    with pytest.raises(CloudError, match="read the drift of a"):
        adapter.detect(["a"])
