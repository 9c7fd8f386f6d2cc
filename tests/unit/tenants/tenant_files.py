"""A small tenant on disk, for tests that need one with a change."""

from __future__ import annotations

from pathlib import Path

TENANT = """\
version: 1
title: Corner Shop
instances: [11111111-2222-3333-4444-555555555555]
teams:
  sales: {agents: [ann, bob]}
  help: {agents: [cem]}
models:
  intent: {task: intent, package: corner/intent}
  sentiment: {task: sentiment, package: shared/sentiment}
  knowledge: {task: knowledge, package: corner/knowledge}
"""
POLICIES = """\
version: 1
policies:
  - name: everyone
    run:
      - model: intent
      - model: knowledge
        only_if: {intent: {any_of: [buy], at_least: 0.6}}
    playbooks: [basics]
"""
PLAYBOOK = """\
version: 1
sets:
  basics:
    moments:
      wants_to_buy:
        when: {intent: buy, at_least: 0.6, speaker: customer}
    actions:
      offer:
        when: wants_to_buy
        show: {title: Offer it, done_text: Offered it}
"""
INTENTS = """\
version: 1
intents:
  buy: {phrases: [I want it, I take it, sell it to me, can I buy it, give me two]}
  complain: {phrases: [it is bad, I am angry, this is broken, I want my money, never again]}
none_of_these: [hello, thanks]
"""


def write_tenant(
    root: Path,
    *,
    tenant: str = TENANT,
    policies: str = POLICIES,
    playbook: str = PLAYBOOK,
    intents: str = INTENTS,
    name: str = "corner_shop",
) -> Path:
    """The folder of a tenant without mistakes, but for what is given."""
    folder = root / name
    folder.mkdir()
    files = {"tenant": tenant, "policies": policies, "playbook": playbook, "intents": intents}
    for file, content in files.items():
        (folder / f"{file}.yaml").write_text(content, encoding="utf-8")
    return folder
