"""The sandbox pools of all functions: one for the current version of each.

A function's version is what its sandboxes depend on: the code's hash and the complete configuration. A
changed version gets new sandboxes; the old ones end when they are idle.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Hashable
from pathlib import Path

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas.code import (
    clear,
    code_hash,
    collect,
    layers_hash,
    unpacked,
    unpacked_layers,
)
from accountsctl.localcloud.lambdas.debugging import Debugging, DebugPort
from accountsctl.localcloud.lambdas.environment import CloudAccess, Folders
from accountsctl.localcloud.lambdas.errors import InvokeError
from accountsctl.localcloud.lambdas.node_sdk import NodeSdk
from accountsctl.localcloud.lambdas.pool import Pool
from accountsctl.localcloud.lambdas.sandbox import Sandbox

DEBUGGED_PATIENCE = 3600.0
"""Seconds for which a call waits while a debugger holds the only process of its function."""


class FunctionPools:
    """`access` returns how functions reach the embedded cloud; `code` is the folder for unpacked code.

    A function that is debugged has one process, and its code in a folder that stays the same for every version: so a
    debugger finds the files by one mapping of paths.
    """

    def __init__(
        self, access: Callable[[], CloudAccess], code: Path, node_sdk: NodeSdk, debugging: Debugging
    ) -> None:
        self._access = access
        self._code = code
        self._debugged_code = code.with_name("debugged")
        self._debugging = debugging
        self._node_sdk = node_sdk
        self._lock = threading.Lock()
        self._pools: dict[str, tuple[Hashable, Pool]] = {}
        self._codes: dict[
            str, list[set[str]]
        ] = {}  # by function: the folders of the version that runs, and of the one before
        self._prepared: dict[str, set[str]] = {}  # by function: the folders of its newest version
        self._closed = False
        clear(code)
        clear(self._debugged_code)

    def pool(self, function: FunctionConfig) -> Pool:
        """The pool of the function's current version; a pool of an earlier version is retired."""
        debug_port = self._debugging.port(function)
        version = (*_version(function), debug_port)
        with self._lock:
            if self._closed:
                raise InvokeError(503, "ServiceException", "The embedded cloud is stopping.", "Server")
            current = self._pools.get(function.arn)
            if current is not None and current[0] == version:
                return current[1]
            if debug_port is None:
                pool = Pool(lambda: self._sandbox(function))
            else:
                pool = Pool(lambda: self._debugged_sandbox(function, debug_port), 1, DEBUGGED_PATIENCE)
            self._pools[function.arn] = (version, pool)
            self._note_code(function)
        if current is not None:
            current[1].retire()
        return pool

    def _note_code(self, function: FunctionConfig) -> None:
        """Remember the code of a version that is called; remove what is not in use any more. The caller holds the lock.

        The version before stays: its sandboxes may be busy, and load modules late.
        """
        names = _folders(function)
        versions = self._codes.setdefault(function.arn, [])
        if versions[:1] != [names]:
            dropped = versions[1:]
            versions[:] = [names, *versions[:1]]
            if dropped:
                self._collect()

    def _note_prepared(self, function: FunctionConfig) -> None:
        """Remember the newest code, which may never be called; remove what is not in use any more."""
        with self._lock:
            names = _folders(function)
            before = self._prepared.get(function.arn, names)
            self._prepared[function.arn] = names
            if before - names:
                self._collect()

    def _collect(self) -> None:
        called = [version for versions in self._codes.values() for version in versions]
        collect(self._code, set().union(*called, *self._prepared.values()))

    def _sandbox(self, function: FunctionConfig) -> Sandbox:
        return Sandbox(function, self.place_code(function), self._access())

    def _debugged_sandbox(self, function: FunctionConfig, port: DebugPort) -> Sandbox:
        folders = self.place_code(function)
        shown = self._debugged_code / port.request["folder"]
        clear(shown)
        shutil.copytree(folders.code, shown, symlinks=True)
        if function.runtime.startswith("nodejs"):
            self._node_sdk.provide(shown)
        process = port.new_process(is_python=function.runtime.startswith("python"))
        return Sandbox(function, Folders(shown, folders.layers), self._access(), process)

    def prepare(self, function: FunctionConfig) -> None:
        """Do what the first call of new code need not wait for then; the process of a debugged function is replaced."""
        # The next call of the function tries again, and reports the error.
        with contextlib.suppress(InvokeError):
            if self._debugging.port(function) is None:
                self._note_prepared(function)
                self.place_code(function)
            else:
                self.pool(function).warm()

    def place_code(self, function: FunctionConfig) -> Folders:
        """The folders with the code and the layers, next to the packages that its runtime brings on Lambda."""
        folders = Folders(
            unpacked(function.code, self._code),
            unpacked_layers(function.layers, self._code) if function.layers else None,
        )
        if function.runtime.startswith("nodejs"):
            self._node_sdk.provide(folders.code)
            if folders.layers is not None:
                self._node_sdk.provide(folders.layers)
        return folders

    def close(self) -> None:
        """End every sandbox; later calls are refused."""
        with self._lock:
            self._closed = True
            pools = [pool for _, pool in self._pools.values()]
            self._pools.clear()
        for pool in pools:
            pool.close()


def _folders(function: FunctionConfig) -> set[str]:
    """The names of the folders of its code and of its layers."""
    return {code_hash(function.code), *([layers_hash(function.layers)] if function.layers else [])}


def _version(function: FunctionConfig) -> tuple[Hashable, ...]:
    return (
        function.code_sha256,
        function.role,
        function.runtime,
        function.handler,
        function.timeout,
        function.memory,
        function.log_group,
        tuple(function.layers),  # the same objects at each call, so a comparison reads none of their bytes
        tuple(sorted(function.environment.items())),
    )
