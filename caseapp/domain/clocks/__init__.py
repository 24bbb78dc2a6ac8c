"""Deadlines of procedure: the rules (`rules`), what stops them (`suspensions`), and what follows (`compute` …)."""
