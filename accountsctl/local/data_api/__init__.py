"""The RDS Data API over embedded PostgreSQL servers."""

from accountsctl.local.data_api.service import DataApi

__all__ = ["DataApi"]
