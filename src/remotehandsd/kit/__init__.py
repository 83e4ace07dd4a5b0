"""Things that never heard of tickets: database, files, clock, log, encryption."""
