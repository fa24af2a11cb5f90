"""Answers that API Gateway gave on AWS, held against the embedded cloud's; see README.md."""
