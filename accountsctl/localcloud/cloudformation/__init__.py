"""The embedded cloud's CloudFormation: our own engine, driven by AWS's resource schemas.

From the outside in: `service` (the object that the cloud holds), `wire` (the query protocol), `stack_operations`,
`change_set_operations` and `queries` (the operations), `engine` (its module docstring describes the
stages), and below it the parts that the stages are made of.
"""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.api.service import CloudFormation

__all__ = ["CloudFormation"]
