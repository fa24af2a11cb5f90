"""Facts of the deployed APIs, read from the JSON that the inspector reports."""
