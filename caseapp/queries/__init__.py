"""Reading only: every query returns frozen read models."""
