"""Which hosts are this machine, by the rule of browsers."""

from __future__ import annotations

import pytest

from accountsctl.model.loopback import is_loopback, is_loopback_url


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"],
)
def test_this_machine_has_many_names(host: str) -> None:
    assert is_loopback(host)
    assert is_loopback_url(f"http://{f'[{host}]' if host == '::1' else host}:4566/x")


@pytest.mark.parametrize(
    "host",
    [None, "", "notlocalhost", "localhost.example.com", "128.0.0.1", "127.0.0.1.nip.io", "::2", "0.0.0.0"],
)
def test_no_other_host_is_this_machine(host: str | None) -> None:
    assert not is_loopback(host)
    assert not is_loopback_url(host)
