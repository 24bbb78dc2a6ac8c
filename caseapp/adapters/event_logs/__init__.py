"""Event logs of other systems as streams of cases: `mapping_files` loads how to read one, `reading` reads it."""
