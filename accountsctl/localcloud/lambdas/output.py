"""What a sandbox's process prints: an unnamed file that the process writes and the sandbox reads."""

from __future__ import annotations

import fcntl
import os
import tempfile

OUTPUT_LIMIT = 1024 * 1024


class SandboxOutput:
    """`file` is the process's standard output and error."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the sandbox
        # Appending, so that the file can be emptied while the process writes to it.
        fcntl.fcntl(self.file, fcntl.F_SETFL, os.O_APPEND)
        self._read = 0

    def unread(self) -> bytes:
        """What was written since the last call."""
        descriptor = self.file.fileno()
        size = os.fstat(descriptor).st_size
        if size == self._read:
            return b""
        text = os.pread(descriptor, size - self._read, self._read)
        self._read += len(text)
        if self._read > OUTPUT_LIMIT:
            os.ftruncate(descriptor, 0)
            self._read = 0
        return text

    def close(self) -> None:
        """Close the file, which deletes it."""
        self.file.close()
