"""Tools of accounts, at the computer and at the bank.

Invariant: a token is of one user, and no tool but those here changes an account. It does not: send mail.
"""

import hashlib
from typing import Literal

from codeact.bench.suites.api_bank.desk import MISSING, Desk, filled


class Accounts:
    """Tools of accounts.

    Args:
        desk: what they work on.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get_user_token(self, username: str, password: str) -> dict[str, str]:
        """Token of a user, which other tools ask for."""
        account = self._desk.table("Account").get(username)
        if account is None:
            raise ValueError(f"there is no user {username!r}")
        if account["password"] != password:
            raise ValueError("the password is wrong")
        return {"token": account["token"]}

    def register_user(self, username: str, password: str, email: str) -> dict[str, str]:
        """Make an account for a new user; returns its token."""
        accounts = self._desk.table("Account")
        if username in accounts:
            raise ValueError(f"there is a user {username!r} already")
        said = self._desk.recall("RegisterUser", {"username": username, "password": password, "email": email})
        token = hashlib.sha256(username.encode()).hexdigest()[:18] if said is MISSING else said["token"]
        accounts[username] = {"password": password, "token": token, "email": email}
        return {"token": token}

    def delete_account(self, token: str) -> dict[str, str]:
        """Delete the account of the user with this token."""
        del self._desk.table("Account")[self._desk.user(token)]
        return {"status": "success"}

    def modify_password(self, token: str, old_password: str, new_password: str) -> dict[str, str]:
        """Give the user with this token a new password."""
        account = self._desk.table("Account")[self._desk.user(token)]
        if account["password"] != old_password:
            raise ValueError("the old password is wrong")
        account["password"] = new_password
        return {"status": "success"}

    def forgot_password(
        self,
        status: Literal["Forgot Password", "Verification Code"],
        username: str = "",
        email: str = "",
        verification_code: str = "",
        new_password: str = "",
    ) -> int | str:
        """Set a new password in two calls, without the old one.

        The first, with the status "Forgot Password", the username and the email, returns a verification code. The second, with the status
        "Verification Code", that code and a new password, sets it.
        """
        accounts, pending = self._desk.table("Account"), self._desk.pending
        if status == "Forgot Password":
            if username not in accounts or accounts[username]["email"] != email:
                raise ValueError(f"there is no user {username!r} with the email {email!r}")
            said = self._desk.recall("ForgotPassword", {"status": status, "username": username, "email": email})
            code = int(hashlib.sha256(username.encode()).hexdigest(), 16) % 900_000 + 100_000 if said is MISSING else int(said)
            pending[str(code)] = username
            return code
        if verification_code not in pending or username not in ("", pending[verification_code]):
            raise ValueError(f"the verification code {verification_code!r} is wrong")
        accounts[pending.pop(verification_code)]["password"] = filled("new_password", new_password)
        return "success"

    def open_bank_account(self, account: str, password: str, name: str) -> str:
        """Open a bank account, with its name, its password and the name of its holder."""
        if account in self._desk.accounts:
            return "failed"
        self._desk.accounts[account] = {"password": password, "name": name}
        return "success"

    def query_balance(self, token: str) -> float:
        """Balance of the bank account of the user with this token."""
        return self._desk.table("Bank")[self._desk.user(token)]["balance"]
