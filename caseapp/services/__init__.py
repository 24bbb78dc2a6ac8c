"""The only writers: one use case = one function = one transaction."""
