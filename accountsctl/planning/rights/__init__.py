"""What IAM has to allow to whoever deploys a project: `policy` puts it together from the other modules."""
