"""Decides which accounts may be made and changed, and by whom: the first is an administrator's, one always stays.

Pure: knows accounts and a wish; keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from console.domain.access import Person, Right, Role, may
from console.domain.account import SHORTEST_SECRET, Account, key_of, new_account, why_not
from console.link.orders import PutAccount

Accounts = Mapping[str, Account]  # by `Account.key`


def why_refused(known: Accounts, by: Person | None, wish: PutAccount) -> str:
    """Why this may not be; empty where it may."""
    if wish.role not in {int(role) for role in Role}:
        return f"found the role {wish.role}, expected one from 0 (viewer) to {int(Role.ADMINISTRATOR)} (administrator)"
    return _why_not_asked(known, by, wish) or _why_not_written(known, wish) or _why_not_left(known, wish)


def _why_not_asked(known: Accounts, by: Person | None, wish: PutAccount) -> str:
    if not known:
        first = wish.role == Role.ADMINISTRATOR and not wish.disabled
        return "" if first else "the first account must be an administrator's"
    if by is None:
        return "sign in first: only an administrator changes accounts"
    return (
        ""
        if may(by, Right.CONFIGURE)
        else f"the role {role_name(by.role)} may not change accounts: an administrator may"
    )


def _why_not_written(known: Accounts, wish: PutAccount) -> str:
    old = known.get(key_of(wish.name))
    if old is not None and not wish.secret:
        return ""
    if old is None and not wish.secret and not why_not(wish.name, "x" * SHORTEST_SECRET):
        return "a new account needs a password"
    return why_not(wish.name, wish.secret)


def _why_not_left(known: Accounts, wish: PutAccount) -> str:
    """The last administrator who may sign in stays one: nobody else could make another."""
    old = known.get(key_of(wish.name))
    if old is None or not _reigns(old) or (wish.role == Role.ADMINISTRATOR and not wish.disabled):
        return ""
    others = [account for account in known.values() if _reigns(account) and account.key != old.key]
    return "" if others else f"{old.name} is the last administrator: make another one first"


def _reigns(account: Account) -> bool:
    return account.role is Role.ADMINISTRATOR and not account.disabled


def changed(known: Accounts, wish: PutAccount, at_ms: int) -> Account:
    """The account as it is wished, for a wish that is not refused; hashes a new password, which takes a while."""
    old = known.get(key_of(wish.name))
    role = Role(wish.role)
    if old is None:
        return msgspec.structs.replace(new_account(wish.name, role, wish.secret, at_ms), disabled=wish.disabled)
    fresh = new_account(old.name, role, wish.secret, at_ms) if wish.secret else old
    return msgspec.structs.replace(fresh, role=role, disabled=wish.disabled, made_ms=old.made_ms)


def role_name(role: Role) -> str:
    """`supervisor`."""
    return role.name.lower()


def words_of(account: Account | None) -> str:
    """An account as the audit tells it: never anything of its password."""
    if account is None:
        return "none"
    return role_name(account.role) + (", disabled" if account.disabled else "")
