"""CloudFormation's API: its actions, its change sets, its descriptions."""
