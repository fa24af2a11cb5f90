"""What AWS would refuse, found before anything is sent: pure checks, each returns faults with file and line."""
