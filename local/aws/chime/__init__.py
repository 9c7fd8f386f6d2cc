"""Amazon Chime SDK Voice Connectors that record SIPREC sessions, emulated as documented."""
