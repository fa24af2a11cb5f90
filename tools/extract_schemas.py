"""Extract from cfn-lint what the product needs of AWS's resource schemas, as files of the repository.

cfn-lint carries the resource provider schemas that AWS publishes, for every type of every region, and
lists of engine versions and Lambda runtimes. It weighs over a hundred megabytes with what it depends
on, so it stays a development dependency, and this tool writes the few facts that the product reads:

* ``accountsctl/localcloud/cloudformation/resource_schemas/<type>.json``: the whole schema of each type that the
  embedded cloud provides, without prose and without the handlers' permissions;
* ``accountsctl/localcloud/cloudformation/resource_schemas/services.json``: what services refuse although the schema
  allows it: engine versions that can no longer be created, runtimes and their dates;
* ``accountsctl/localcloud/cloudformation/resource_schemas/types.txt``: the names of the types of all regions;
* ``accountsctl/planning/rights/permissions.json``: for all types, the actions that their handlers call, by service,
  and which of these actions IAM allows on every resource only;
* ``accountsctl/planning/create_only.json``: for all types, which properties can only be changed by
  replacement, always or in some cases, and which name the resource.

Run it after cfn-lint was upgraded: ``python tools/extract_schemas.py``. A test compares its output
with what is committed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cfnlint
from cfnlint.version import __version__ as cfn_lint_version

REGION = "us-east-1"
DATA = Path(cfnlint.__file__).parent / "data"
ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = Path("accountsctl/localcloud/cloudformation/resource_schemas")
CREATE_ONLY = Path("accountsctl/planning/create_only.json")
PERMISSIONS = Path("accountsctl/planning/rights/permissions.json")

PROVIDED = {
    "ApiGateway": "Account ApiKey Authorizer Deployment GatewayResponse Method Model RequestValidator Resource"
    " RestApi Stage UsagePlan UsagePlanKey",
    "ApiGatewayV2": "Api Authorizer Integration Route Stage",
    "CloudFormation": "CustomResource Stack WaitCondition WaitConditionHandle",
    "CloudWatch": "Alarm",
    "Cognito": "IdentityPool IdentityPoolRoleAttachment UserPool UserPoolClient UserPoolDomain UserPoolGroup",
    "EC2": "FlowLog InternetGateway Route RouteTable SecurityGroup SecurityGroupEgress SecurityGroupIngress"
    " Subnet SubnetRouteTableAssociation VPC VPCEndpoint VPCGatewayAttachment",
    "DynamoDB": "Table",
    "Events": "EventBus EventBusPolicy Rule",
    "IAM": "ManagedPolicy Policy Role RolePolicy",
    "KMS": "Alias Key",
    "Lambda": "Alias EventInvokeConfig EventSourceMapping Function LayerVersion LayerVersionPermission Permission"
    " Url Version",
    "Logs": "LogGroup SubscriptionFilter",
    "RDS": "DBCluster DBClusterParameterGroup DBInstance DBParameterGroup DBSubnetGroup",
    "S3": "Bucket BucketPolicy",
    "SNS": "Subscription Topic TopicPolicy",
    "SQS": "Queue QueuePolicy",
    "SSM": "Parameter",
    "SecretsManager": "Secret SecretTargetAttachment",
    "StepFunctions": "StateMachine",
}

PROSE = {
    "$comment",
    "$schema",
    "default",
    "description",
    "examples",
    "format",
    "insertionOrder",
    "sourceUrl",
    "title",
}
ABOUT_HANDLERS = {
    "deprecatedProperties",
    "handlers",
    "propertyTransform",
    "replacementStrategy",
    "tagging",
    "taggable",
}
OF_CFN_LINT = {
    "dependentExcluded",
    "maxUniqueItems",
    "relationshipRef",
    "requiredOr",
    "requiredXor",
    "uniqueKeys",
}
DROPPED = PROSE | ABOUT_HANDLERS | OF_CFN_LINT
NAME_MAPS = {"properties", "definitions", "patternProperties", "dependentRequired", "dependencies"}
"""Keywords whose value is keyed by names of the user's, which are never keywords themselves."""


