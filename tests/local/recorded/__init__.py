"""What the replays of answers recorded on AWS have in common."""
