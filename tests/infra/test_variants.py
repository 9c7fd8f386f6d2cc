"""What the example deployment does not use. Kind: synthesised templates."""

from __future__ import annotations

import json
from collections.abc import Mapping

from functions.specs import everything, function_specs, of_capability, socket_routes
from infra.building_blocks.bundling import REPOSITORY
from sotto.core.needs import AsksModels, ShowsPanels
from sotto.generation.account import Price
from sotto.generation.settings import GenerationSettings
from sotto.realtime.limits import QUERY_DEPTH_LIMIT, RESOLVER_COUNT_LIMIT
from tests.infra.conftest import Template, resources

Variant = Mapping[str, Template]
CALL_PATH = "us-east-1/sotto-shared-call-path"


def test_a_tenant_bound_to_europe_is_named_nowhere_else(variant: Variant) -> None:
    regions = {name.partition("/")[0] for name, template in variant.items() if "nord_bank" in json.dumps(template)}
    assert regions == {"eu-central-1"}


def test_no_region_names_another(variant: Variant) -> None:
    for name, template in variant.items():
        other = {"us-east-1": "eu-central-1", "eu-central-1": "us-east-1"}[name.partition("/")[0]]
        assert other not in json.dumps(template), name


def test_media_streams_that_exist_are_left_alone_and_read_under_their_own_prefix(variant: Variant) -> None:
    storage = resources(variant[CALL_PATH], "AWS::Connect::InstanceStorageConfig").values()
    assert sum(each["ResourceType"] == "MEDIA_STREAMS" for each in storage) == 1, "only the other instance's"
    policies = json.dumps(list(resources(variant[CALL_PATH], "AWS::IAM::Policy").values()))
    assert "stream/theirs-connect-harbour-bank-contact-*/*" in policies
    assert "stream/sotto-connect-torque-garage-contact-*/*" in policies


