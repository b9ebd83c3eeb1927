"""Personal data as it is shown to whoever does not need the whole of it."""

ERASED = "erased"
"""What is read where a value stood that has been erased 删除."""

_LAST = 4
_PHONE_FIRST = 3
_ID_FIRST, _ID_LAST = 6, 2


def masked(field: str, value: str | None) -> str | None:
    """A register's value as it is shown: accounts, names and identity numbers masked, everything else as it is."""
    match field:
        case "payee_account":
            return masked_account(value)
        case "payee_name":
            return masked_name(value) if value else value
        case "holder_id_number":
            return masked_id(value)
    return value


def masked_name(name: str) -> str:
    """The family name's first character, as in W**; of a company's name likewise."""
    if name == ERASED or not name:
        return name
    return f"{name[0]}**"


def account_last4(account: str | None) -> str:
    """The digits that a farmer recognises; none of an account that is not known any more."""
    return account[-_LAST:] if account and account != ERASED else ""


def masked_account(account: str | None) -> str | None:
    """…1234."""
    return f"…{account_last4(account)}" if account else None


def masked_phone(phone: str | None) -> str | None:
    """138****1234 for a number of the mainland; of others the first and the last digits likewise."""
    if not phone:
        return phone
    digits = phone.removeprefix("+86")
    return f"{digits[:_PHONE_FIRST]}****{digits[-_LAST:]}"


def masked_id(number: str | None) -> str | None:
    """Of an identity number 身份证号 the place of registration and the last two characters: 430121**********1X."""
    if not number:
        return number
    hidden = "*" * max(0, len(number) - _ID_FIRST - _ID_LAST)
    return f"{number[:_ID_FIRST]}{hidden}{number[-_ID_LAST:]}"
