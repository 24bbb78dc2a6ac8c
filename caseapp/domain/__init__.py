"""Rules of enforcement case work: pure Python, no I/O, no clock of its own."""
