"""The reading half of CloudFormation's public API, by what it shows."""
