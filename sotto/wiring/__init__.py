"""The one place where adapters are chosen and the environment is read.

Each function asks for its own ports, so it imports only what it needs: adapters are imported inside the builders. The
embedded stack runs the same builders; only the addresses in the environment differ.
"""
