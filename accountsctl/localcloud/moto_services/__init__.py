"""The service APIs of AWS that moto imitates, with our fixes to moto and the lookups of the data planes."""
