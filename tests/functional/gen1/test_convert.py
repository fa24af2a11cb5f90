"""What `convert` says of an adopted resource, and what it writes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.adapters.template_cache import CompiledFolder
from accountsctl.commands.stacks.convert import Convert
from accountsctl.model.errors import ProjectError, StackFailed, UsageError
from accountsctl.model.reports import EditResult
from accountsctl.ports.stacks import DeployedStack
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import FakeStacks
from tests.functional.gen1.amplify_project import contents, loaded, write
from tests.functional.gen1.test_adopted import DEPLOYED, ROOT, adopted, nested

__all__ = ["adopted"]
STACK = "amplify-shop-prod-1"
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {"TableName": "Old-id", "BillingMode": "PAY_PER_REQUEST"},
}
KEYS = {"AttributeDefinitions": [], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}


def converting(root: Path) -> Convert:
    """`convert` on a project, with what is adopted there deployed."""
    templates = {
        f"arn:{path.parent.name}{path.stem}": json.loads(path.read_text())
        for path in (root / "amplify/adopted/prod").rglob("*/*.json")
    }
    body: dict[str, Any] = json.loads((root / "amplify/adopted/prod/root.json").read_text())
    children = {name.removeprefix("arn:"): name for name in templates}
    stack = DeployedStack(STACK, "UPDATE_COMPLETE", {}, body, {}, children)
    stacks = FakeStacks({STACK: stack}, templates)
    return Convert(
        FileWorkspace(root),
        stacks,
        FakeRepairs(stacks),
        CompiledFolder(root.parent / "cache"),
        date(2026, 11, 22),
    )


def convert(root: Path, name: str, *, dry_run: bool = False, **mapped: str) -> EditResult:
    reading = FileWorkspace(root).read("prod")
    return converting(root).run(reading, name, mapped, dry_run=dry_run)


def with_table(root: Path, **properties: object) -> None:
    """Add a table to the adopted project, and a template of its own that has it with other properties."""
    backend: dict[str, Any] = json.loads(json.dumps(loaded(root, "amplify/backend/backend-config.json")))
    backend["storage"] = {"orders": {"service": "DynamoDB"}}
    write(root, "amplify/backend/backend-config.json", backend)
    resources = {**ROOT["Resources"], "storageorders": nested("https://s3.amazonaws.com/b/orders.json", {})}
    write(root, "amplify/adopted/prod/root.json", {**ROOT, "Resources": resources})
    write(root, "amplify/adopted/prod/storage/orders.json", {"Resources": {"Old": with_keys({})}})
    write(
        root, "amplify/backend/storage/orders/template.json", {"Resources": {"Table": with_keys(properties)}}
    )


def with_keys(properties: dict[str, Any]) -> dict[str, Any]:
    return {**TABLE, "Properties": {**TABLE["Properties"], **KEYS, **properties}}  # type: ignore[dict-item]


def test_what_is_changed_in_place_is_said_and_written(adopted: Path) -> None:
    before = contents(adopted)
    shown = convert(adopted, "function/work", dry_run=True)
    assert contents(adopted) == before
    assert "LambdaExecutionRole -> LambdaExecutionRole" in shown.notes[0]
    assert "Nothing is replaced or deleted." in shown.notes
    result = convert(adopted, "function/work")
    assert result.summary.startswith("Converted function/work: rendered from amplify/backend/function/work/")
    kept = loaded(adopted, "amplify/adopted/prod/converted.json")["function/work"]
    assert kept == {
        "logicalIds": {"LambdaExecutionRole": "LambdaExecutionRole"},
        "names": {"LambdaExecutionRole": {"RoleName": None}},
    }
    assert loaded(adopted, "amplify/adopted/prod/converted/function/work.json") == DEPLOYED
    converting(adopted).undo(FileWorkspace(adopted).read("prod"), "function/work")
    assert loaded(adopted, "amplify/adopted/prod/function/work.json") == DEPLOYED
    assert loaded(adopted, "amplify/adopted/prod/converted.json") == {}


def test_a_replaced_table_is_named_with_what_can_be_imported_instead(adopted: Path) -> None:
    with_table(adopted, KeySchema=[{"AttributeName": "other", "KeyType": "HASH"}])
    notes = convert(adopted, "storage/orders", dry_run=True).notes
    assert "Table -> Old (Old-id)" in notes
    assert any(note.startswith("Old (AWS::DynamoDB::Table) may be replaced: KeySchema") for note in notes), (
        notes
    )
    assert any('keep the table: "serviceType": "imported"' in note for note in notes)
    assert "The table keeps its name and its items." not in notes


def test_a_table_that_changes_in_place_keeps_its_name(adopted: Path) -> None:
    with_table(adopted, TableName="another", BillingMode="PROVISIONED")
    notes = convert(adopted, "storage/orders").notes
    assert "Nothing is replaced or deleted." in notes
    assert "The table keeps its name and its items." in notes
    names = loaded(adopted, "amplify/adopted/prod/converted.json")["storage/orders"]
    assert names == {"logicalIds": {"Table": "Old"}, "names": {"Old": {"TableName": "Old-id"}}}


def test_a_function_is_not_converted_to_another_language(adopted: Path) -> None:
    code = {"S3Bucket": {"Ref": "deploymentBucketName"}, "S3Key": {"Ref": "s3Key"}}
    properties = {"Runtime": "nodejs22.x", "FunctionName": "LambdaFunction-id", "Timeout": 25, "Code": code}
    deployed = {"Type": "AWS::Lambda::Function", "Properties": properties}
    resources = {**DEPLOYED["Resources"], "LambdaFunction": deployed}
    write(adopted, "amplify/adopted/prod/function/work.json", {**DEPLOYED, "Resources": resources})
    (adopted / "amplify/backend/function/work/work-cloudformation-template.json").unlink()
    parameters = "amplify/backend/function/work/parameters.json"
    with pytest.raises(UsageError, match=r"runs on nodejs22\.x, and would run on python3") as refused:
        convert(adopted, "function/work")
    assert refused.value.hint.startswith(f'Write "runtime": "nodejs22.x" to {parameters}')
    assert not (adopted / "amplify/adopted/prod/converted.json").exists()
    write(adopted, parameters, {"runtime": "nodejs22.x"})
    notes = convert(adopted, "function/work").notes
    assert "The function keeps its ARN." in notes
    assert any(
        note.startswith("LambdaFunction changes in place: ") and "MemorySize" in note for note in notes
    )


def test_what_cannot_be_converted_is_refused_and_nothing_is_written(adopted: Path) -> None:
    before = contents(adopted)
    for name, words in (
        ("function/none", "There is no resource"),
        ("auth/users", "is not an adopted resource"),
    ):
        with pytest.raises(UsageError, match=words):
            convert(adopted, name)
    with pytest.raises(UsageError, match="has no resource Nothing"):
        convert(adopted, "function/work", LambdaExecutionRole="Nothing")
    file = "amplify/backend/api/web/cli-inputs.json"
    write(adopted, file, {"version": 1, "paths": {}})
    with pytest.raises(ProjectError):
        convert(adopted, "api/web")
    write(
        adopted,
        "amplify/backend/api/web/cli-inputs.json",
        json.loads(before["amplify/backend/api/web/cli-inputs.json"]),
    )
    assert contents(adopted) == before


def test_a_stack_that_is_not_there_is_not_converted(adopted: Path) -> None:
    command = converting(adopted)
    command.stacks.stacks.clear()  # type: ignore[attr-defined]
    with pytest.raises(StackFailed, match="There is no stack"):
        command.run(FileWorkspace(adopted).read("prod"), "function/work", {}, dry_run=True)
