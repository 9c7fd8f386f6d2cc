"""The GraphQL documents that publish several messages in one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sotto.realtime.shapes import Shape

# Subscribers receive only what the mutation selects, so everything is selected.
_CONTACT = """{
  contactId conversationId mediaStartedAtMs initiationMethod language channel unavailable queue agent agentName team
  status version caller reason customer { state fields { name title value } }
  waits { fromMs untilMs isHold }
}"""
_ANNOTATION = """{
  id seq kind name atMs utteranceId severity title text reply citations { article title quote source date }
  evidence { utteranceId startChar endChar }
  confidence model adapter policy playbook stagesMs latencyMs expiresMs withdraws because isFact
}"""
_SELECTED = {
    "publishMessage": f"""{{
      tenant contactId kind seq atMs
      utterance {{
        id seq speaker startMs endMs text isFinal confidence private {{ kind startMs endMs startChar endChar }}
      }}
      annotation {_ANNOTATION}
      before {_ANNOTATION}
      checklist {{ checklist name title state doneBy }}
      checklistSeq
      contact {_CONTACT}
      health {{ state part reason }}
      summary {{ lines {{ part text utteranceIds owner due }} origin model madeAtMs throughSeq version editedBy }}
      note {{ contactId id senderName agent text sentAtMs state version }}
      afterCall {{
        steps {{ step outcome atMs }} version
        disposition {{
          ranked {{ code title confidence utteranceIds }} suggested choice {{ code title agent atMs written }}
        }}
        filed {{ system title state address persons {{ id label address }} hasMore person }}
      }}
    }}""",
    "publishAssignment": f"{{ tenant agent state contact {_CONTACT} }}",
}
_TYPES = {
    "publishMessage": ("ContactMessage", "ContactMessageInput"),
    "publishAssignment": ("Assignment", "AssignmentInput"),
}


@dataclass(frozen=True, slots=True)
class Publication:
    """One use of a publish mutation; ``size`` in bytes of JSON."""

    mutation: str
    input: Shape
    size: int


def document(batch: Sequence[Publication]) -> dict[str, Any]:
    """A GraphQL request that publishes ``batch``, which is all of one mutation, in its order."""
    return {
        "query": _query(batch[0].mutation, len(batch)),
        "variables": {f"i{number}": publication.input for number, publication in enumerate(batch)},
    }


@cache
def _query(mutation: str, count: int) -> str:
    selected_type, input_type = _TYPES[mutation]
    declared = ", ".join(f"$i{number}: {input_type}!" for number in range(count))
    fields = "\n".join(f"  m{number}: {mutation}(input: $i{number}) {{ ...Everything }}" for number in range(count))
    return (
        f"mutation Publish({declared}) {{\n{fields}\n}}\n"
        f"fragment Everything on {selected_type} {' '.join(_SELECTED[mutation].split())}"
    )
