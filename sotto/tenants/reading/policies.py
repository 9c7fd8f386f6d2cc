"""Reads policies.yaml and checks that it can be run: models and labels exist, no circles, no impossible conditions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from sotto.call.contact import CHANNELS, Speaker
from sotto.graph.condition import NONE_OF_THESE, TEST_FIELDS, impossible, nodes_in
from sotto.graph.graph import circle
from sotto.graph.node import LONGEST_DEADLINE_MS
from sotto.tenants.book import EVERYONE, Hours, ModelUse, NodeRule, Policy, TenantSettings, When
from sotto.tenants.playbook import Playbook
from sotto.tenants.reading.channels import read_channels
from sotto.tenants.reading.instance_names import read_names, read_usernames
from sotto.tenants.reading.languages import check_policy, read_languages
from sotto.tenants.reading.places import YamlPlace, did_you_mean
from sotto.tenants.reading.publish_checks import PublishChecks

SPEAKERS = tuple(speaker.value for speaker in CHANNELS)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SINGLE_LABEL = ("intent", "sentiment")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|(24):(00)")
_ON_PARTIALS = "on_partials"
"""What ``on_interims`` was called; read for one more release."""
_RUN_FIELDS = ("model", "id", "after", "only_if", "deadline", "speakers", "on_interims", "even_without")


def read_policies(
    root: YamlPlace, settings: TenantSettings, models: Mapping[str, ModelUse], playbook: Playbook, checks: PublishChecks
) -> tuple[Policy, ...]:
    return PoliciesReader(root, settings, models, playbook, checks).read()


class PoliciesReader:
    def __init__(
        self,
        root: YamlPlace,
        settings: TenantSettings,
        models: Mapping[str, ModelUse],
        playbook: Playbook,
        checks: PublishChecks,
    ) -> None:
        self._root, self._settings, self._models = root, settings, models
        self._playbook = playbook
        self._checks = checks
        self._sets = [one.name for one in playbook.sets]

    def read(self) -> tuple[Policy, ...]:
        fields = self._root.fields(("version", "policies"), needed=("version", "policies"))
        if "version" in fields:
            fields["version"].version()
        policies: list[Policy] = []
        places: list[dict[str, YamlPlace]] = []
        for place in fields["policies"].items() if "policies" in fields else ():
            where: dict[str, YamlPlace] = {}
            policy = self._policy(place, where)
            if policy.name in {one.name for one in policies}:
                place.wrong(f"there are two policies named '{policy.name}'; rename one, the audit trail shows the name")
            check_policy(policy, where, self._models, self._settings)
            policies.append(policy)
            places.append(where)
        self._check_dependencies(policies, places)
        self._check_answers({rule.id for policy in policies for rule in policy.run})
        return tuple(policies)

    def _check_answers(self, run: set[str]) -> None:
        """An action that shows answers needs a policy that looks for them, under the same name."""
        for one in self._playbook.sets:
            for action in one.actions:
                if action.answer and action.answer.model and action.answer.model not in run:
                    model = action.answer.model
                    self._root.wrong(
                        f"no policy runs '{model}', whose answers '{action.name}' shows; add '- model: {model}'"
                    )

    def _policy(self, place: YamlPlace, where: dict[str, YamlPlace]) -> Policy:
        fields = place.fields(("name", "when", "run", "playbooks", "leave_out", "audited"), needed=("name",))
        out = fields["leave_out"].fields(("models", "playbooks")) if "leave_out" in fields else {}
        rules: list[NodeRule] = []
        for item in fields["run"].items() if "run" in fields else ():
            rule = self._rule(item)
            if rule is None:
                continue
            if rule.id in where:
                item.wrong(f"'{rule.id}' runs twice in this policy; give one of them another 'id: ...'")
            where[rule.id] = item
            rules.append(rule)
        return Policy(
            name=(fields["name"].text() or "") if "name" in fields else "",
            when=self._when(fields["when"]) if "when" in fields else When(),
            run=tuple(rules),
            playbooks=fields["playbooks"].known(self._sets, "playbook set") if "playbooks" in fields else (),
            leave_out_models=out["models"].known(self._models, "model") if "models" in out else (),
            leave_out_playbooks=out["playbooks"].known(self._sets, "playbook set") if "playbooks" in out else (),
            audited=fields["audited"].truth() if "audited" in fields else False,
        )

    def _when(self, place: YamlPlace) -> When:
        fields = place.fields(
            (
                "teams", "agents", "queues", "groups", "routing_profiles", "languages", "channels", "attributes",
                "customer", "hours",
            )
        )  # fmt: skip
        directory = self._checks.directory
        attributes = fields["attributes"].named("attributes") if "attributes" in fields else ()
        customer = fields["customer"].named("fields of tenant.yaml's 'customer'") if "customer" in fields else ()
        listed = self._settings.customer.fields
        for name, key, _ in customer:
            if name not in listed:
                key.wrong(f"unknown field '{name}' of a customer; list it in tenant.yaml{did_you_mean(name, listed)}")
        return When(
            teams=fields["teams"].known(self._settings.teams, "team") if "teams" in fields else (),
            agents=read_usernames(fields["agents"], self._usernames()) if "agents" in fields else (),
            queues=self._names(fields, "queues", "queue", directory.queues),
            groups=self._names(fields, "groups", "hierarchy group", directory.groups),
            routing_profiles=self._names(fields, "routing_profiles", "routing profile", directory.routing_profiles),
            languages=read_languages(fields["languages"], self._checks) if "languages" in fields else (),
            channels=read_channels(fields),
            attributes={name: _accepted(value) for name, _, value in attributes},
            customer={name: _accepted(value) for name, _, value in customer},
            hours=tuple(_hours(item) for item in fields["hours"].items()) if "hours" in fields else (),
        )

    @staticmethod
    def _names(
        fields: Mapping[str, YamlPlace], field: str, what: str, known: Collection[str] | None
    ) -> tuple[str, ...]:
        return read_names(fields[field], what, known) if field in fields else ()

    def _usernames(self) -> Collection[str] | None:
        """Without a directory those of the teams, unless a team names nobody one by one: then it can be anyone."""
        if self._checks.directory.usernames is not None:
            return self._checks.directory.usernames
        teams = self._settings.teams.values()
        if any(team.groups or team.routing_profiles for team in teams):
            return None
        return [agent for team in teams for agent in team.agents]

    def _rule(self, place: YamlPlace) -> NodeRule | None:
        if not place.is_map:
            place.wrong("expected a model to run; write '- model: NAME'")
            return None
        fields = place.fields((*_RUN_FIELDS, _ON_PARTIALS), needed=("model",))
        names = fields["model"].known(self._models, "model") if "model" in fields else ()
        if not names:
            return None
        condition = self._condition(fields["only_if"]) if "only_if" in fields else None
        after = fields["after"].words() if "after" in fields else ()
        interims = fields.get("on_interims") or fields.get(_ON_PARTIALS)
        speakers = fields["speakers"].known(SPEAKERS, "speaker") if "speakers" in fields else ()
        return NodeRule(
            id=(fields["id"].text() if "id" in fields else None) or names[0],
            model=names[0],
            task=self._models[names[0]].task,
            after=tuple(dict.fromkeys(after)),
            only_if=condition,
            deadline_ms=_deadline_ms(fields["deadline"]) if "deadline" in fields else 400,
            speakers=tuple(Speaker(name) for name in speakers) or EVERYONE,
            on_interims=interims.truth() if interims else False,
            even_without=fields["even_without"].truth() if "even_without" in fields else False,
            context=self._models[names[0]].context,
        )

    def _condition(self, place: YamlPlace) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, _, value in place.named("a condition, such as 'intent: {any_of: [fee_question], at_least: 0.6}'"):
            if name in ("all", "any"):
                found[name] = [self._condition(item) for item in value.items()]
            elif name == "not":
                found[name] = self._condition(value)
            else:
                found[name] = _test(value)
        return found

    def _check_dependencies(self, policies: list[Policy], places: list[dict[str, YamlPlace]]) -> None:
        always = {rule.id: rule for policy in policies if policy.when == When() for rule in policy.run}
        everywhere = {rule.id for policy in policies for rule in policy.run}
        for policy, where in zip(policies, places, strict=True):
            near = always | {rule.id: rule for rule in policy.run}
            for rule in policy.run:
                place = where[rule.id]
                for name in _waits_for(rule):
                    if name not in near:
                        place.wrong(_no_such_dependency(rule.id, name, everywhere, near))
                if rule.only_if is not None:
                    self._check_condition(rule, near, place)
        self._check_circles(policies, places)

    def _check_condition(self, rule: NodeRule, near: Mapping[str, NodeRule], place: YamlPlace) -> None:
        assert rule.only_if is not None
        condition_place = {name: value for name, _, value in place.named("fields")}["only_if"]
        single = {name for name in nodes_in(rule.only_if) if name in near and near[name].task in SINGLE_LABEL}
        reason = impossible(rule.only_if, single)
        if reason:
            condition_place.wrong(f"this condition can never be true: {reason}")
        _check_labels(condition_place, {name: self._models[near[name].model].labels for name in near})

    def _check_circles(self, policies: list[Policy], places: list[dict[str, YamlPlace]]) -> None:
        """Policies merge, so the dependencies of all of them together must be free of circles."""
        edges: dict[str, set[str]] = {}
        for policy in policies:
            for rule in policy.run:
                edges.setdefault(rule.id, set()).update(_waits_for(rule))
        if found := circle({name: sorted(needed) for name, needed in edges.items()}):
            where = next(where[found[0]] for where in places if found[0] in where)
            where.wrong(f"models wait for each other: {' -> '.join(found)}; remove one 'after' or 'only_if'")


def _waits_for(rule: NodeRule) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rule.after, *nodes_in(rule.only_if))))


def _deadline_ms(place: YamlPlace) -> int:
    return place.duration_ms(least_ms=10, most_ms=LONGEST_DEADLINE_MS)


def _no_such_dependency(rule: str, name: str, everywhere: set[str], near: Mapping[str, NodeRule]) -> str:
    if name in everywhere:
        return f"'{rule}' comes after '{name}', which only another policy runs; add '- model: {name}' to this one"
    return f"'{rule}' comes after unknown model '{name}'{did_you_mean(name, near)}"


def _accepted(place: YamlPlace) -> tuple[str, ...]:
    words = place.words()
    return () if words == ("any",) else words


def _hours(place: YamlPlace) -> Hours:
    fields = place.fields(("days", "from", "to", "zone"), needed=("from", "to", "zone"))
    days = fields["days"].known(DAYS, "day") if "days" in fields else DAYS
    zone = (fields["zone"].text() or "UTC") if "zone" in fields else "UTC"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fields["zone"].wrong(f"unknown time zone '{zone}'{did_you_mean(zone, available_timezones())}")
        zone = "UTC"
    begin = _minute(fields["from"], 0) if "from" in fields else 0
    end = _minute(fields["to"], 1440) if "to" in fields else 1440
    if begin == end:
        place.wrong("'from' and 'to' are the same; for the whole day write from: 00:00, to: 24:00")
    return Hours(days=tuple(DAYS.index(day) for day in days), from_minute=begin, to_minute=end, zone=zone)


def _minute(place: YamlPlace, default: int) -> int:
    text = place.text() or ""
    match = _CLOCK.fullmatch(text)
    if match is None:
        place.wrong(f"'{text}' is not a time of day; write for example 09:00, 17:30 or 24:00")
        return default
    hour, minute = (int(part) for part in match.groups() if part is not None)
    return hour * 60 + minute


def _test(place: YamlPlace) -> dict[str, object]:
    """``negative``, ``[a, b]`` or ``{any_of, none_of, at_least, below}``, in the long form."""
    if not place.is_map:
        return {"any_of": list(place.words())}
    fields = place.fields(TEST_FIELDS)
    test: dict[str, object] = {name: list(fields[name].words()) for name in ("any_of", "none_of") if name in fields}
    test.update({name: fields[name].number(0, 1, 0) for name in ("at_least", "below") if name in fields})
    return test


def _check_labels(place: YamlPlace, labels: Mapping[str, tuple[str, ...]]) -> None:
    """Every label that a condition asks for is one that the model gives."""
    for name, _, value in place.named("a condition"):
        if name in ("all", "any"):
            for item in value.items():
                _check_labels(item, labels)
        elif name == "not":
            _check_labels(value, labels)
        elif labels.get(name):
            known = (*labels[name], NONE_OF_THESE)
            fields = {key: inner for key, _, inner in value.named("a test")} if value.is_map else {"any_of": value}
            for key in ("any_of", "none_of"):
                if key in fields:
                    fields[key].known(known, f"label of '{name}'")
