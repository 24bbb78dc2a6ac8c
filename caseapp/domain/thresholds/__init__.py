"""Thresholds of crime: what the criminal law asks of amounts and counts, and what a matter shows of it. Pure."""
