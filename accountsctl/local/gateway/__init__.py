"""API Gateway's data plane: Request to Response over a deployed snapshot, with no sockets."""

from .errors import Unplayable
from .service import Gateway

__all__ = ["Gateway", "Unplayable"]