def allowed(template: Template, action: str) -> dict[str, list[str]]:
    """Function -> the resources on which its role may do this."""
    found: dict[str, list[str]] = {}
    for name, policy in resources(template, "AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            if action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]):
                where = statement["Resource"]
                function = name.removeprefix("Functions").partition("Role")[0]
                found.setdefault(function, []).extend(where if isinstance(where, list) else [where])
    return found


def test_whoever_asks_models_may_ask_the_shard(variant: Variant) -> None:
    """Whatever stack it is in."""
    may = {name for template in variant.values() for name in allowed(template, "sagemaker:InvokeEndpoint")}
    asking = {each.name for each in everything().functions if each.needs_of(AsksModels)}
    assert {"".join(part.title() for part in name.split("_")) for name in asking} <= may


HOSTS_KEY = "arn:aws:secretsmanager:us-east-1:111122223333:secret:host-AbCdEf"
DEEPGRAMS_KEY = "arn:aws:secretsmanager:us-east-1:111122223333:secret:deepgram-AbCdEf"


WRITERS = {
    "RouteInference": "sotto-route_inference",
    "ServeAgent": "sotto-serve_agent",
    "ServeConnection": "sotto-serve_connection",
    "SummariseCall": "sotto-summarise_call",
    "EvaluateConversation": "sotto-evaluate_conversation",
}
"""Who has texts written: role and function."""


def test_each_function_may_read_the_one_secret_that_it_needs(variant: Variant) -> None:
    found = allowed(variant[CALL_PATH], "secretsmanager:GetSecretValue")
    of_tenants = {name: found.pop(name) for name in list(found) if name.startswith("Tenants")}
    assert found == {
        "TranscribeCall": [DEEPGRAMS_KEY],
        "RedactRecording": [DEEPGRAMS_KEY],
        **{writer: [HOSTS_KEY] for writer in WRITERS},
    }
    own = "arn:aws:secretsmanager:us-east-1:111122223333:secret:sotto/filing/{}/*"  # of systems of record
    assert sorted(of_tenants.values()) == [[own.format("harbour_bank")], [own.format("torque_garage")]]


def test_those_who_write_texts_may_ask_the_named_models_and_nothing_else(variant: Variant) -> None:
    here = variant[CALL_PATH]
    model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    assert allowed(here, "bedrock:InvokeModelWithResponseStream") == {writer: [model] for writer in WRITERS}
    streamed = allowed(here, "sagemaker:InvokeEndpointWithResponseStream")
    assert set(streamed) == set(WRITERS)
    assert all("endpoint/sotto-shard" in json.dumps(resource) for resource in streamed["RouteInference"])
    assert "bedrock:" not in json.dumps(here).replace("bedrock:InvokeModelWithResponseStream", "").replace(model, "")


def test_those_who_write_texts_have_its_settings(variant: Variant) -> None:
    functions = resources(variant[CALL_PATH], "AWS::Lambda::Function").values()
    settings_of = {each["FunctionName"]: each["Environment"]["Variables"] for each in functions}
    for name in WRITERS.values():
        settings = GenerationSettings.from_environment(settings_of[name])
        assert settings.order == ("shard", "bedrock", "openai") and settings.prices == {"bedrock": Price(0.06, 0.24)}
        assert (settings.bedrock_model, settings.bedrock_shape) == ("amazon.nova-lite-v1:0", "tool")
        assert settings.openai_secret == HOSTS_KEY
    assert not any("SOTTO_GENERATION" in settings_of[name] for name in settings_of if name not in WRITERS.values())


def test_nothing_about_texts_is_deployed_where_nobody_writes_them(variant: Variant) -> None:
    there = json.dumps(variant["eu-central-1/sotto-shared-call-path"]).replace(":secret:sotto/filing/", "")
    for word in ("SOTTO_GENERATION", "bedrock", "WithResponseStream", ":secret:"):
        assert word not in there


def test_a_worker_that_recognises_by_itself_has_a_processor_for_each_channel(variant: Variant) -> None:
    for region, memory in (("us-east-1", 3_538), ("eu-central-1", 512)):
        functions = resources(variant[f"{region}/sotto-shared-call-path"], "AWS::Lambda::Function").values()
        of_name = {each["FunctionName"]: each for each in functions}
        assert of_name["sotto-transcribe_call"]["MemorySize"] == memory
        assert of_name["sotto-redact_recording"]["MemorySize"] == max(memory, 1_024)


def test_without_a_queue_there_is_no_example_flow(variant: Variant) -> None:
    there = variant["eu-central-1/sotto-shared-call-path"]
    assert len(resources(there, "AWS::Connect::ContactFlowModule")) == 1
    types = [each["Type"] for each in resources(there, "AWS::Connect::ContactFlow").values()]
    assert sorted(types) == ["CUSTOMER_WHISPER", "OUTBOUND_WHISPER"]


def test_the_toolchain_is_pinned_and_names_no_registry() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/aws-cdk"]["version"] == "2.1148.1"
    assert "resolved" not in json.dumps(lock)


def test_segments_that_were_given_up_raise_the_alarm_of_failed_events(variant: Variant) -> None:
    alarms = resources(variant["us-east-1/sotto-shared-observability"], "AWS::CloudWatch::Alarm").values()
    groups = [each for each in alarms if each["AlarmName"].startswith("sotto-failed-events")]
    assert any("GivenUp" in json.dumps(each["Metrics"]) for each in groups), "an alarm adds up ten queues at most"


def test_contact_lens_is_read_through_a_stream_under_the_tenants_key(variant: Variant) -> None:
    template = variant[CALL_PATH]
    (stream,) = resources(template, "AWS::Kinesis::Stream").values()
    assert "MediaKeyharbourbank" in json.dumps(stream["StreamEncryption"])
    mappings = resources(template, "AWS::Lambda::EventSourceMapping").values()
    (mapping,) = (each for each in mappings if "IngestContactLensLive" in json.dumps(each["FunctionName"]))
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    given_up = mapping["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    assert resources(template, "AWS::SQS::Queue")[given_up]["KmsMasterKeyId"]
    kinds = {each["ResourceType"] for each in resources(template, "AWS::Connect::InstanceStorageConfig").values()}
    assert {"REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS", "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS"} <= kinds


def test_contact_records_and_agent_events_are_read_where_the_deployment_names_their_streams(
    templates: Variant, variant: Variant
) -> None:
    mappings = resources(variant[CALL_PATH], "AWS::Lambda::EventSourceMapping").values()
    read = {str(each["EventSourceArn"]).rpartition("/")[2]: json.dumps(each["FunctionName"]) for each in mappings}
    assert "IngestContactRecordsLive" in read["contact-records"]
    assert "IngestAgentEventsLive" in read["agent-events"]
    policies = json.dumps(list(resources(variant[CALL_PATH], "AWS::IAM::Policy").values()))
    assert "arn:aws:kms:us-east-1:111122223333:key/77777777-2222-3333-4444-555555555555" in policies
    assert not any(resources(each, "AWS::Lambda::EventSourceMapping") for each in templates.values())


# The second channel, which one tenant of the example's region asks for


def test_without_a_tenant_that_asks_for_it_there_is_no_websocket_api(templates: Variant, variant: Variant) -> None:
    elsewhere = {name: each for name, each in variant.items() if name.startswith("eu-central-1")}
    for template in (*templates.values(), *elsewhere.values()):
        assert not resources(template, "AWS::ApiGatewayV2::Api")
        assert "SOTTO_CHANNELS" not in json.dumps(template)
        assert "sotto-connections" not in json.dumps(list(resources(template, "AWS::DynamoDB::Table").values()))


def test_the_routes_are_those_that_the_embedded_stack_serves(variant: Variant) -> None:
    template = variant[CALL_PATH]
    (api,) = resources(template, "AWS::ApiGatewayV2::Api").values()
    assert (api["ProtocolType"], api["RouteSelectionExpression"]) == ("WEBSOCKET", "$request.body.action")
    integrations = resources(template, "AWS::ApiGatewayV2::Integration")
    served = {}
    for route in resources(template, "AWS::ApiGatewayV2::Route").values():
        (integration,) = (name for name in integrations if name in json.dumps(route["Target"]))
        (function,) = (
            name
            for name in ("track_connection", "serve_connection")
            if f"Functions{name.title().replace('_', '')}Live" in json.dumps(integrations[integration])
        )
        served[route["RouteKey"]] = function
    assert served == socket_routes()


def test_a_connection_is_authorised_by_its_subprotocol_before_it_is_opened(variant: Variant) -> None:
    template = variant[CALL_PATH]
    (authoriser,) = resources(template, "AWS::ApiGatewayV2::Authorizer").values()
    assert authoriser["AuthorizerType"] == "REQUEST"
    assert authoriser["IdentitySource"] == ["route.request.header.Sec-WebSocket-Protocol"]
    assert "FunctionsAuthoriseConnectionLive" in json.dumps(authoriser["AuthorizerUri"])
    routes = resources(template, "AWS::ApiGatewayV2::Route").values()
    assert {each["RouteKey"]: each["AuthorizationType"] for each in routes}["$connect"] == "CUSTOM"
    (function,) = (
        each
        for each in resources(template, "AWS::Lambda::Function").values()
        if each["FunctionName"] == "sotto-authorise_connection"
    )
    known = function["Environment"]["Variables"]
    assert (known["SOTTO_OIDC_ISSUER"], known["SOTTO_OIDC_CLIENT_ID"]) == ("https://login.example.com", "sotto-panel")
    assert known["SOTTO_OIDC_TENANTS"] == "harbour_bank,torque_garage"
    (graphql,) = resources(template, "AWS::AppSync::GraphQLApi").values()
    assert graphql["OpenIDConnectConfig"]["Issuer"] == known["SOTTO_OIDC_ISSUER"]


def test_one_request_asks_for_so_much_and_no_more(variant: Variant) -> None:
    (graphql,) = resources(variant[CALL_PATH], "AWS::AppSync::GraphQLApi").values()
    assert (graphql["ResolverCountLimit"], graphql["QueryDepthLimit"]) == (RESOLVER_COUNT_LIMIT, QUERY_DEPTH_LIMIT)


def test_serve_agent_knows_for_whom_the_issuer_signs(variant: Variant) -> None:
    functions = resources(variant[CALL_PATH], "AWS::Lambda::Function").values()
    settings_of = {
        each["FunctionName"]: each["Environment"]["Variables"].get("SOTTO_OIDC_TENANTS") for each in functions
    }
    knowing = {name: each for name, each in settings_of.items() if each}
    assert knowing == {
        "sotto-answer_metric": "harbour_bank,torque_garage",
        "sotto-serve_agent": "harbour_bank,torque_garage",
        "sotto-authorise_connection": "harbour_bank,torque_garage",
    }


def test_the_stage_is_bounded_and_logs_neither_what_is_said_nor_by_whom(variant: Variant) -> None:
    (stage,) = resources(variant[CALL_PATH], "AWS::ApiGatewayV2::Stage").values()
    settings = stage["DefaultRouteSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (500, 1000)
    assert not settings.get("DataTraceEnabled") and settings.get("LoggingLevel", "OFF") == "OFF"
    logged = stage["AccessLogSettings"]["Format"]
    json.loads(logged)
    for kept in ("body", "header", "identity", "authorizer", "message", "querystring"):
        assert kept not in logged.lower(), kept


def test_only_who_publishes_to_desktops_may_post_and_only_to_this_api(variant: Variant) -> None:
    template = variant[CALL_PATH]
    posting = {}
    for name, policy in resources(template, "AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "execute-api:ManageConnections" in json.dumps(statement["Action"]):
                posting[name] = json.dumps(statement["Resource"])
    names = (
        "TranscribeCall",
        "DeliverAnnotations",
        "FollowContact",
        "IngestContactLens",
        "SummariseCall",
        "TrackAfterCall",
        "WriteHandoverNote",
        "SuggestDisposition",
        "FileDisposition",
        "FileConversation",
        "IngestAgentEvents",
        "ServeConnection",
        "StartGuidance",
        "OrchestrateUtterance",
        "ServeAgent",
        "LookUpCustomer",
        "SynchroniseDirectory",
    )
    assert len(posting) == len(names)
    for function in names:
        (resource,) = (each for name, each in posting.items() if function in name)
        assert '"Ref": "DesktopsApi' in resource
        assert "/live/POST/@connections/*" in resource


def test_who_lets_desktops_in_acts_as_no_tenant(variant: Variant) -> None:
    policies = resources(variant[CALL_PATH], "AWS::IAM::Policy").items()
    (own,) = (json.dumps(policy) for name, policy in policies if "AuthoriseConnection" in name)
    assert "sts:AssumeRole" not in own and "dynamodb:" not in own


def test_functions_know_which_channel_each_tenant_has(variant: Variant) -> None:
    functions = resources(variant[CALL_PATH], "AWS::Lambda::Function").values()
    settings_of = {each["FunctionName"]: each["Environment"]["Variables"].get("SOTTO_CHANNELS") for each in functions}
    chosen = json.loads(settings_of["sotto-deliver_annotations"])
    assert chosen == {"harbour_bank": ["appsync", "websocket"], "torque_garage": ["appsync"]}
    of_calls = [spec for spec in function_specs() if spec.capability is None]
    publishers = {f"sotto-{spec.name}" for spec in of_calls if spec.needs_of(ShowsPanels)}
    assert {name for name, each in settings_of.items() if each} == publishers


def test_the_connection_table_forgets_and_goes_with_its_stack(variant: Variant) -> None:
    (table,) = (
        each
        for each in variant[CALL_PATH]["Resources"].values()
        if each["Type"] == "AWS::DynamoDB::Table" and each["Properties"]["TableName"] == "sotto-connections"
    )
    assert table["DeletionPolicy"] == "Delete"
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["Properties"]["SSESpecification"]["SSEType"] == "KMS"


def test_its_functions_are_those_of_the_shared_table(variant: Variant) -> None:
    functions = resources(variant[CALL_PATH], "AWS::Lambda::Function").values()
    of_calls = [spec for spec in function_specs() if spec.stack == "call-path"]
    assert {each["FunctionName"] for each in functions} == {f"sotto-{spec.name}" for spec in of_calls}


def test_the_rest_api_has_a_stack_of_its_own_where_a_region_asks_for_it(variant: Variant) -> None:
    template = variant["us-east-1/sotto-shared-rest-api"]
    functions = resources(template, "AWS::Lambda::Function").values()
    assert {each["FunctionName"] for each in functions} == {
        f"sotto-{each.name}" for each in of_capability("rest_api").functions
    }
    routes = {each["RouteKey"] for each in resources(template, "AWS::ApiGatewayV2::Route").values()}
    assert routes == {"ANY /v1/{address+}", "ANY /mcp"}
    rules = {each["Name"]: each for each in resources(template, "AWS::Events::Rule").values()}
    assert rules["sotto-deliver-webhooks"]["ScheduleExpression"] == "rate(1 minute)"
    assert "summary.ready" in rules["sotto-events-to-deliver-webhooks"]["EventPattern"]["detail-type"]
    (integration,) = resources(template, "AWS::ApiGatewayV2::Integration").values()
    assert integration["PayloadFormatVersion"] == "2.0"
    (stage,) = resources(template, "AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] and "$context.path" not in json.dumps(stage)
    tables = {
        each["TableName"] for each in resources(variant["us-east-1/sotto-shared-data"], "AWS::DynamoDB::Table").values()
    }
    assert "sotto-api" in tables
    assert not [name for name in variant if name.startswith("eu-central-1/") and "rest-api" in name]


def test_recorded_calls_have_a_stack_of_their_own_where_a_region_has_a_voice_connector(variant: Variant) -> None:
    template = variant["us-east-1/sotto-shared-siprec"]
    (function,) = resources(template, "AWS::Lambda::Function").values()
    assert {function["FunctionName"]} == {f"sotto-{each.name}" for each in of_capability("siprec").functions}
    known = function["Environment"]["Variables"]
    assert json.loads(known["SOTTO_VOICE_CONNECTORS"]) == {"abcdef1ghij2klmno3pqr4": "harbour_bank"}
    (rule,) = resources(template, "AWS::Events::Rule").values()
    assert rule["EventPattern"] == {
        "source": ["aws.chime"], "detail-type": ["Chime VoiceConnector Streaming Status"],
    }  # fmt: skip
    assert rule["Targets"][0]["DeadLetterConfig"] and rule["Targets"][0]["RetryPolicy"]["MaximumRetryAttempts"]
    own = json.dumps(resources(template, "AWS::IAM::Policy"))
    assert "kinesisvideo:" not in own and "connect:" not in own, "it reads no audio, and Connect knows nothing of it"
    assert "function:sotto-transcribe_call:live" in own
    assert not [name for name in variant if name.startswith("eu-central-1/") and name.endswith("siprec")]


def test_imports_have_a_stack_of_their_own_where_a_region_has_sources(variant: Variant) -> None:
    template = variant["us-east-1/sotto-shared-imports"]
    functions = {each["FunctionName"]: each for each in resources(template, "AWS::Lambda::Function").values()}
    assert set(functions) == {f"sotto-{each.name}" for each in of_capability("imports").functions}
    for each in functions.values():
        known = json.loads(each["Environment"]["Variables"]["SOTTO_IMPORT_SOURCES"])
        assert known == [
            {"tenant": "harbour_bank", "name": "archive", "bucket": "harbour-bank-archive", "prefix": "calls/",
             "agent_channel": 1},
        ]  # fmt: skip
    (rule,) = resources(template, "AWS::Events::Rule").values()
    assert rule["EventPattern"] == {"source": ["aws.s3"], "detail-type": ["Object Created"]}
    (machine,) = resources(template, "AWS::StepFunctions::StateMachine").values()
    assert machine["StateMachineType"] == "STANDARD"
    mapped = allowed(template, "states:DescribeExecution")
    assert any("execution:sotto-import_conversations/*" in json.dumps(each) for each in mapped.values())
    assert "s3:" not in json.dumps(resources(template, "AWS::IAM::Policy")), "what is read is read as the tenant"
    api = resources(variant["us-east-1/sotto-shared-rest-api"], "AWS::IAM::Policy")
    assert "stateMachine:sotto-import_conversations" in json.dumps(api)
    assert not [name for name in variant if name.startswith("eu-central-1/") and name.endswith("imports")]


def test_only_the_tenant_whose_source_it_is_reads_what_is_there(variant: Variant) -> None:
    roles = resources(variant[CALL_PATH], "AWS::IAM::Policy")
    reading = [json.dumps(each) for each in roles.values() if "harbour-bank-archive" in json.dumps(each)]
    assert len(reading) == 1 and "torque" not in reading[0]
    assert "arn:aws:s3:::harbour-bank-archive/calls/*" in reading[0] and "88888888" in reading[0]


def test_only_the_tenant_whose_connector_it_is_reads_its_streams(variant: Variant) -> None:
    """By the tenant's role, which the audio worker takes; no other role of any stack."""
    streams = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeVoiceConnector-abcdef1ghij2klmno3pqr4-*/*"
    readers = {
        (stack, name): statement
        for stack, template in variant.items()
        for name, policy in resources(template, "AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if streams in json.dumps(statement)
    }
    ((stack, name),) = readers
    assert stack == CALL_PATH and "Tenantsharbourbank" in name
    assert sorted(readers[stack, name]["Action"]) == ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"]


def test_the_cells_own_recogniser_is_scaled_by_its_sessions_and_asked_by_those_who_recognise_alone(
    variant: Mapping[str, Template],
) -> None:
    models, call_path = variant["us-east-1/sotto-shared-models"], variant["us-east-1/sotto-shared-call-path"]
    (policy,) = (
        each["TargetTrackingScalingPolicyConfiguration"]
        for each in resources(models, "AWS::ApplicationAutoScaling::ScalingPolicy").values()
        if "CustomizedMetricSpecification" in each["TargetTrackingScalingPolicyConfiguration"]
    )
    assert policy["CustomizedMetricSpecification"]["MetricName"] == "HostedLoad" and policy["TargetValue"] == 60
    asking = [
        name
        for name, each in resources(call_path, "AWS::IAM::Policy").items()
        if "sagemaker:InvokeEndpointWithBidirectionalStream" in json.dumps(each)
    ]
    assert {name.partition("Role")[0] for name in asking} == {"FunctionsTranscribeCall", "FunctionsRedactRecording"}
    assert "recogniser" not in json.dumps(variant["eu-central-1/sotto-shared-models"]).lower(), "off by default"


def test_the_media_gateway_has_a_stack_of_its_own_where_a_region_asks_for_it(variant: Variant) -> None:
    template = variant["us-east-1/sotto-shared-media-gateway"]
    (function,) = resources(template, "AWS::Lambda::Function").values()
    assert {function["FunctionName"]} == {f"sotto-{each.name}" for each in of_capability("media_gateway").functions}
    assert json.loads(function["Environment"]["Variables"]["SOTTO_MEDIA_GATEWAYS"]) == {"main": "harbour_bank"}
    (group,) = resources(template, "AWS::ElasticLoadBalancingV2::TargetGroup").values()
    delays = {each["Key"]: each["Value"] for each in group["TargetGroupAttributes"]}
    assert delays["deregistration_delay.timeout_seconds"] == "3600"
    (listener,) = resources(template, "AWS::ElasticLoadBalancingV2::Listener").values()
    assert (listener["Protocol"], listener["Port"]) == ("HTTPS", 443) and listener["Certificates"]
    assert not [name for name in variant if name.startswith("eu-central-1/") and name.endswith("media-gateway")]


def test_the_media_gateway_writes_streams_and_reads_none(variant: Variant) -> None:
    template = variant["us-east-1/sotto-shared-media-gateway"]
    (own,) = (
        json.dumps(policy)
        for policy in resources(template, "AWS::IAM::Policy").values()
        if "PutMedia" in json.dumps(policy)
    )
    assert "kinesisvideo:GetMedia" not in own and "dynamodb:" not in own and "sts:" not in own
    streams = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/sotto-gateway-harbour_bank.*/*"
    assert streams in own and "function:sotto-follow_gateway:live" in own and "secret:twilio-AbCdEf" in own
    readers = {
        (stack, name)
        for stack, other in variant.items()
        for name, policy in resources(other, "AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if streams in json.dumps(statement) and "kinesisvideo:GetMedia" in statement["Action"]
    }
    ((stack, name),) = readers
    assert stack == CALL_PATH and "Tenantsharbourbank" in name
