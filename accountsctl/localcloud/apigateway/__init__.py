"""API Gateway's data plane: Request to Response over a deployed snapshot, with no sockets."""

from accountsctl.localcloud.apigateway.errors import UnsupportedApi
from accountsctl.localcloud.apigateway.service import Gateway

__all__ = ["Gateway", "UnsupportedApi"]
