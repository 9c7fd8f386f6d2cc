"""Amazon Transcribe's streaming API on this machine, for tests and for work without an account."""
