"""Who may see or do what: the table of rights, and the claims about single objects (DESIGN §5)."""
