"""Imports of the past: start_import, open_import, import_conversations, and who starts and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sotto.core.built import built
from sotto.core.settings import ImportMachineArn, ImportPlaces, TenantRoles
from sotto.wiring.erasure import ErasureParts
from sotto.wiring.models import ModelParts
from sotto.wiring.recordings import RecordingParts, pace_of

if TYPE_CHECKING:
    from sotto.api.imports.use_cases import ImportPorts
    from sotto.call.contact import Contact
    from sotto.call.transcript_result import TranscriptResult
    from sotto.imports.adapters.dynamodb_imports import DynamoImports
    from sotto.imports.adapters.s3_objects import S3Objects
    from sotto.imports.audio.audio_file import Parted, RecordingRecognisers
    from sotto.imports.audio.windows import AudioWindow
    from sotto.imports.conversation import ConversationPorts
    from sotto.imports.open import OpenPorts
    from sotto.imports.page import PagePorts
    from sotto.imports.source import ImportSources
    from sotto.imports.start import StartPorts


class ImportParts(RecordingParts, ErasureParts, ModelParts):
    @built
    def import_sources(self) -> ImportSources:
        from sotto.imports.source import ImportSources, source_of

        return ImportSources(tuple(map(source_of, self.settings.of(ImportPlaces).sources)))

    @property
    def imports_at_once(self) -> int:
        return self.settings.of(ImportPlaces).at_once

    @built
    def imports(self) -> DynamoImports:
        from sotto.imports.adapters.dynamodb_imports import DynamoImports

        return DynamoImports(self.contact_table[0], self.clock)

    @built
    def import_objects(self) -> S3Objects:
        from sotto.imports.adapters.s3_objects import S3Objects

        def client_of(tenant: str) -> Any:
            role_arn = self.settings.of(TenantRoles).arn
            return self.client("s3") if role_arn is None else self.tenant_sessions(role_arn).client(tenant, "s3")

        return S3Objects(client_of)

    @built
    def import_start_ports(self) -> StartPorts:
        from sotto.imports.adapters.step_functions import StepFunctionsImports
        from sotto.imports.start import StartPorts

        machine = StepFunctionsImports(self.client("stepfunctions"), self.settings.of(ImportMachineArn).arn)
        return StartPorts(self.import_sources, self.import_objects, self.imports, machine, self.clock)

    @built
    def managed_imports(self) -> ImportPorts:
        from sotto.api.imports.use_cases import ImportPorts

        return ImportPorts(self.import_start_ports, self.audit_log)

    @built
    def import_open_ports(self) -> OpenPorts:
        from sotto.imports.open import OpenPorts

        return OpenPorts(self.import_sources, self.import_objects, self.imports, self.clock)

    @built
    def import_page_ports(self) -> PagePorts:
        from sotto.imports.page import PagePorts

        return PagePorts(
            self.import_sources, self.import_objects, self.imports, self.import_conversation_ports, self.clock
        )

    @built
    def import_recognisers(self) -> RecordingRecognisers:
        return _TenantsRecognisers(self)

    @built
    def voices_parted(self) -> Parted | None:
        """What tells two voices on one channel apart; in a function's zip there is nothing that does."""
        return None

    @built
    def import_conversation_ports(self) -> ConversationPorts:
        from sotto.imports.adapters.av_audio import AvDecoder
        from sotto.imports.conversation import ConversationPorts
        from sotto.imports.guide import GuidePorts
        from sotto.imports.transcribe import TranscribePorts
        from sotto.transcription.observer import NoObserver

        # What is counted of calls under way, nobody is to take for more calls.
        session = replace(self.session_ports(), observer=NoObserver())
        return ConversationPorts(
            contacts=self.contacts,
            consent=self.consent_rules,
            identities=_NotedIdentities(self),
            directory=self.directory,
            teams=self.teams,
            languages=self.contact_languages,
            objects=self.import_objects,
            decoder=AvDecoder(self.voices_parted),
            transcribe=TranscribePorts(session, self.import_recognisers),
            guide=GuidePorts(self.books, self.conversations, self.router, self.clock, self.pause),
        )


class _NotedIdentities:
    """Identities, in the index of erasures."""

    def __init__(self, parts: ImportParts) -> None:
        self._parts = parts

    def note(self, contact: Contact, customer: str | None) -> None:
        from sotto.erasure.identity import identities_of
        from sotto.erasure.index import attribute_names

        names = attribute_names(self._parts.books.current(contact.tenant).settings)
        found = identities_of(contact.attributes, caller=customer, names=names)
        self._parts.identity_index.add(contact.tenant, contact.contact_id, found)


class _TenantsRecognisers:
    """RecordingRecognisers, by what recognises Connect's recordings anew."""

    def __init__(self, parts: ImportParts) -> None:
        self._parts = parts

    def at_once(self, tenant: str) -> int:
        return min(pace_of(each.name).at_once for each in self._parts.recording_recognisers(tenant))

    def finals(self, contact: Contact, windows: Sequence[AudioWindow]) -> list[list[TranscriptResult]]:
        from sotto.recordings.ports import Window

        def of(window: AudioWindow) -> Window:
            return Window(window.from_ms, lambda: iter((window.pcm,)))

        return self._parts.recording_retranscriber.finals(contact, [of(each) for each in windows])
