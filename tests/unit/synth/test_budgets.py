"""A template of someone else ends, and fits into memory, whatever it does."""

from __future__ import annotations

import resource
import time

import pytest

from accountsctl.formats.cloudformation_yaml import MOST_VALUES
from accountsctl.model.errors import Fault
from accountsctl.model.project import TemplateSource
from accountsctl.synth.budgets import OverBudget, check_operation, joined, limited, limited_memory
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.parsing import parse_template
from accountsctl.synth.rendering import render, subnet


def fault_of(text: str) -> Fault:
    with pytest.raises(Faulty) as refused:
        render("t.j2", {"t.j2": TemplateSource("t.j2", text)}, {})
    return refused.value.faults[0]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10 ** 10 }}",
        "{{ 10 ** 10 * 'a' }}",
        "{{ [1] * 10 ** 10 }}",
        "{{ 9 ** 9999999 }}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(40) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% for i in range(100000) %}{{ 'a' * 1000 }}{% endfor %}",
        "{{ 'a'.center(10 ** 10) | length }}",
        "{{ '%09999999999d' | format(1) | length }}",
        "{{ 'a' | replace('a', 'b' * 9999999) | replace('b', 'c' * 9999999) | length }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_what_is_far_too_large_is_a_fault_with_its_line(text: str) -> None:
    fault = fault_of("\n\n" + text)
    assert "was stopped" in fault.what
    assert fault.file == "t.j2"


def test_lipsum_is_not_there() -> None:
    assert "lipsum" in fault_of("{{ lipsum(n=200000) }}").what


def test_a_loop_without_an_end_is_stopped() -> None:
    def endless() -> None:
        with limited(0.05):
            while True:
                pass

    with pytest.raises(OverBudget, match="does not end"):
        endless()


def test_the_timer_ends_with_the_block() -> None:
    with limited(0.02):
        pass
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass


def test_the_limit_of_memory_ends_with_the_block() -> None:
    def large() -> None:
        with limited(memory=8 << 30):
            bytearray(16 << 30)

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError):
        large()
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_ordinary_operations_are_left() -> None:
    check_operation("*", "-", 80)
    check_operation("*", 3, 4)
    check_operation("**", 2, 16)
    check_operation("+", [1], [2])
    assert joined(["a", 1]) == "a1"
    assert render("t", {"t": TemplateSource("t", "{{ 'a' ~ 1 ~ 'b' }}{{ 2 * 'x' }}")}, {}) == "a1bxx"


def test_a_subnet_of_a_huge_network_costs_nothing() -> None:
    assert subnet("10.0.0.0/8", 0, 32) == "10.0.0.0/32"
    assert subnet("10.0.0.0/8", 1 << 23, 32) == "10.128.0.0/32"
    assert subnet("10.0.0.0/16", 3, 24) == "10.0.3.0/24"
    assert subnet("10.0.0.0/16", -1, 24) == "10.0.255.0/24"
    for index, prefix in ((256, 24), (0, 8), (0, 33)):
        with pytest.raises(ValueError, match="network"):
            subnet("10.0.0.0/16", index, prefix)


def test_aliases_that_multiply_are_refused() -> None:
    levels = "\n".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))
    text = f"Metadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}\nResources:\n  A:\n    Type: B\n"
    with pytest.raises(Faulty) as refused:
        parse_template(text, text, "t.yaml")
    assert f"{MOST_VALUES:,}" in refused.value.faults[0].what


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 5000 + "]" * 5000])
def test_numbers_and_lists_beyond_python_are_faults(value: str) -> None:
    text = f"Metadata:\n  a: {value}\nResources:\n  A:\n    Type: B\n"
    with pytest.raises(Faulty):
        parse_template(text, text, "t.yaml")


class RefusingSystem:
    """macOS: the limit of the address space can be read, and not lowered."""

    RLIMIT_AS = 5
    RLIM_INFINITY = 2**63 - 1

    def __init__(self) -> None:
        self.tried: list[tuple[int, int]] = []

    def getrlimit(self, resource: int, /) -> tuple[int, int]:
        assert resource == self.RLIMIT_AS
        return self.RLIM_INFINITY, self.RLIM_INFINITY

    def setrlimit(self, resource: int, limits: tuple[int, int], /) -> None:
        assert resource == self.RLIMIT_AS
        self.tried.append(limits)
        raise ValueError("current limit exceeds maximum limit")


def test_a_system_that_takes_no_limit_of_memory_renders_without_one() -> None:
    system, ran = RefusingSystem(), False
    with limited_memory(1 << 30, system):
        ran = True
    assert ran
    assert system.tried == [(1 << 30, system.RLIM_INFINITY)]


def test_an_error_inside_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(ValueError, match="mine"), limited_memory(1 << 40, RefusingSystem()):
        raise ValueError("mine")
