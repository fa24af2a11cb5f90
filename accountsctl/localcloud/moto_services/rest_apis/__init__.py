"""API Gateway's control plane in front of moto: AWS's checks before it, AWS's own shape after it."""
