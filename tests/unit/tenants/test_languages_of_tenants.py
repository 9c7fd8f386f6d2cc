"""What a tenant writes about languages, and what is refused because it would be silently wrong in calls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sotto.call.contact import Contact
from sotto.tenants.book import TenantSettings, When
from sotto.tenants.compile import compile_policies
from sotto.wiring.languages import serving
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import PLAYBOOK, POLICIES, TENANT, write_tenant

TENANTS = Path(__file__).parents[3] / "tenants"
CONTACT = Contact("corner_shop", "c1", "arn", "stream", 0)
PHRASES = PLAYBOOK.replace("{intent: buy, at_least: 0.6, speaker: customer}", "{phrases: [ich nehme es]}")
GERMAN = "language: de-DE\nrecognisers: [transcribe]\n"


def mistakes(folder: Path) -> list[str]:
    return [str(each) for each in load_tenant(folder).mistakes]


def settings(**changes: object) -> TenantSettings:
    return TenantSettings(title="Corner Shop", instances=(), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contact", "language"),
    [
        (CONTACT, "de-DE"),
        (replace(CONTACT, language="fr-CA"), "fr-CA"),
        (replace(CONTACT, queue="Inglés"), "en-GB"),
        (replace(CONTACT, queue="another"), "de-DE"),
        (replace(CONTACT, queue="Inglés", attributes={"Language": "Spanish"}), "es"),
        (replace(CONTACT, attributes={"language": "en_us"}), "en-US"),
        (replace(CONTACT, attributes={"language": "the usual one"}), "de-DE"),
    ],
)
def test_a_contact_is_in_what_its_attribute_says_or_its_queue_or_connect_or_the_tenant(
    contact: Contact, language: str
) -> None:
    assert settings(language="de-DE", queue_languages={"Inglés": "en-GB"}).language_of(contact) == language


def test_a_tenant_whose_recognisers_know_none_of_its_languages_is_refused(tmp_path: Path) -> None:
    tenant = TENANT + "language: de-DE\nrecognisers: [embedded]\n"
    (wrong,) = [each for each in mistakes(write_tenant(tmp_path, tenant=tenant)) if "transcribed" in each]
    assert wrong.startswith("corner_shop/tenant.yaml:12:14: ") and "embedded knows en" in wrong and "de-DE" in wrong


def test_a_queue_in_a_language_that_no_recogniser_knows_is_refused(tmp_path: Path) -> None:
    tenant = TENANT + "queue_languages: {Ayuda: es-ES}\n"
    (wrong,) = mistakes(write_tenant(tmp_path, tenant=tenant))
    assert "calls in es-ES" in wrong and ":11:" in wrong


def test_a_model_of_an_english_encoder_is_refused_where_the_calls_are_german(tmp_path: Path) -> None:
    found = mistakes(write_tenant(tmp_path, tenant=TENANT + GERMAN))
    assert [each.partition(": ")[0] for each in found] == [
        "corner_shop/policies.yaml:5:9",
        "corner_shop/policies.yaml:6:9",
    ]
    assert "'intent' understands en, and the tenant's calls are in de-DE" in found[0]


def test_a_policy_for_german_that_runs_an_english_model_is_refused_whatever_the_tenant_speaks(tmp_path: Path) -> None:
    policies = POLICIES.replace("name: everyone\n", "name: everyone\n    when: {languages: [en, de]}\n")
    tenant = TENANT + "recognisers: [transcribe]\n"
    found = mistakes(write_tenant(tmp_path, tenant=tenant, policies=policies))
    assert len(found) == 2 and all("this policy is for de" in each for each in found)


def test_a_package_that_understands_german_says_so(tmp_path: Path) -> None:
    tenant = TENANT.replace("package: corner/intent", "package: corner/intent, languages: [en, de]")
    tenant = tenant.replace("package: corner/knowledge", "package: corner/knowledge, languages: [de]") + GERMAN
    assert mistakes(write_tenant(tmp_path, tenant=tenant)) == []


def test_spoken_consent_in_a_language_without_its_words_is_refused(tmp_path: Path) -> None:
    tenant = TENANT + "language: fr-FR\nrecognisers: [transcribe]\nconsent: {basis: spoken}\n"
    found = mistakes(write_tenant(tmp_path, tenant=tenant))
    assert any("'fr-FR' has no redaction rules" in each for each in found)


def test_an_english_model_is_left_out_of_a_german_call_and_is_unavailable_there(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path, tenant=TENANT + "recognisers: [transcribe]\n"))
    english = compile_policies(book, CONTACT, at_ms=0)
    german = compile_policies(book, replace(CONTACT, language="de-DE"), at_ms=0)
    assert {each.node.id for each in english.nodes} == {"intent", "knowledge"} and english.language == "en-US"
    assert german.nodes == () and german.language == "de-DE"
    assert {part for part, known in serving(book).items() if "de-DE" not in known} == {
        "intent", "sentiment", "knowledge",
    }  # fmt: skip


@pytest.mark.parametrize(("languages", "counts"), [(("de",), True), (("de-AT",), False), (("de-DE", "en"), True)])
def test_policies_match_by_language_or_by_its_region(languages: tuple[str, ...], counts: bool) -> None:
    assert When(languages=languages).is_for_language("de-DE") is counts


def test_the_german_sample_tenant_runs_no_model_and_only_the_mood_is_off() -> None:
    book = book_from(TENANTS / "nordlicht_energie")
    assert book.models == {} and book.settings.languages == ("de-DE", "en-GB")
    assert [part for part, known in serving(book).items() if "de-DE" not in known] == ["sentiment"]
    contact = Contact("nordlicht_energie", "c1", "arn", "stream", 0, language="de-DE", team="kundendienst")
    assert compile_policies(book, contact, at_ms=0).playbooks == ("gespraech", "zahlung", "vertraege")
