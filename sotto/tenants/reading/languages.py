"""Which languages a tenant writes, and what it has that does not know them: refused here, since it would be silently
wrong in calls."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.call.language import LanguageSet, primary, tag_of
from sotto.tenants.book import ModelUse, Policy, TenantSettings
from sotto.tenants.consent_rule import ConsentBasis
from sotto.tenants.reading.places import YamlPlace
from sotto.tenants.reading.publish_checks import PublishChecks


def read_language(place: YamlPlace, default: str, checks: PublishChecks) -> str:
    return (read_languages(place, checks) or (default,))[0]


def read_languages(place: YamlPlace, checks: PublishChecks) -> tuple[str, ...]:
    """Languages whose calls can be redacted; others are mistakes and left out."""
    good = []
    for text, item in place.texts():
        if checks.has_language_pack(text):
            good.append(tag_of(text) or text)
        else:
            known = ", ".join(checks.languages)
            item.wrong(f"'{text}' has no redaction rules, so its calls would be kept in clear; with rules: {known}")
    return tuple(good)


def read_queue_languages(place: YamlPlace, checks: PublishChecks) -> dict[str, str]:
    return {queue: read_language(value, "en-US", checks) for queue, _, value in place.named("queues")}


def check_settings(settings: TenantSettings, fields: Mapping[str, YamlPlace], checks: PublishChecks) -> None:
    """Somebody must transcribe each of the tenant's languages, and understand a yes where it takes one."""
    known = LanguageSet.joined(map(checks.recogniser_languages, settings.recognisers))
    for language in settings.languages:
        place = fields.get("recognisers") or fields.get("queue_languages") or fields.get("language")
        if place is not None and language not in known:
            place.wrong(
                f"the tenant has calls in {language}, and {', '.join(settings.recognisers)} knows {known}: they would "
                f"not be transcribed; add a recogniser that knows {primary(language)}"
            )
        if settings.consent.basis is ConsentBasis.SPOKEN and language not in checks.consent_languages:
            fields["consent"].wrong(
                f"the tenant has calls in {language}, and spoken consent is understood in {checks.consent_languages}: "
                "nothing of them would ever be kept; choose another basis"
            )


def check_policy(
    policy: Policy,
    places: Mapping[str, YamlPlace],
    models: Mapping[str, ModelUse],
    settings: TenantSettings,
) -> None:
    """A model that understands none of a policy's languages would guess in each of its calls."""
    wanted = policy.when.languages or settings.languages
    for rule in policy.run:
        use = models[rule.model]
        unknown = [language for language in wanted if not use.understands(language)]
        if unknown and (policy.when.languages or len(unknown) == len(wanted)):
            places[rule.id].wrong(_not_understood(rule.model, use, unknown, bool(policy.when.languages)))


def _not_understood(model: str, use: ModelUse, unknown: list[str], is_named: bool) -> str:
    whose = "this policy is for" if is_named else "the tenant's calls are in"
    return (
        f"'{model}' understands {LanguageSet(use.languages)}, and {whose} {', '.join(unknown)}: it would guess; leave "
        f"it out and use phrases, or write 'languages: [{primary(unknown[0])}]' at the model if its package "
        "understands it"
    )
