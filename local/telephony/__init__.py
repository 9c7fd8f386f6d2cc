"""Telephone systems that dial the media gateway, and the gateway as it runs on this machine."""
