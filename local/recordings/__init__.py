"""Recordings of calls as people have them, made into what Sotto plays: 8 kHz, customer left, agent right."""
