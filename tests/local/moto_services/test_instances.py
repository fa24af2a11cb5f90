"""What moto makes for one call is gone after it, and so is what was deleted."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import gc, warnings
from accountsctl.localcloud.moto_services.service import Control

Control(lambda _: None).prepare(None)
from moto.s3.models import FakeKey, s3_backends

def keys():
    gc.collect()
    return sum(isinstance(thing, FakeKey) for thing in gc.get_objects())

warnings.simplefilter("error")
s3 = s3_backends["123456789012"]["aws"]
s3.create_bucket("shop", "eu-west-1")
s3.put_object("shop", "a", b"1")
for _ in range(20):
    s3.list_object_versions("shop")
print(keys())
assert s3.get_object("shop", "a").value == b"1"
s3.delete_object("shop", "a")
print(keys())
"""


@pytest.mark.slow
def test_neither_copies_nor_what_was_deleted_stays_in_memory() -> None:
    """In a process of its own: this one may have used moto without our fixes."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, text=True, capture_output=True)
    assert done.stdout.split() == ["1", "0"]
    assert done.stderr == ""  # no warning either
