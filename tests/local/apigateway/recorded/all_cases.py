"""Every case: importing the modules registers them."""

from tests.local.apigateway.recorded import (
    control_apis,
    control_methods,
    control_resources,
    data_plane,
    data_plane_more,
)
from tests.local.apigateway.recorded.replay import CASES

__all__ = [
    "CASES", "control_apis", "control_methods", "control_resources", "data_plane", "data_plane_more",
]  # fmt: skip
