"""API Gateway's data plane: Request to Response over a deployed snapshot, with no sockets."""

from accountsctl.localcloud.apigateway.errors import Unplayable
from accountsctl.localcloud.apigateway.service import Gateway

__all__ = ["Gateway", "Unplayable"]
