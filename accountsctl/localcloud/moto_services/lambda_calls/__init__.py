"""Calls of Lambda's API before moto gets them: which operation each is, what of it is played, what Lambda refuses."""
