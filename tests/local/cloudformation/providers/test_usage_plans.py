"""API keys and usage plans."""

from __future__ import annotations

from typing import Any

from tests.local.cloudformation.providers.conftest import Bench

G = "AWS::ApiGateway::"


def test_a_key_belongs_to_a_usage_plan(bench: Bench) -> None:
    key = bench.create(f"{G}ApiKey", {"Name": "k", "Enabled": True})
    plan_properties = {"UsagePlanName": "p", "Throttle": {"BurstLimit": 1, "RateLimit": 2}}
    plan = bench.create(f"{G}UsagePlan", plan_properties)
    both = {"KeyId": key.physical_id, "KeyType": "API_KEY", "UsagePlanId": plan.physical_id}
    made = bench.create(f"{G}UsagePlanKey", both)
    assert made.physical_id == f"{key.physical_id}:{plan.physical_id}"
    bench.update(f"{G}UsagePlan", plan, plan_properties, {**plan_properties, "UsagePlanName": "q"})
    assert bench.client("apigateway").get_usage_plan(usagePlanId=plan.physical_id)["name"] == "q"
    bench.delete(f"{G}UsagePlanKey", made, both)
    bench.delete(f"{G}UsagePlan", plan, plan_properties)
    bench.delete(f"{G}ApiKey", key, {})


def test_a_usage_plan_opens_other_stages_after_an_update(bench: Bench) -> None:
    def plan(*stages: str) -> dict[str, Any]:
        return {"UsagePlanName": "p", "ApiStages": [{"ApiId": "abc", "Stage": stage} for stage in stages]}

    made = bench.create(f"{G}UsagePlan", plan("dev", "test"))
    bench.update(f"{G}UsagePlan", made, plan("dev", "test"), plan("test", "prod"))
    shown = bench.client("apigateway").get_usage_plan(usagePlanId=made.physical_id)
    assert [stage["stage"] for stage in shown["apiStages"]] == ["test", "prod"]


def test_quota_and_throttle_end_with_their_properties(bench: Bench) -> None:
    old = {"Throttle": {"BurstLimit": 1, "RateLimit": 2}, "Quota": {"Limit": 3, "Period": "DAY"}}
    made = bench.create(f"{G}UsagePlan", old)
    bench.update(f"{G}UsagePlan", made, old, {})
    shown = bench.client("apigateway").get_usage_plan(usagePlanId=made.physical_id)
    assert not shown.get("throttle")
    assert not shown.get("quota")
