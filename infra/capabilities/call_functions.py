"""The functions of a cell, and what each may do."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace

from aws_cdk import ArnFormat, Stack
from aws_cdk.aws_iam import PolicyStatement
from constructs import Construct

from infra.building_blocks.function import DeployedFunction, only_over_tls
from infra.building_blocks.measured import metrics_cell
from infra.building_blocks.reviewed import accept
from infra.capabilities.agent_api import AgentApi
from infra.capabilities.desktop_api import DesktopApi
from infra.capabilities.recogniser import RecogniserEndpoint
from infra.capabilities.records import CallRecords
from infra.capabilities.shard import ShardEndpoint
from infra.capabilities.state_machine import Machine
from infra.capabilities.tenant_access import TenantAccess, let_act
from infra.deployment import Cell, Region
from infra.generation import Generation
from sotto.core.function_spec import FunctionSpec, FunctionStack
from sotto.core.needs import (
    AdmitsSigned,
    AnswersDesktops,
    AnswersReviews,
    AnswersWorkflows,
    Appends,
    AsksConnect,
    AsksCrms,
    AsksModels,
    FilesCalls,
    Invokes,
    Keeps,
    KeepsFacts,
    KeepsIndexes,
    KeepsRecordings,
    ListsUsers,
    Need,
    PlaysRecordings,
    PublishesBooks,
    Reads,
    ReadsBooks,
    ReadsImports,
    ReadsMedia,
    Recognises,
    Records,
    SearchesProfiles,
    ShowsPanels,
    SignsCertificates,
    StartsAfterCall,
    StartsGuideMachine,
    StartsImports,
    StartsReview,
    StartsWorkflows,
    SuspendsRecordings,
    VerifiesTokens,
    WritesContacts,
    WritesTexts,
)
from sotto.core.resources import CONNECTIONS, IMPORT_CONVERSATIONS, LIVE
from sotto.core.settings import ConnectInstances, TenantKeys
from sotto.core.triggers import Trigger

_LISTINGS = ("SearchUsers", "SearchUserHierarchyGroups", "ListQueues", "ListRoutingProfiles")
"""As sotto.contacts.adapters.connect_listing asks, which looks single users up, too."""
_CASES = (
    "CreateCase", "UpdateCase", "DeleteCase", "SearchCases", "CreateRelatedItem", "UpdateRelatedItem",
    "DeleteRelatedItem", "SearchRelatedItems", "TagResource",
)  # fmt: skip
"""As sotto.filing.adapters.connect_cases asks."""
_FEWEST_AT_ONCE = 5
_EMBEDDED_MEMORY_MB = 3_538
"""Lambda gives processors by memory: two of them, one for each channel that the embedded recogniser transcribes."""


class CallFunctions(Construct):
    """Made first, without rights; each ``let_...`` below gives those functions that need one thing what they need of it
    (sotto.core.needs). No function is named here: each says of itself what it needs. ``stack``: whose functions these
    are; those of another stack than the calls' act as tenants by the roles that are there."""

    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, region: Region, records: CallRecords, stack: FunctionStack
    ) -> None:
        super().__init__(scope, id)
        self._cell = cell
        self._stack = stack
        self._region = region
        known = {**records.environment, "SOTTO_FUNCTION_PREFIX": cell.prefix, "SOTTO_CELL": metrics_cell(cell)}
        known |= _residencies(cell, region)
        self.by_name: Mapping[str, DeployedFunction] = {
            spec.name: DeployedFunction(
                self,
                "".join(word.title() for word in spec.name.split("_")),
                spec=_sized(spec, cell),
                extras=extras_of(spec, cell),
                prefix=cell.prefix,
                environment={name: value for name, value in known.items() if name in spec.variables},
                log_days=region.log_days,
                failures_key=records.key,
                reserved_concurrency=_reserved(spec, region),
                role_path=cell.acting_path if region.tenant_sessions and _acts_as_tenants(spec) else None,
            )
            for spec in cell.functions_in(stack)
        }
        failures = [each.failures for each in self.by_name.values() if each.failures is not None]
        if failures:
            only_over_tls(self, "FailuresOverTls", failures)
        if region.tenant_sessions:
            self._act_as_tenants(records)
        else:
            self._let_keep_records(records)

    def __getitem__(self, name: str) -> DeployedFunction:
        return self.by_name[name]

    def let_read_media(self, records: CallRecords) -> None:
        """The audio worker reads the media streams of the cell's instances, where it can as the contact's tenant."""
        (worker,) = self.that_need(ReadsMedia)
        if not self._region.tenant_sessions:
            for tenant in self._cell.tenants:
                records.let_read_media(tenant, worker.role)

    def let_recognise(self, recogniser: RecogniserEndpoint | None) -> None:
        """By the providers that the cell's tenants name. ``recogniser``: the cell's own, where it has one."""
        for function in self.that_need(Recognises):
            self._let_recognise(function, recogniser)

    def _let_recognise(self, worker: DeployedFunction, recogniser: RecogniserEndpoint | None) -> None:
        if self._cell.recognises_with("transcribe"):
            # Transcribe's streams are no resources.
            worker.may(["transcribe:StartStreamTranscription"], ["*"])
            worker.knows(SOTTO_TRANSCRIBE_VOCABULARIES="true")
        if self._cell.recognises_with("deepgram") and self._region.deepgram_secret_arn:
            worker.knows(
                SOTTO_DEEPGRAM_SECRET=self._region.deepgram_secret_arn, SOTTO_DEEPGRAM_URL=self._region.deepgram_url
            )
            worker.may(["secretsmanager:GetSecretValue"], [self._region.deepgram_secret_arn])
        elsewhere = self._region.recogniser
        if recogniser is not None:
            recogniser.let_recognise(worker)
        elif elsewhere is not None and elsewhere.url is not None and self._cell.recognises_with("self_hosted"):
            worker.knows(
                SOTTO_SELF_HOSTED_RECOGNISER=elsewhere.url, SOTTO_SELF_HOSTED_LANGUAGES=",".join(elsewhere.languages)
            )
            if elsewhere.secret_arn is not None:
                worker.knows(SOTTO_SELF_HOSTED_SECRET=elsewhere.secret_arn)
                worker.may(["secretsmanager:GetSecretValue"], [elsewhere.secret_arn])

    def let_start_each_other(self) -> None:
        for function in self.by_name.values():
            for need in function.spec.needs_of(Invokes):
                self._let_invoke(function, *need.functions)
            if function.spec.failures_to is not None:
                function.send_failures_to(self[function.spec.failures_to])

    def let_list_users(self) -> None:
        """Who works at the cell's instances, and what their queues are called; nothing of it can be changed."""
        instances = {each.id: each.tenant for each in self._cell.instances}
        arns = sorted(each.arn for each in self._cell.instances)
        users = [f"{arn}/agent/*" for arn in arns]
        for function in self.that_need(ListsUsers):
            function.knows(SOTTO_CONNECT_INSTANCES=json.dumps(instances))
            function.may([f"connect:{operation}" for operation in _LISTINGS], arns)
            function.may(["connect:DescribeUser"], users)
            because = "Every user of the cell's own instances."
            accept(function.role, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in users), because=because)

    def let_sweep(self) -> None:
        """Whoever looks through the cell's tenants is told whose its instances are."""
        instances = {each.id: each.tenant for each in self._cell.instances}
        for function in self.by_name.values():
            if ConnectInstances in function.spec.settings:
                function.knows(SOTTO_CONNECT_INSTANCES=json.dumps(instances))

    def let_ask_connect(self) -> None:
        """What the cell's instances know of a contact; nothing of it can be changed."""
        contacts = sorted(f"{each.arn}/contact/*" for each in self._cell.instances)
        for function in self.that_need(AsksConnect):
            function.may(["connect:DescribeContact", "connect:GetContactAttributes"], contacts)
            because = "Every contact of the cell's own instances: ids are new with each call."
            accept(function.role, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in contacts), because=because)

    def let_keep_recordings(self, records: CallRecords) -> None:
        """As the tenants whose they are, where the deployment has roles for tenants."""
        for function in self.that_need(KeepsRecordings):
            function.knows(SOTTO_RECORDING_KEYS=records.recording_keys)
        if self._region.tenant_sessions:
            return
        for tenant in self._cell.tenants:
            for function in self.that_need(KeepsRecordings):
                records.let_redact_recordings(tenant, function.role)
            for function in self.that_need(PlaysRecordings):
                records.let_play_recordings(tenant, function.role)

    def let_suspend_recordings(self) -> None:
        """Of the cell's instances: to suspend them and to resume them, and nothing else."""
        instances = {each.id: each.tenant for each in self._cell.instances}
        contacts = sorted(f"{each.arn}/contact/*" for each in self._cell.instances)
        for function in self.that_need(SuspendsRecordings):
            function.knows(SOTTO_CONNECT_INSTANCES=json.dumps(instances))
            function.may(["connect:SuspendContactRecording", "connect:ResumeContactRecording"], contacts)
            because = "Every contact of the cell's own instances: ids are new with each call."
            accept(function.role, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in contacts), because=because)

    def let_write_contacts(self) -> None:
        """How a contact ended, where Connect's reports find it."""
        contacts = sorted(f"{each.arn}/contact/*" for each in self._cell.instances)
        for function in self.that_need(WritesContacts):
            function.may(["connect:UpdateContactAttributes", "connect:TagContact"], contacts)
            because = "Every contact of the cell's own instances: ids are new with each call."
            accept(function.role, *(f"AwsSolutions-IAM5[Resource::{each}]" for each in contacts), because=because)

    def let_search_profiles(self) -> None:
        """The domains that the deployment names, in the cell's own region; to find profiles, and nothing else."""
        domains = {each.id: name for each in self._cell.instances if (name := each.customer_profiles_domain)}
        if not domains:
            return
        arns = [
            Stack.of(self).format_arn(service="profile", resource="domains", resource_name=name)
            for name in sorted(set(domains.values()))
        ]
        for function in self.that_need(SearchesProfiles):
            function.knows(SOTTO_CUSTOMER_DOMAINS=json.dumps(domains))
            function.may(["profile:SearchProfiles"], arns)

    def let_sign_certificates(self, records: CallRecords) -> None:
        for function in self.that_need(SignsCertificates):
            records.let_sign(function.role)

    def let_ask_crms(self, records: CallRecords) -> None:
        """With the secrets of the cell's tenants, read where it can as the tenant whose they are."""
        if not self._region.tenant_sessions:
            for function in self.that_need(AsksCrms):
                for tenant in self._cell.tenants:
                    records.let_read_secrets(tenant, function.role)

    def let_file_in_cases(self) -> None:
        """The domains that the deployment names; and a person's profile may be erased from the instance's domain."""
        instances = [each for each in self._cell.instances if each.cases_domain]
        stack = Stack.of(self)
        for function in self.that_need(FilesCalls) if instances else ():
            for domain in sorted({str(each.cases_domain) for each in instances}):
                arn = f"arn:aws:cases:{self._cell.region}:{self._cell.account}:domain/{domain}"
                function.may([f"cases:{operation}" for operation in _CASES], [arn, f"{arn}/*"])
                because = "Every case of the domain that the deployment names: ids are new with each."
                accept(function.role, f"AwsSolutions-IAM5[Resource::{arn}/*]", because=because)
            profiles = sorted({each.customer_profiles_domain for each in instances if each.customer_profiles_domain})
            if profiles:
                arns = [
                    stack.format_arn(service="profile", resource="domains", resource_name=name) for name in profiles
                ]
                function.may(["profile:DeleteProfile"], arns)

    def let_guide(self, machine: Machine) -> None:
        for function in self.that_need(StartsGuideMachine):
            function.knows(SOTTO_GUIDE_UTTERANCE_ARN=machine.arn)
            machine.let_start(function.role)

    def let_start_after_call(self, machine: Machine) -> None:
        for function in self.that_need(StartsAfterCall):
            function.knows(SOTTO_AFTER_CALL_ARN=machine.arn)
            machine.let_start(function.role)

    def let_review(self, machine: Machine) -> None:
        for function in self.that_need(StartsReview):
            function.knows(SOTTO_REVIEW_ARN=machine.arn)
            machine.let_start(function.role)
        for function in self.that_need(AnswersReviews):
            machine.let_answer(function.role)

    def let_run_workflows(self, machine: Machine) -> None:
        for function in self.that_need(StartsWorkflows):
            function.knows(SOTTO_RUN_WORKFLOW_ARN=machine.arn)
            machine.let_start(function.role)
        for function in self.that_need(StartsWorkflows, AnswersWorkflows):
            machine.let_answer(function.role)

    def let_import(self, records: CallRecords, machine: Machine | None = None) -> None:
        """What customers keep below their sources. ``machine``: by its name where another stack has it, which is there
        where the deployment imports anything."""
        if not self._cell.imports:
            return
        sources = [each.model_dump(exclude={"key_arn"}, exclude_none=True) for each in self._cell.imports]
        for function in self.that_need(ReadsImports):
            function.knows(
                SOTTO_IMPORT_SOURCES=json.dumps(sources), SOTTO_IMPORTS_AT_ONCE=str(self._region.imports_at_once)
            )
            if not self._region.tenant_sessions:
                for tenant in self._cell.tenants:
                    records.let_read_imports(tenant, function.role)
        for function in self.that_need(StartsImports):
            name = f"{self._cell.prefix}{IMPORT_CONVERSATIONS.name}"
            arn = Stack.of(self).format_arn(
                service="states",
                resource="stateMachine",
                resource_name=name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            function.knows(SOTTO_IMPORT_CONVERSATIONS_ARN=machine.arn if machine is not None else arn)
            if machine is not None:
                machine.let_start(function.role)
            else:
                function.may(["states:StartExecution"], [arn])

    def let_ask_models(self, shard: ShardEndpoint) -> None:
        for function in self.that_need(AsksModels):
            shard.let_ask(function.role)

    def let_write_texts(self, shard: ShardEndpoint) -> None:
        """Replies and answers while somebody talks, and what agents ask about a call; its summary."""
        generation = self._region.generation
        if generation is None:
            return
        for function in self.that_need(WritesTexts):
            function.knows(**generation.environment)
            if "shard" in generation.order:
                function.may(["sagemaker:InvokeEndpointWithResponseStream"], [self._writers(generation, shard)])
                if shard.writes and generation.shard_endpoint is None:
                    shard.let_ask(function.role)  # its components too, where it has any
            if "bedrock" in generation.order:
                function.may(["bedrock:InvokeModelWithResponseStream"], generation.models_in(self._cell.region))
            if generation.openai_secret_arn:
                function.may(["secretsmanager:GetSecretValue"], [generation.openai_secret_arn])

    def _writers(self, generation: Generation, shard: ShardEndpoint) -> str:
        if generation.shard_endpoint is None:
            return shard.arn
        name = generation.shard_endpoint.lower()  # as the ARNs of endpoints are written
        return Stack.of(self).format_arn(service="sagemaker", resource="endpoint", resource_name=name)

    def let_show_panels(self, api: AgentApi) -> None:
        for function in self.that_need(ShowsPanels):
            function.knows(SOTTO_GRAPHQL_URL=api.url)
            api.let_publish(function.role)
        for function in self.that_need(AdmitsSigned):
            function.knows(SOTTO_OIDC_TENANTS=",".join(self._cell.tenants))

    def let_sign_in(self) -> None:
        """Whose tokens are good."""
        for function in self.that_need(VerifiesTokens):
            function.knows(**self._sign_in())

    def let_show_desktops(self, api: DesktopApi, records: CallRecords) -> None:
        """By the WebSocket API, for the tenants that chose it."""
        chosen = {name: list(tenant.channels) for name, tenant in self._cell.tenants.items()}
        table = {CONNECTIONS.variable: records.table_name(CONNECTIONS.name)}
        for function in self.that_need(ShowsPanels):
            function.knows(SOTTO_CHANNELS=json.dumps(chosen), **table)
            if not self._region.tenant_sessions:
                records.let_keep(CONNECTIONS, function.role)
        for function in self.that_need(ShowsPanels, AnswersDesktops):
            function.knows(SOTTO_WEBSOCKET_URL=api.url)
            api.let_post(function.role)
        for function in self.by_name.values():
            if Keeps(CONNECTIONS) in function.spec.needs:
                function.knows(**table)

    def that_need(self, *kinds: type[Need]) -> list[DeployedFunction]:
        return [each for each in self.by_name.values() if any(each.spec.needs_of(kind) for kind in kinds)]

    def triggered_by(self, kind: type[Trigger]) -> DeployedFunction:
        """The one that is."""
        (found,) = (each for each in self.by_name.values() if each.spec.triggered_by(kind))
        return found

    def _sign_in(self) -> dict[str, str]:
        """The same as AppSync's."""
        sign_in = self._cell.sign_in(self._region)
        client = {"SOTTO_OIDC_CLIENT_ID": sign_in.client_id} if sign_in.client_id else {}
        return {"SOTTO_OIDC_ISSUER": sign_in.issuer, "SOTTO_OIDC_TENANTS": ",".join(self._cell.tenants), **client}

    def _act_as_tenants(self, records: CallRecords) -> None:
        functions = [function for function in self.by_name.values() if _acts_as_tenants(function.spec)]
        for function in functions:
            records.let_read_what_is_nobodys(function.role)
        if self._stack != "call-path":
            let_act(functions, self._cell)
            return
        (media_reader,) = self.that_need(ReadsMedia)
        (redactor,) = self.that_need(KeepsRecordings)
        TenantAccess(
            self,
            "Tenants",
            cell=self._cell,
            records=records,
            functions=functions,
            media_reader=media_reader,
            redactor=redactor,
        )

    def _let_keep_records(self, records: CallRecords) -> None:
        for function in self.by_name.values():
            for table in dict.fromkeys(table for kept in function.spec.needs_of(Keeps) for table in kept.tables):
                records.let_keep(table, function.role)
            for table in dict.fromkeys(table for read in function.spec.needs_of(Reads) for table in read.tables):
                records.let_read(table, function.role)
            if TenantKeys in function.spec.all_settings:
                records.let_use_data_keys(function.role)
            for log in function.spec.needs_of(Appends):
                records.let_append(log.table, function.role)
        for function in self.that_need(ReadsBooks):
            records.let_read_books(function.role)
        for function in self.that_need(PublishesBooks):
            records.let_publish_books(function.role)
        for function in self.that_need(KeepsIndexes):
            records.let_keep_index("*", function.role)
        for function in self.that_need(KeepsFacts):
            records.let_keep_facts(function.role)

    def _let_invoke(self, caller: DeployedFunction, *called: str) -> None:
        """By name, as sotto.aws.lambda_functions does; a function's own ARN would make it depend on itself."""
        stack = Stack.of(self)
        names = [f"{self._cell.prefix}{name}" for name in called]
        arns = [stack.format_arn(service="lambda", resource=f"function:{name}:{LIVE}") for name in names]
        caller.role.add_to_policy(PolicyStatement(actions=["lambda:InvokeFunction"], resources=arns))


def _has_embedded_recogniser(spec: FunctionSpec, cell: Cell) -> bool:
    return bool(spec.needs_of(Recognises)) and cell.recognises_with("embedded")


def extras_of(spec: FunctionSpec, cell: Cell) -> tuple[str, ...]:
    """Beside the function's own: what its zip holds because of the cell's tenants."""
    return ("embedded_recogniser",) if _has_embedded_recogniser(spec, cell) else ()


def _sized(spec: FunctionSpec, cell: Cell) -> FunctionSpec:
    return replace(spec, memory_mb=_EMBEDDED_MEMORY_MB) if _has_embedded_recogniser(spec, cell) else spec


def _reserved(spec: FunctionSpec, region: Region) -> int | None:
    """What is reserved is also the most: enough for every call, and so much is nobody else's to take."""
    if spec.share_of_calls is None or not region.reserve_concurrency:
        return None
    return max(_FEWEST_AT_ONCE, math.ceil(round(spec.share_of_calls * region.calls, 6)))


def _residencies(cell: Cell, region: Region) -> dict[str, str]:
    """For the functions that send what is spoken to a provider; nothing where no tenant has a residency."""
    bound = {name: tenant.residency for name, tenant in cell.tenants.items() if tenant.residency is not None}
    hosts = {"SOTTO_HOSTS": json.dumps(dict(region.hosts))} if region.hosts else {}
    return {"SOTTO_RESIDENCY": json.dumps(bound), **hosts} if bound else {}


def _acts_as_tenants(spec: FunctionSpec) -> bool:
    return any(spec.needs_of(kind) for kind in (Records, ReadsBooks, KeepsRecordings, PlaysRecordings, KeepsFacts))
