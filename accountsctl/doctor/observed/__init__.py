"""Requests that were really sent: recordings, and the doctor's own probes."""
