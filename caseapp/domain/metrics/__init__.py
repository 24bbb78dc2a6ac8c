"""Figures about casework: each a pure function of histories, a policy version, an as-of day and a known-at instant."""
