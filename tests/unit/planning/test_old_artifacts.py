"""Which objects of a deployment bucket may go: what no template names, but for the last ones of each kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accountsctl.model.names import (
    ResourceId,
    built_prefix,
    package_key,
    parse_artifact_key,
    root_key,
    template_key,
)
from accountsctl.planning.old_artifacts import KEPT, digests, unneeded
from accountsctl.ports.artifacts import StoredObject

START = datetime(2026, 11, 29, tzinfo=UTC)
API = ResourceId("api", "shop")


def digest(number: int) -> str:
    return f"{number:064x}"


def stored(key: str, second: int) -> StoredObject:
    return StoredObject(key, START + timedelta(seconds=second), ("null",))


def going(*objects: StoredObject, needed: frozenset[str] = frozenset()) -> list[list[str]]:
    return [
        [item.key for artifact in versions for item in artifact.objects]
        for versions in unneeded(objects, needed)
    ]


PACKAGES = [stored(package_key("hello", digest(number)), number) for number in range(6)]


def test_all_but_the_last_versions_go_the_last_ones_first() -> None:
    assert going(*PACKAGES) == [[package_key("hello", digest(number)) for number in (2, 1, 0)]]


def test_what_is_needed_stays_however_old_it_is() -> None:
    assert going(*PACKAGES, needed=frozenset({digest(0), digest(2)})) == [[package_key("hello", digest(1))]]


def test_no_more_than_the_kept_versions_is_nothing_to_remove() -> None:
    assert going(*PACKAGES[:KEPT]) == []


def test_versions_of_the_same_second_are_equally_old_and_all_stay() -> None:
    assert going(*(stored(package_key("hello", digest(number)), 0) for number in range(9))) == []


def test_each_package_template_and_root_has_last_versions_of_its_own() -> None:
    keys = [
        make(digest(number))
        for make in (
            lambda one: package_key("hello", one),
            lambda one: package_key("other", one),
            lambda one: template_key(API, one),
            root_key,
        )
        for number in range(KEPT)
    ]
    assert going(*(stored(key, number) for number, key in enumerate(keys))) == []


def test_built_files_of_one_hash_stay_or_go_together() -> None:
    files = [
        stored(f"{built_prefix(API, digest(number))}/{file}", number)
        for number in range(KEPT + 1)
        for file in ("schema.graphql", "resolvers/one.vtl")
    ]
    assert going(*files) == [[file.key for file in files[:2]]]


@pytest.mark.parametrize(
    "key",
    [
        "functions/hello/notes.txt",
        f"functions/hello/{digest(1)[:-1]}.zip",
        f"functions/hello/{digest(1)}.zip.old",
        f"functions/a/b/{digest(1)}.zip",
        f"amplify-builds/hello-{digest(1)}-build.zip",
        f"amplify-cfn-templates/function/hello/{digest(1)}.json",
        f"api/shop/{digest(1).upper()}G.json",
        f"api/shop/{digest(1)}.yaml",
        f"{digest(1)}.json",
        "#current-cloud-backend.zip",
    ],
)
def test_a_key_that_this_program_does_not_make_is_never_old(key: str) -> None:
    assert parse_artifact_key(key) is None
    others = [
        stored(key.replace(digest(1), digest(number)), number)
        for number in range(9)
        if digest(1) in key or number == 0
    ]
    assert going(*others) == []


def test_a_template_names_hashes_anywhere_in_its_text() -> None:
    text = f"s3://bucket/functions/hello/{digest(7)}.zip"
    template = {
        "Resources": {"One": {"Metadata": [text], digest(8): {"Fn::Sub": f"${{X}}/{digest(9)}.json"}}}
    }
    assert digests(template) == {digest(7), digest(8), digest(9)}
    assert digests({"Resources": {"One": digest(7) + "0"}}) == frozenset()
