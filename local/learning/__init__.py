"""Training runs on this machine, on the stack that the environment names."""
