"""The case exchange format, version 1 (INTERFACES §2): what other offices hand in and what this one hands out.

`record` holds the frozen record, `parse` reads one with every check, `history` orders milestones and finds what
contradicts itself, `compare` says what a record adds to a case that is known, `emit` writes a case back. Nothing here
touches a file or a database.
"""
