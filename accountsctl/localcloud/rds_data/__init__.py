"""The RDS Data API over embedded PostgreSQL servers."""

from accountsctl.localcloud.rds_data.service import DataApi

__all__ = ["DataApi"]
