"""What cannot be rendered of the files that Amplify keeps is named, with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.functional.gen1 import full_project
from tests.functional.gen1.amplify_project import do, loaded, write
from tests.functional.gen1.full_project import POOL

Json = dict[str, Any]
BACKEND_FILE = full_project.BACKEND_FILE


def changed(root: Path, path: str, **changes: object) -> None:
    write(root, f"amplify/backend/{path}", {**loaded(root, f"amplify/backend/{path}"), **changes})


@pytest.mark.parametrize(
    ("path", "changes", "words"),
    [
        (
            "auth/users",
            {"hostedUIProviderMeta": '[{"ProviderName": "Google"}]'},
            "sign-in by other providers",
        ),
        ("auth/users", {"audiences": ["x"]}, "OpenID providers"),
        ("auth/users", {"authSelections": "identityPoolOnly"}, "identityPoolOnly is not supported"),
    ],
)
def test_what_only_amplify_can_render_of_a_pool_says_so(
    full: Path, capsys: pytest.CaptureFixture[str], path: str, changes: Json, words: str
) -> None:
    config: Json = {**POOL["cognitoConfig"], **changes}  # type: ignore[dict-item]
    changed(full, f"{path}/cli-inputs.json", cognitoConfig=config)
    do("render", "-e", "dev", expect=2)
    said = capsys.readouterr().err
    assert words in said
    assert "Run `amplify build` once" in said


def test_a_local_environment_goes_without_other_providers_and_says_so(
    full: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {
        "hostedUIProviderMeta": '[{"ProviderName": "Google"}]',
        "audiences": ["x"],
        "verificationBucketName": "links",
        "authProviders": ["graph.facebook.com"],
        "facebookAppId": "1234",
    }
    config: Json = {**POOL["cognitoConfig"], **others}  # type: ignore[dict-item]
    changed(full, "auth/users/cli-inputs.json", cognitoConfig=config)
    do("env", "add", "laptop", "--cloud", "local", "--from", "dev")
    laptop: Any = loaded(full, "amplify/environments/laptop.json")
    omitted = ["storage/archive", "storage/ledger"]
    write(full, "amplify/environments/laptop.json", {**laptop, "local": {"omit": omitted}})
    do("render", "-e", "laptop")
    resources: Any = loaded(full, "amplify/build/laptop/auth/users.json")["Resources"]
    assert "SupportedLoginProviders" not in resources["IdentityPool"]["Properties"]
    capsys.readouterr()
    do("push", "-e", "laptop", "--dry-run")
    said = " ".join(capsys.readouterr().err.split())
    assert (
        "auth/users goes without sign-in by other providers, OpenID providers, links in messages,"
        " sign-in to the identity pool by graph.facebook.com: the embedded cloud has no such thing."
    ) in said


def test_an_identity_pool_lets_in_the_users_of_providers_whose_app_it_knows(
    full: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logins = {"authProviders": ["graph.facebook.com", "www.amazon.com"], "facebookAppId": "1234"}
    config: Json = {**POOL["cognitoConfig"], **logins}  # type: ignore[dict-item]
    changed(full, "auth/users/cli-inputs.json", cognitoConfig=config)
    do("render", "-e", "dev", expect=2)
    assert "www.amazon.com needs an id of the app there." in capsys.readouterr().err
    changed(full, "auth/users/cli-inputs.json", cognitoConfig={**config, "amazonAppId": "amzn1"})
    do("render", "-e", "dev")
    resources: Any = loaded(full, "amplify/build/dev/auth/users.json")["Resources"]
    assert resources["IdentityPool"]["Properties"]["SupportedLoginProviders"] == {
        "graph.facebook.com": "1234",
        "www.amazon.com": "amzn1",
    }


@pytest.mark.parametrize(
    ("resource", "entry"),
    [
        (("storage", "orders"), {"service": "DynamoDB"}),
        (("auth", "users"), {"service": "Cognito"}),
        (("storage", "files"), {"service": "S3"}),
        (("api", "graph"), {"service": "AppSync"}),
        (("custom", "stack"), {"service": "customCDK"}),
    ],
)
def test_a_resource_without_its_file_says_that_amplify_build_can_tell(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    resource: tuple[str, str],
    entry: Json,
) -> None:
    category, name = resource
    write(tmp_path, BACKEND_FILE, {category: {name: entry}})
    write(tmp_path, "amplify/team-provider-info.json", full_project.TEAM)
    monkeypatch.chdir(tmp_path)
    do("init")
    capsys.readouterr()
    do("render", "-e", "dev", expect=2)
    said = capsys.readouterr().err
    assert (
        f"Run `amplify build` once: it leaves the template in amplify/backend/{category}/{name}/build/."
        in said
    )


@pytest.mark.parametrize(
    ("file", "changes", "words"),
    [
        (
            "storage/files/cli-inputs.json",
            {"authAccess": ["LIST"]},
            "cli-inputs.json:8: Access must be a list",
        ),
        (
            "storage/files/cli-inputs.json",
            {"triggerFunction": "work"},
            "calls function/work, of which dependsOn",
        ),
        ("storage/orders/cli-inputs.json", {"partitionKey": {}}, "Its keys need a fieldName"),
        ("storage/orders/cli-inputs.json", {"tableName": ""}, 'It states no "tableName".'),
        ("function/work/function-parameters.json", {"lambdaLayers": [{}]}, 'A layer must have an "arn"'),
        ("api/web/cli-inputs.json", {"paths": {"/a": {}}}, 'states no "lambdaFunction"'),
    ],
)
def test_a_file_of_amplify_that_cannot_be_used_is_named_with_its_line(
    full: Path, capsys: pytest.CaptureFixture[str], file: str, changes: Json, words: str
) -> None:
    changed(full, file, **changes)
    do("render", "-e", "dev", expect=2)
    assert words in capsys.readouterr().err


def test_a_layer_without_its_packages_is_named(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = "amplify/backend/function/tools/lib/nodejs/package.json"
    write(full, file, {"dependencies": {"left-pad": "1.3.0"}})
    do("validate", "-e", "dev", expect=2)
    said = capsys.readouterr()
    assert f"{file}:2: function/tools needs left-pad, and nothing installs it." in said.out + said.err
    hint = "npm install --package-lock-only --prefix amplify/backend/function/tools/lib/nodejs"
    assert hint in said.out + said.err
    write(full, file.replace("package.json", "package-lock.json"), {})
    do("validate", "-e", "dev")
    (full / file.replace("package.json", "package-lock.json")).unlink()
    write(full, "amplify/backend/function/tools/lib/nodejs/node_modules/left-pad/package.json", {})
    do("validate", "-e", "dev")
