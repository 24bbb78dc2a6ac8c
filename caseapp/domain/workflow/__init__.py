"""The workflow engine: definitions as data, decisions as pure functions, state as a fold of the ledger."""
