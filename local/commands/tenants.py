"""``sotto tenants``: what tenants write, checked before it is published."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from local.commands.adapters import endpoint_option, why_option
from local.commands.deployment_claims import instance_owners, serving_of
from local.commands.tenant_folders import deployment_file, deployment_option, tenant_folders
from local.commands.tenant_sync import refuse_sources_outside, sync
from local.commands.terminal_text import show_line
from local.commands.utc import minute
from local.deployed import DeployedStack, deployed_stack
from local.interruption import Interruption
from local.publishing import PublishPlan
from local.start_checks import check_folder
from local.trained_models import train_tenants
from local.vocabularies import made_vocabularies
from sotto.core.errors import Rejected
from sotto.core.residency import OutsideResidency
from sotto.models.publish_plan import Wish
from sotto.models.registry import SHARED
from sotto.tenants.book import TenantBook
from sotto.tenants.claims import clashes
from sotto.tenants.reading.folder import TenantMistaken
from sotto.tenants.reading.publish_checks import DirectoryNames
from sotto.tenants.residency import Serving, filing_refusals, refusals
from sotto.wiring.languages import serving
from sotto.wiring.publishing import book_from, load_tenant

REPOSITORY = Path(__file__).resolve().parents[2]


@click.group()
def tenants() -> None:
    """Policies, playbooks and knowledge of the tenants."""


tenants.add_command(sync)


@tenants.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@deployment_option
@click.option(
    "--connect",
    is_flag=True,
    help="Compare agents, groups and queues with the directory of the stack that is deployed.",
)
def check(folders: tuple[Path, ...], deployment: Path | None, connect: bool) -> None:
    """Check tenants' folders, or folders of several; every mistake is printed with its line. Warnings hinder nothing.

    Given together, they are also checked against each other: a Connect instance belongs to one tenant. ``--connect``
    needs AWS_REGION and credentials, as ``push`` does.
    """
    found = [tenant for folder in folders for tenant in tenant_folders(folder)]
    wrong = clashes(found, deployed_owners(deployment))
    mistaken = bool(wrong)
    for tenant in found:
        loaded = load_tenant(tenant)
        if connect and loaded.book is not None:
            loaded = load_tenant(tenant, _directory_names(loaded.book))
        for mistake in loaded.mistakes:
            show_line(_placed(tenant, str(mistake)))
        for warning in loaded.warnings if loaded.book is not None else ():
            show_line(_placed(tenant, f"{warning.file}:{warning.line}:{warning.column}: warning: {warning.message}"))
        mistaken = mistaken or loaded.book is None
        if loaded.book is not None:
            show_line(summary(loaded.book, articles=len(loaded.book.articles)))
            for line in off_in_languages(loaded.book):
                show_line(line)
    for mistake in wrong:
        show_line(str(mistake))
    sys.exit(1 if mistaken else 0)


def _directory_names(book: TenantBook) -> DirectoryNames | None:
    with deployed_stack() as stack:
        found = stack.names(book)
    if found is None:
        advice = f"see sotto doctor --directory {book.tenant}"
        show_line(f"{book.tenant}: not compared with Connect: not all its instances' directories are fresh; {advice}")
    return found


def _placed(tenant: Path, line: str) -> str:
    return f"{tenant.parent}/{line}" if tenant.parent != Path() else line


@tenants.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--models",
    default=".sotto/models",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where trained models are kept between runs.",
)
@click.option("--dry-run", is_flag=True, help="Train, and show what would change; change nothing.")
@click.option("--shared", is_flag=True, help="Publish models that serve every tenant, too, where they changed.")
@click.option("--replace-playbook", is_flag=True, help="Take back a playbook that was published in the app.")
@why_option
@deployment_option
@endpoint_option
def push(
    folder: Path,
    models: Path,
    dry_run: bool,
    shared: bool,
    replace_playbook: bool,
    why: str,
    deployment: Path | None,
    endpoint: str | None,
) -> None:
    """Publish a tenant's folder, or a folder of several: what it wrote, and models trained from it.

    What would change is shown first; only that is published. A model that somebody pinned, rolled back, split or pushed
    by itself stays as it is. To the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for
    an embedded one. What did not change is not trained again. Calls in progress follow within 30 s.
    """
    with deployed_stack(endpoint) as stack:
        folders = tenant_folders(folder)
        stack.registry.models(SHARED)  # an unreachable stack is told before minutes of training
        books = _fine_books(folders, deployed_owners(deployment))
        serving = deployed_serving(deployment, stack.serving)
        refuse_outside_residency(books, serving)
        refuse_sources_outside(folders, serving.hosts)
        wish = Wish(stack.wished_endpoints, shared)
        for book in books:
            stack.books.refuse_taken(book)
        for tenant, book in zip(folders, books, strict=True):
            book_from(tenant, stack.names(book))  # names that its Connect instances do not have are mistakes
        check_folder(models, "name another folder with --models")
        trained = train_tenants(folders, models.resolve(), REPOSITORY, show_line, Interruption())
        plans = _plans(trained, stack, wish)
        for plan in plans:
            _show(plan)
        if not dry_run and not replace_playbook:
            refuse_taking_back(plans)
        for plan in plans if not dry_run else []:
            stack.target.carry_out(plan, why, show_line)
            for line in made_vocabularies(plan.book, stack.transcribe):
                show_line(line)


@tenants.command()
@click.argument("tenant")
@endpoint_option
def playbook(tenant: str, endpoint: str | None) -> None:
    """Print the playbook that guides a tenant's calls, as it was written: into the folder, say, before a push.

    Of the stack that the environment names, as ``push``.
    """
    with deployed_stack(endpoint) as stack:
        written = stack.books.latest_playbook(tenant)
        if written is None or not written.text:
            raise NoWrittenPlaybook(f"{tenant}: no text of its playbook is kept; push its folder once")
        click.echo(written.text, nl=not written.text.endswith("\n"))


class NoWrittenPlaybook(Rejected):
    """Nothing was published for the tenant, or by a release that kept no text of it, or it was too long to keep."""


class PublishedInTheApp(Rejected):
    """The folder has another playbook than an author has published since."""


def refuse_taking_back(plans: Iterable[PublishPlan]) -> None:
    """Raises PublishedInTheApp."""
    for plan in plans:
        if (lost := plan.takes_back) is not None:
            raise PublishedInTheApp(
                f"{lost.tenant}: {lost.who} has published another playbook in the app ({minute(lost.at_ms)});"
                f" take it over with 'sotto tenants playbook {lost.tenant} > {plan.folder}/playbook.yaml',"
                " or push with --replace-playbook"
            )


def _plans(trained: Mapping[Path, Sequence[Path]], stack: DeployedStack, wish: Wish) -> list[PublishPlan]:
    """A package that serves every tenant comes with each of them: the first one's plan has it."""
    planned, plans = set[Path](), []
    for folder, packages in trained.items():
        plans.append(stack.target.plan(folder, [each for each in packages if each not in planned], wish))
        planned.update(packages)
    return plans


