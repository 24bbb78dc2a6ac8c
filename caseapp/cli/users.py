"""`flask users`: accounts from the command line, for the first administrator of a real installation."""

from __future__ import annotations

import click

from caseapp.cli.answers import context, emit, wrong_use
from caseapp.domain.errors import CaseAppError
from caseapp.domain.roles import Role, Scope
from caseapp.queries.users import staff
from caseapp.services.installation import AccountDraft, create_account
from caseapp.services.second_factor_reset import reset_at_the_machine


@click.group("users")
def command() -> None:
    """Accounts."""


@command.command("create")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--organ", required=True, help="organ id, e.g. 320612-ip")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role if role is not Role.SYSTEM]),
)
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default=Scope.ORGAN.value)
@click.option("--certificate", help="number of the certificate of enforcement")
@click.password_option()
def create(
    login: str, name: str, organ: str, roles: tuple[str, ...], scope: str, certificate: str | None, password: str
) -> None:
    """Give a person an account; the password must be changed at first sign-in."""
    draft = AccountDraft(
        login=login,
        name=name,
        organ=organ,
        roles=tuple(Role(role) for role in roles),
        scope=Scope(scope),
        password=password,
        certificate_number=certificate,
    )
    with context() as ctx:
        try:
            create_account(ctx, draft)
        except CaseAppError as error:
            wrong_use(str(error))
    click.echo(f"已建立账号 {login}")


@command.command("reset-second-factor")
@click.argument("login")
@click.option("--reason", required=True, help="why, and how it was made sure who asks; kept in the ledger")
def reset_second_factor(login: str, reason: str) -> None:
    """Reset a second factor at the machine itself: for the day on which no security administrator can."""
    with context() as ctx:
        try:
            had = reset_at_the_machine(ctx, login, reason=reason)
        except CaseAppError as error:
            wrong_use(str(error))
    click.echo(f"已重置 {login} 的二次验证" if had else f"{login} 没有启用二次验证")


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """List accounts by organ."""
    with context() as ctx:
        found = staff(ctx, limit=100_000)
    if as_json:
        emit(
            [
                {
                    "login": item.login,
                    "name": item.name,
                    "organ": item.organ_id,
                    "roles": list(item.roles),
                    "active": item.active,
                }
                for item in found
            ]
        )
        return
    for item in found:
        click.echo(f"{item.login:<24}{item.organ_id:<20}{'、'.join(item.roles)}  {item.name}")
