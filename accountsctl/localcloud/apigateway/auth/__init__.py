"""Who may call a method: authorizers, IAM, resource policies."""
