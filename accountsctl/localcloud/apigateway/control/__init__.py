"""The control plane of API Gateway beyond what moto provides."""
