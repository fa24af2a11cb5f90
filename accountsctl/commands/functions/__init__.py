"""The commands about functions: invoke, logs, triggers, variables and secrets, and what their errors mean."""
