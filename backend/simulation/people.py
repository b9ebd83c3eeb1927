"""Who works in a simulated county, and the keys that they sign with."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.ids import KeyId, OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.words import Lane
from backend.simulation.plan import Staff
from backend.store import officer_keys, people
from backend.store.engine import Transaction

_OFFICES: tuple[tuple[str, str, Lane | None], ...] = (
    ("insurer", "农险支公司", Lane.INSURER),
    ("veterinary", "畜牧水产局", Lane.VETERINARY),
    ("inspection", "动物卫生监督所", Lane.INSPECTION),
    ("disposal", "病死畜禽无害化处理中心", None),
)
_SURNAMES = "周何谭龙唐彭石方罗邓肖曾易欧汤贺戴廖毛文"
_GIVEN = ("敏", "立", "晓", "飞", "洁", "涛", "勇", "磊", "静", "军", "芳", "强", "婷", "波", "艳", "斌")
_KEY_DIGITS = 32


class Signer:
    """An officer with the one key that this person signs with.

    The key is made of the plan's seed: who knows the seed can sign as these people, who are nobody.
    """

    def __init__(self, officer: Officer, seed: int) -> None:
        self.officer = officer
        self._key = Ed25519PrivateKey.from_private_bytes(
            hashlib.sha256(f"simulated/{seed}/{officer.id}".encode()).digest()
        )
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = KeyId(hashlib.sha256(self.public).hexdigest()[:_KEY_DIGITS])

    def sign(self, document: bytes) -> str:
        """Ed25519 over the document, as base64."""
        return base64.b64encode(self._key.sign(document)).decode()


@dataclass(frozen=True, slots=True)
class Team:
    """Everyone of one office."""

    organisation: OrganisationId
    name: str
    lane: Lane | None
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class People:
    """All offices of a county. No service officer 服务官 is named: those who hold a claim are told of its clocks."""

    county: str
    insurer: Team
    veterinary: Team
    inspection: Team
    disposal: Team

    @property
    def teams(self) -> tuple[Team, ...]:
        """All of them."""
        return self.insurer, self.veterinary, self.inspection, self.disposal

    def of_lane(self, lane: Lane) -> Team:
        """The office of a lane."""
        return {
            Lane.INSURER: self.insurer,
            Lane.VETERINARY: self.veterinary,
            Lane.INSPECTION: self.inspection,
        }[lane]

    def holding(self, lanes: Iterable[Lane]) -> tuple[OfficerId, ...]:
        """Everyone of these lanes' offices, in order of their ids."""
        return tuple(sorted(signer.officer.id for lane in lanes for signer in self.of_lane(lane).signers))

    def put(self, connection: Transaction, at: datetime) -> None:
        """Register offices, officers and their keys, as of *at*."""
        for team in self.teams:
            people.put_organisation(connection, team.organisation, team.name, team.lane, self.county)
            for signer in team.signers:
                officer = signer.officer
                people.put_officer(connection, officer)
                officer_keys.put(connection, signer.key_id, officer.id, signer.public, at)
                officer_keys.approve(connection, signer.key_id, at)


def people_of(county: str, staff: Staff, seed: int) -> People:
    """The people of one county; the same seed makes the same."""
    teams = {office: _team(county, place, staff, seed) for place, (office, _, _) in enumerate(_OFFICES)}
    return People(county, **teams)


def _team(county: str, place: int, staff: Staff, seed: int) -> Team:
    office, name, lane = _OFFICES[place]
    organisation = OrganisationId(f"{office}-{county}")
    signers = tuple(
        Signer(
            Officer(
                OfficerId(f"{organisation}-{number}"),
                _SURNAMES[(number * 7 + place) % len(_SURNAMES)] + _GIVEN[(number * 3 + place) % len(_GIVEN)],
                organisation,
                lane,
                is_administrator=number <= 2,  # noqa: PLR2004 - a pair, as each organisation needs one
            ),
            seed,
        )
        for number in range(1, getattr(staff, office) + 1)
    )
    return Team(organisation, f"{county} {name}", lane, signers)
