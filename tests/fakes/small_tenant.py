"""A tenant small enough to be trained in a test."""

from __future__ import annotations

from pathlib import Path

INTENTS = """
version: 1
intents:
  close_account:
    phrases: [I want to close my account, please cancel my account, I'd like to shut down my account,
      I am leaving the bank and closing everything, how do I close my checking account, terminate my account today]
  lost_card:
    phrases: [I lost my card, my card was stolen, I can't find my debit card, somebody took my wallet with my cards,
      block my card it is missing, I need to report a lost card]
  balance:
    phrases: [what is my balance, how much money do I have, tell me my account balance, check my balance please,
      how much is in my savings, I would like to know my balance]
none_of_these: [do you sell insurance, what time is it, can I order a pizza, I like your music]
entities:
  branch: [Harbour Street, Old Mill]
"""
PLAYBOOK = """
behaviours:
  greeting:
    phrases: [thank you for calling how can I help you, good morning this is Anna how may I help,
      welcome to the bank what can I do for you, thanks for calling my name is Tom, hello thank you for calling]
  recording_disclosure:
    phrases: [this call is recorded, please note that this call may be recorded, calls are recorded for quality,
      this conversation is being recorded for training, just so you know we record this line]
"""
FEES = """---
id: fees
title: Monthly fees
tags: [fees]
---
# Monthly fees

The monthly fee is twelve dollars. It is waived with a balance of five hundred dollars or more.

Students pay no monthly fee until they turn twenty-four.
"""
CARDS = """---
id: lost-card
title: Lost and stolen cards
intents: [lost_card]
tags: [cards]
---
Block the card at once in the app or by telephone. A new card arrives within five business days.

Charges made before the report are covered up to fifty dollars.
"""


def write_small_tenant(root: Path) -> Path:
    directory = root / "small_bank"
    (directory / "knowledge").mkdir(parents=True)
    (directory / "intents.yaml").write_text(INTENTS)
    (directory / "playbook.yaml").write_text(PLAYBOOK)
    (directory / "knowledge/fees.md").write_text(FEES)
    (directory / "knowledge/lost-card.md").write_text(CARDS)
    return directory
