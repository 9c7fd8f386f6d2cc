"""Webhooks by Standard Webhooks: what is settled about a conversation is sent to who asked for it, signed.

An event of the bus becomes a delivery for each endpoint that wants its type, in the same table as its due date: the
table is the queue, and whoever sweeps it goes on where another stopped. Bodies are thin: ids and numbers, no text.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""
