"""How methods of moto are fixed: each once, and never silently not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accountsctl.localcloud.moto_services.patching import wrap

Greet = Callable[["Base"], str]


def loudly(original: Greet, greeter: Base) -> str:
    return original(greeter).upper()


def politely(original: Greet, greeter: Base) -> str:
    return f"dear {original(greeter)}"


class Base:
    def greet(self) -> str:
        return "you"


@pytest.fixture
def owner() -> type[Base]:
    class Greeter(Base):
        def greet(self) -> str:
            return "you"

    return Greeter


def test_a_fix_gets_the_original_and_is_applied_once(owner: type[Base]) -> None:
    wrap(owner, "greet", politely)
    wrap(owner, "greet", politely)

    assert owner().greet() == "dear you"


def test_a_second_fix_of_one_method_is_refused(owner: type[Base]) -> None:
    wrap(owner, "greet", politely)

    with pytest.raises(ValueError, match=r"Greeter\.greet has a fix already"):
        wrap(owner, "greet", loudly)
    assert owner().greet() == "dear you"


def test_a_method_that_is_inherited_with_a_fix_can_have_one_of_its_own(owner: type[Base]) -> None:
    class Child(owner):  # type: ignore[valid-type, misc]
        pass

    wrap(owner, "greet", politely)
    wrap(Child, "greet", loudly)
    assert (owner().greet(), Child().greet()) == ("dear you", "DEAR YOU")
