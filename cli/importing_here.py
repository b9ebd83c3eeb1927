"""What ``server import`` does: import into this machine's database, as whoever runs the server."""

import secrets
from pathlib import Path

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.register.fields import Register
from backend.keeping import import_at_server
from backend.workflows.importing.run import Order
from backend.workflows.importing.sheet import Declared
from cli.importing import TokenFileKept, Wanted, finish, packed, show_refused
from cli.refusals import Refused, told
from cli.serving import settings_here
from cli.starting_advice import advised
from geo.datum import Datum


def bring_here(register: Register, file: str, wanted: Wanted, *, renew_tokens: bool, as_json: bool) -> None:
    """Import a file without a server; no county and no office is out of reach."""
    with (
        advised(),
        told(as_json=as_json),
        packed(Path(file)) as path,
        TokenFileKept(wanted.tokens, register) as kept,
    ):
        order = Order(
            register=register,
            path=path,
            name=path.name,
            by=None,
            declared=Declared(
                _datum(wanted.datum), wanted.encoding or None, wanted.layer or None, wanted.mapping()
            ),
            dry_run=wanted.dry_run,
            skips_refused=wanted.skip_refused,
            allows_payee_changes=wanted.allow_payee_changes,
            token_seed=secrets.token_urlsafe(32) if wanted.tokens else None,
            renews_tokens=renew_tokens,
        )
        try:
            report = import_at_server(settings_here(), order)
        except InvalidInput as problem:
            show_refused(Refused(problem), as_json=as_json)
            raise
        finish(report, kept, as_json=as_json)


def _datum(name: str) -> Datum | None:
    if name and name not in list(Datum):
        error = FieldError("/datum", f"{name!r} is none of {', '.join(Datum)}")
        raise InvalidInput("the datum cannot be used", errors=[error])
    return Datum(name) if name else None
