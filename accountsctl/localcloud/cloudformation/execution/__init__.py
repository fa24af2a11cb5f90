"""Carrying out a plan: create, update, delete, roll back."""
