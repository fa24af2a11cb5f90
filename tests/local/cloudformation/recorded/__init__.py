"""Answers of CloudFormation that were recorded on AWS, replayed against the embedded cloud."""
