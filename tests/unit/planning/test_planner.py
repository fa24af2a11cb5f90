"""What a plan says, from two sets of templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.model.assembly import Assembly, Child, Template
from accountsctl.model.backend import Dependency, FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Action, Plan
from accountsctl.planning.planner import plan
from accountsctl.planning.stack_changes import NO_RESOURCE_CHANGES

RDS = ResourceId("rds", "cluster")
FUNCTION = ResourceId("function", "fn")
HERE = FilePosition("backend-config.json", 1)
ENVIRONMENT = Environment("dev", Cloud.LOCAL, "eu-west-1", "accounts-dev")
CLUSTER = {
    "Type": "AWS::RDS::DBCluster",
    "UpdateReplacePolicy": "Snapshot",
    "DeletionPolicy": "Snapshot",
    "Properties": {"DatabaseName": "accounts", "BackupRetentionPeriod": 7},
}
WRITER = {"Type": "AWS::RDS::DBInstance", "Properties": {"DBClusterIdentifier": {"Ref": "RDSCluster"}}}


def template(id_: ResourceId | None, body: Mapping[str, Any]) -> Template:
    text = json.dumps(body, sort_keys=True)
    return Template(id_, "t.yaml.j2", text, f"digest{hash(text)}", body)


def rds_body(**properties: Any) -> dict[str, Any]:
    cluster = {**CLUSTER, "Properties": {**CLUSTER["Properties"], **properties}}  # type: ignore[dict-item]
    return {"Resources": {"RDSCluster": cluster, "Writer": WRITER}}


def root_body(*children: Child, key: str = "") -> dict[str, Any]:
    return {
        "Resources": {
            "DeploymentBucket": {"Type": "AWS::S3::Bucket"},
            **{
                c.id.logical_id: {
                    "Type": "AWS::CloudFormation::Stack",
                    "Metadata": {"accountsctl": {"category": c.id.category, "name": c.id.name}},
                    "Properties": {"TemplateURL": {"Fn::Sub": c.key}, "Parameters": {"s3Key": key}},
                }
                for c in children
            },
        }
    }


def child(id_: ResourceId, body: Mapping[str, Any], *on: ResourceId, imported: bool = False) -> Child:
    needs = tuple(Dependency(each, ("Arn",), True, HERE) for each in on)
    return Child(Resource(id_, "Service", imported, needs, HERE), template(id_, body))


def planned(new: list[Child], old: list[Child] | None, *, new_key: str = "", old_key: str = "") -> Plan:
    root = template(None, root_body(*new, key=new_key))
    assembly = Assembly(ENVIRONMENT, "accounts", root, template(None, root_body()), tuple(new))
    if old is None:
        return plan(assembly, None, lambda _: {})
    bodies = {each.id.logical_id: each.template.body for each in old}
    return plan(assembly, root_body(*old, key=old_key), lambda name: bodies[name])


def actions(found: Plan) -> dict[str, str]:
    return {str(change.id): change.action.value for change in found.changes}


def test_everything_is_created_where_nothing_is_deployed_and_imported_resources_are_imported() -> None:
    auth = child(ResourceId("auth", "pool"), {"Resources": {}}, imported=True)
    found = planned([auth, child(RDS, rds_body())], None)
    assert actions(found) == {"auth/pool": "import", "rds/cluster": "create"}
    assert found.first
    assert not found.empty


def test_the_same_templates_plan_nothing() -> None:
    found = planned([child(RDS, rds_body())], [child(RDS, rds_body())])
    assert actions(found) == {"rds/cluster": "none"}
    assert found.empty


def test_a_renamed_database_replaces_the_cluster_and_what_refers_to_it() -> None:
    found = planned([child(RDS, rds_body(DatabaseName="other"))], [child(RDS, rds_body())])
    (change,) = found.changes
    assert [each.logical_id for each in change.replaces] == ["RDSCluster", "Writer"]
    assert change.replaces[0].holds_data
    assert change.replaces[0].properties == ("DatabaseName",)
    assert found.dangerous
    assert any("REPLACED" in reason and "snapshot" in reason for reason in change.reasons)


def test_a_property_that_can_change_in_place_replaces_nothing() -> None:
    found = planned([child(RDS, rds_body(BackupRetentionPeriod=9))], [child(RDS, rds_body())])
    (change,) = found.changes
    assert change.action is Action.UPDATE
    assert change.replaces == ()
    assert not found.dangerous
    assert any("BackupRetentionPeriod" in reason for reason in change.reasons)


def test_an_update_in_which_no_resource_changes_says_so() -> None:
    cluster = child(RDS, rds_body())
    body = root_body(cluster)
    entry = {**body["Resources"][RDS.logical_id], "DependsOn": ["DeploymentBucket"]}
    root = template(None, {"Resources": {**body["Resources"], RDS.logical_id: entry}})
    assembly = Assembly(ENVIRONMENT, "accounts", root, template(None, root_body()), (cluster,))
    (change,) = plan(assembly, body, lambda _: cluster.template.body).changes
    assert change.action is Action.UPDATE
    assert change.reasons == change.notes == (NO_RESOURCE_CHANGES,)


def test_an_identifier_that_is_generated_is_no_fixed_name() -> None:
    def permission(source: str) -> dict[str, Any]:
        properties = {"FunctionName": "f", "Action": "a", "Principal": "p", "SourceArn": source}
        return {"Resources": {"May": {"Type": "AWS::Lambda::Permission", "Properties": properties}}}

    (change,) = planned([child(FUNCTION, permission("two"))], [child(FUNCTION, permission("one"))]).changes
    assert not change.replaces[0].custom_named


def test_a_fixed_name_that_stays_makes_the_replacement_one_that_aws_refuses() -> None:
    def custom_named(old: dict[str, Any], new: dict[str, Any]) -> bool:
        (change,) = planned([child(RDS, new)], [child(RDS, old)]).changes
        return change.replaces[0].custom_named

    old = rds_body(DBClusterIdentifier="mine")
    assert custom_named(old, rds_body(DBClusterIdentifier="mine", DatabaseName="other"))
    assert not custom_named(rds_body(), rds_body(DatabaseName="other"))


def test_a_consumer_of_a_replaced_resource_follows_it() -> None:
    function = child(FUNCTION, {"Resources": {}}, RDS)
    found = planned(
        [child(RDS, rds_body(DatabaseName="other")), function], [child(RDS, rds_body()), function]
    )
    assert actions(found)["function/fn"] == "update"


def test_new_code_is_told_as_new_code() -> None:
    function = child(FUNCTION, {"Resources": {}})
    found = planned([function], [function], new_key="functions/fn/2.zip", old_key="functions/fn/1.zip")
    assert found.changes[0].reasons == ("Its code changed.",)


def test_a_resource_that_left_the_backend_is_deleted_and_the_data_that_goes_with_it_is_named() -> None:
    found = planned([], [child(RDS, rds_body())])
    (change,) = found.changes
    assert (str(change.id), change.action) == ("rds/cluster", Action.DELETE)
    assert change.loses == ("RDSCluster",)
    assert found.dangerous
    assert any("a final snapshot is kept" in reason for reason in change.reasons)


def test_a_plan_names_what_it_starts_from_by_content_and_not_by_its_order() -> None:
    def digest(old: list[Child] | None, *, reverse: bool = False) -> str:
        body = None if old is None else root_body(*old)
        if body and reverse:
            body = {"Resources": dict(reversed(body["Resources"].items()))}
        assembly = Assembly(ENVIRONMENT, "accounts", template(None, root_body()), template(None, {}), ())
        return plan(assembly, body, lambda _: {}).deployed_digest

    one = [child(RDS, rds_body())]
    assert digest(None) == ""
    assert digest(one) == digest(one, reverse=True) != ""
    assert digest(one) != digest([child(FUNCTION, {"Resources": {}})])


def api_body(title: str, origin: str = "'*'", **properties: Any) -> dict[str, Any]:
    body = {"swagger": "2.0", "info": {"title": title}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body, **properties}}
    headers = {"gatewayresponse.header.Access-Control-Allow-Origin": origin}
    response = {"RestApiId": {"Ref": "Api"}, "ResponseType": "DEFAULT_4XX", "ResponseParameters": headers}
    return {
        "Resources": {
            "Api": api,
            "Denied": {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": response},
        }
    }


def test_a_changed_body_names_the_gateway_responses_that_it_drops() -> None:
    id_ = ResourceId("api", "web")

    def reasons(old: dict[str, Any], new: dict[str, Any]) -> str:
        return " ".join(planned([child(id_, new)], [child(id_, old)]).changes[0].reasons)

    assert "new Body drops the gateway responses DEFAULT_4XX" in reasons(api_body("a"), api_body("b"))
    assert "drops" not in reasons(api_body("a"), api_body("a", "'https://a.example'"))
    assert "drops" not in reasons(api_body("a"), api_body("b", "'https://a.example'"))
    merged = {"Mode": "merge"}
    assert "drops" not in reasons(api_body("a", **merged), api_body("b", **merged))
