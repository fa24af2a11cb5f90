"""Mapping templates that set headers: which origins they let in, and what of it is not known."""

from __future__ import annotations

import pytest

from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.templates.response_overrides import computed_headers

PAGE = "https://app.example.com"
OTHER = "https://other.example.com"
SET = "#set($context.responseOverride.header.Access-Control-Allow-Origin = "
REFLECTS = f"{SET}$origin)"
LIST = f'#set($allowed = ["{OTHER}", "{PAGE}"])'


@pytest.mark.parametrize(
    ("template", "allows"),
    [
        (f'#if($origin == "{PAGE}") {REFLECTS} #end', True),
        (f'#if($origin == "{OTHER}") {REFLECTS} #end', False),
        (f'#if($origin != "" && $origin == "{OTHER}") {REFLECTS} #end', False),
        (f'#if($origin == "{OTHER}" || $origin == "${{Origin}}") {REFLECTS} #end', True),
        (f'#if($origin == "{OTHER}" || $ori${{Rest}}) {REFLECTS} #end', True),
        (f'#if($origin == "{OTHER}") {SET}"{OTHER}") #else {SET}"${{Origin}}") #end', True),
        (f'#set($origin = $input.params("Origin")) #if(${{origin}} == "{OTHER}") {REFLECTS} #end', False),
        (f'#if($origin.equals("{PAGE}") || $origin == "{OTHER}") {REFLECTS} #end', True),
        (f'#if($origin.equals("{OTHER}")) {REFLECTS} #end', False),
        (f'#if("{PAGE}" == $origin || "{OTHER}" == $origin) {REFLECTS} #end', True),
        (f"{LIST} #if($allowed.contains($origin)) {REFLECTS} #end", True),
        (f'{LIST} #if($origin == "{OTHER}" || $allowed.contains($origin)) {REFLECTS} #end', True),
        (f'#if($origin == "{OTHER}" || $origin == $stageVariables.origin) {REFLECTS} #end', True),
        (f'#if($origin == "{OTHER}" || $origin.endsWith(".example.com")) {REFLECTS} #end', True),
        (f"{LIST} #foreach($one in $allowed) #if($one == $origin) {REFLECTS} #end #end", True),
        (f'#if($origin == "{PAGE}") {REFLECTS} #else {SET}"{OTHER}") #end', True),
        (f'#if($origin == "https://third.test") {REFLECTS} #else {SET}"{OTHER}") #end', False),
        (f'#if($origin == "{OTHER}") {SET}"{OTHER}") #else {SET}"{PAGE}") #end', True),
        (f'#if($origin == "{OTHER}") {SET}"{OTHER}") #else {SET}"https://third.test") #end', False),
        (
            f'#set($allow = "{PAGE}") #if($origin == "{OTHER}") #set($allow = "{OTHER}") #end {SET}$allow)',
            True,
        ),
        (f'#if($origin == "{OTHER}") {SET}"{OTHER}") #else {SET}"*") #end', True),
        (
            f'#if($origin == "{PAGE}") {SET}"{PAGE}") #end #if($origin == "{OTHER}") {SET}"{OTHER}") #end',
            True,
        ),
        (f"#set($origin = $stageVariables.allowOrigin) {REFLECTS}", True),
        (f'#set($origin = $stageVariables.allowOrigin) #if($stage == "dev") {REFLECTS} #end', True),
    ],
)
def test_an_origin_that_a_template_may_let_in_is_let_in(template: str, allows: bool) -> None:
    found = computed_headers(template, {})["access-control-allow-origin"]
    assert isinstance(found, ReflectedOrigin)
    assert found.allows(PAGE) is allows


def test_what_other_origins_get_is_the_literal_of_the_last_branch() -> None:
    template = f'#if($origin == "{PAGE}") {REFLECTS} #else {SET}"{OTHER}") #end'
    found = computed_headers(template, {})["access-control-allow-origin"]
    assert isinstance(found, ReflectedOrigin)
    assert found.value_for("https://third.test") == OTHER


@pytest.mark.parametrize(
    ("template", "static", "expected"),
    [
        (f'#if($origin == "{OTHER}") {SET}"{OTHER}") #end', "'*'", "*"),
        (f'#if($origin == "{OTHER}") {SET}"{OTHER}") #end', "", None),
        (
            f'#if($origin == "{OTHER}") {SET}"{OTHER}") #else {SET}"https://third.test") #end',
            "'*'",
            "https://third.test",
        ),
        (f'{SET}"*") #if($origin == "{OTHER}") {SET}"{OTHER}") #end', "", PAGE),
        (f'{SET}"{OTHER}") #if($origin == "https://third.test") {REFLECTS} #end', "", OTHER),
    ],
)
def test_what_no_branch_is_for_gets_the_value_outside_of_the_branches(
    template: str, static: str, expected: str | None
) -> None:
    found = computed_headers(template, {"access-control-allow-origin": static})["access-control-allow-origin"]
    assert isinstance(found, ReflectedOrigin)
    assert found.value_for(PAGE) == expected


def test_a_value_that_is_set_after_all_branches_is_the_header() -> None:
    template = f'#if($origin == "{PAGE}") {REFLECTS} #end {SET}"{OTHER}")'
    assert computed_headers(template, {}) == {"access-control-allow-origin": OTHER}


def test_another_header_that_a_variable_gives_is_not_known_and_no_origin() -> None:
    name = "access-control-allow-headers"
    line = "#set($context.responseOverride.header.Access-Control-Allow-Headers = {})"
    asked = '$input.params("Access-Control-Request-Headers")'
    assert computed_headers(line.format('"x-a"'), {}) == {name: "x-a"}
    assert computed_headers(line.format(asked), {}) == {
        name: "${responseOverride.access-control-allow-headers}"
    }
    either = f"#if($a) {line.format(chr(34) + 'x-a' + chr(34))} #else {line.format(chr(34) + 'x-b' + chr(34))} #end"
    assert computed_headers(either, {}) == {name: "${responseOverride.access-control-allow-headers}"}
