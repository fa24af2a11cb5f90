"""What is known of a sandbox's process."""

from __future__ import annotations

import subprocess
import sys

from accountsctl.localcloud.lambdas.report import PeakMemory

PROGRAM = """
print("begun", flush=True)
input()
del [bytearray(50 << 20)][:]
print("done", flush=True)
input()
"""


def test_the_peak_of_a_process_counts_what_it_has_freed_and_is_unknown_once_it_ended() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline()
        memory = PeakMemory(process.pid)
        before = memory.megabytes()
        print(file=process.stdin, flush=True)
        assert process.stdout.readline()
        after = memory.megabytes()
        print(file=process.stdin, flush=True)
    assert before
    assert after
    assert after >= before + 45
    assert memory.megabytes() is None
    memory.close()
    assert memory.megabytes() is None
    assert PeakMemory(process.pid).megabytes() is None
