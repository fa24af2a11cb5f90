"""Cognito user pools with their Lambda triggers, around the operations that moto does."""
