"""What a call was about, told afterwards or on request: its summary, and answers to questions about it.

Everything rests on utterances as they are stored, which is redacted, and says on which.
"""