def compact(node: Any) -> Any:
    """A schema without what no validator of ours reads; patterns that Python cannot compile go too."""
    if isinstance(node, list):
        return [compact(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    for key, value in node.items():
        if key in DROPPED or (key == "pattern" and not _compiles(value)):
            continue
        if key in NAME_MAPS and isinstance(value, dict):
            names = {k: v for k, v in value.items() if key != "patternProperties" or _compiles(k)}
            kept[key] = {k: compact(v) for k, v in names.items()}
        else:
            kept[key] = compact(value)
    return kept


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def file_name(type_name: str) -> str:
    """``AWS::RDS::DBCluster`` is kept in ``aws-rds-dbcluster.json``."""
    return type_name.lower().replace("::", "-") + ".json"


def provided() -> list[str]:
    return [f"AWS::{service}::{name}" for service, names in PROVIDED.items() for name in names.split()]


def resource_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every type of the region with its schema as cfn-lint keeps it, sorted by type."""
    index = _json("schemas", "providers", f"{REGION}.json")
    for type_name in sorted(index):
        yield type_name, _json("schemas", "resources", f"{index[type_name]}.json")


def all_types() -> list[str]:
    """The types of every region, sorted, without those that SAM's transform replaces."""
    regions = (DATA / "schemas" / "providers").glob("*.json")
    names = {name for region in regions for name in json.loads(region.read_text(encoding="utf-8"))}
    return sorted(name for name in names if not name.startswith("AWS::Serverless::"))


def services() -> dict[str, Any]:
    """Engine versions that Aurora still creates, and Lambda's runtimes with the days they are blocked on."""
    known = _engine_versions(_json("schemas", "extensions", "aws_rds_dbcluster", "engine_version.json"))
    retired = _engine_versions(
        _json("schemas", "extensions", "aws_rds_dbcluster", "engine_version_deprecated.json")
    )
    creatable = {}
    for engine, versions in known.items():
        full = versions - retired.get(engine, set())
        majors = {version for version in versions if any(v.startswith(f"{version}.") for v in full)}
        creatable[engine] = sorted(full | majors)
    runtimes = _json("AdditionalSpecs", "LmbdRuntimeLifecycle.json")
    return {
        "auroraVersions": {k: v for k, v in sorted(creatable.items()) if k.startswith("aurora")},
        "lambdaRuntimes": {
            name: {
                "deprecated": dates["deprecated"],
                "createBlock": dates["create-block"],
                "updateBlock": dates["update-block"],
            }
            for name, dates in sorted(runtimes.items())
        },
    }


def _engine_versions(rules: Mapping[str, Any]) -> dict[str, set[str]]:
    """Engine to versions, out of cfn-lint's "if the engine is X then the version is one of" rules."""
    found: dict[str, set[str]] = {}
    for rule in rules["allOf"]:
        conditions = rule["if"]["properties"]
        engine = conditions.get("Engine", {}).get("const")
        listed = rule["then"] if isinstance(rule["then"], dict) else {}
        version = listed.get("properties", {}).get("EngineVersion") or conditions.get("EngineVersion", {})
        enum = (
            version.get("enum", [])
            if isinstance(version, dict)
            else conditions["EngineVersion"].get("enum", [])
        )
        if engine and enum:
            found.setdefault(engine, set()).update(enum)
    return found


def create_only_table(schemas: list[tuple[str, dict[str, Any]]]) -> str:
    """The text of ``create_only.json``: for each type its create-only properties and those that name it."""
    rows = {}
    for type_name, schema in schemas:
        read_only = set(_paths(schema, "readOnlyProperties"))
        # An identifier that is generated, in part or as a whole, is another one for the replacement.
        identifier = _paths(schema, "primaryIdentifier")
        custom_name = [] if read_only & set(identifier) else identifier
        row = {
            "createOnly": _paths(schema, "createOnlyProperties"),
            "conditional": _paths(schema, "conditionalCreateOnlyProperties"),
            "customName": custom_name,
        }
        if any(row.values()):
            rows[type_name] = {key: paths for key, paths in row.items() if paths}
    lines = ",\n".join(f"{json.dumps(name)}:{_dump(row).strip()}" for name, row in sorted(rows.items()))
    return f'{{"source":"cfn-lint {cfn_lint_version}","types":{{\n{lines}\n}}}}\n'


def permissions_table(schemas: list[tuple[str, dict[str, Any]]]) -> str:
    """The text of ``permissions.json``: for each type the actions of its handlers by service, in one line.

    Some schemas list operations that have no action of their own, or none at all: these are left out.
    """
    services = _json("AdditionalSpecs", "Policies.json")
    rows: dict[str, dict[str, list[str]]] = {}
    everywhere: set[str] = set()
    for type_name, schema in schemas:
        listed = {
            action
            for handler in schema.get("handlers", {}).values()
            for action in handler.get("permissions", [])
        }
        for action in sorted(listed):
            service, _, name = action.partition(":")
            known = services.get(service, {}).get("Actions", {}).get(name.lower())
            if known is not None:
                rows.setdefault(type_name, {}).setdefault(service, []).append(name)
                everywhere |= set() if known.get("Resources") else {action}
    lines = ",\n".join(f"{json.dumps(name)}:{_dump(row).strip()}" for name, row in sorted(rows.items()))
    unscoped = _dump(sorted(everywhere)).strip()
    source = f"cfn-lint {cfn_lint_version}"
    return f'{{"source":"{source}","unscoped":{unscoped},"types":{{\n{lines}\n}}}}\n'


def _paths(schema: Mapping[str, Any], keyword: str) -> list[str]:
    return [pointer.removeprefix("/properties/") for pointer in schema.get(keyword, [])]


def outputs() -> dict[Path, str]:
    """Every file this tool keeps, by its path below the repository."""
    schemas = list(resource_schemas())
    wanted = set(provided())
    files = {SCHEMAS / file_name(name): _dump(compact(schema)) for name, schema in schemas if name in wanted}
    files[SCHEMAS / "services.json"] = _dump(services())
    files[SCHEMAS / "types.txt"] = "".join(f"{name}\n" for name in all_types())
    files[CREATE_ONLY] = create_only_table(schemas)
    files[PERMISSIONS] = permissions_table(schemas)
    return files


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"


def _json(*parts: str) -> Any:
    return json.loads(DATA.joinpath(*parts).read_text(encoding="utf-8"))


def main() -> None:
    files = outputs()
    kept = {ROOT / path for path in files}
    for stale in set((ROOT / SCHEMAS).glob("*.json")) - kept:
        stale.unlink()
    for path, text in files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    print(f"{len(files)} files")


if __name__ == "__main__":
    main()
