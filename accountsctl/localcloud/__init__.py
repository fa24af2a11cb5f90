"""The embedded cloud: AWS's wire protocol on one loopback port, in one process.

It is a product of its own. It shares no code with the rest of accountsctl, so that it cannot
share its mistakes; the two meet only in HTTP, as a laptop and AWS do.
"""
