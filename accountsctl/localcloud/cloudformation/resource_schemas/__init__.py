"""AWS's resource schemas, as data, and their reader."""