def _show(plan: PublishPlan) -> None:
    for line in plan.lines:
        show_line(line)
    if plan.changes_nothing:
        show_line(f"nothing to publish for {plan.book.tenant}")


def _fine_books(folders: list[Path], deployed: Mapping[str, str]) -> list[TenantBook]:
    """All of them, before any is published. Raises TenantMistaken."""
    books = [book_from(folder) for folder in folders]
    if wrong := clashes(folders, deployed):
        raise TenantMistaken(wrong)
    return books


def deployed_owners(deployment: Path | None) -> Mapping[str, str]:
    """Instance -> tenant. Without a deployment file nothing is known. Raises DeploymentRejected."""
    file = deployment_file(deployment)
    return instance_owners(file) if file is not None else {}


def deployed_serving(deployment: Path | None, otherwise: Serving) -> Serving:
    """As the deployment file has the region that is published to, if there is one and it has it."""
    file = deployment_file(deployment)
    return (serving_of(file, otherwise.region) if file is not None else None) or otherwise


def refuse_outside_residency(books: Iterable[TenantBook], serving: Serving) -> None:
    """Raises OutsideResidency, with every reason."""
    wrong = [
        f"{book.tenant}: {reason}"
        for book in books
        for reason in (*refusals(book.settings, serving), *filing_refusals(book, serving))
    ]
    if wrong:
        raise OutsideResidency("\n".join(wrong))


def off_in_languages(book: TenantBook) -> Iterable[str]:
    """What the panel will say is off in calls of each of the tenant's languages."""
    for language in book.settings.languages:
        off = [part for part, known in serving(book).items() if language not in known]
        if off:
            yield f"{book.tenant}: off in calls in {language}: {', '.join(off)}"


def summary(book: TenantBook, *, articles: int) -> str:
    sets = book.playbook.sets
    counts = {
        "teams": len(book.settings.teams),
        "policies": len(book.policies),
        "moments": sum(len(one.moments) for one in sets),
        "actions": sum(len(one.actions) for one in sets),
        "checklists": sum(len(one.checklists) for one in sets),
        "intents": sum(len(use.labels) for use in book.models.values() if use.task == "intent"),
        "articles": articles,
    }
    listed = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{book.tenant} is fine: {listed}; version {book.version}"
