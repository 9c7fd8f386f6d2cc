"""Sotto: live guidance for agents on Amazon Connect.

The sub-packages stand in the order in which an utterance passes through them: contact, audio, speech, privacy,
policy, inference, guidance, delivery, storage. ``wiring`` alone chooses adapters and reads the environment.
"""
