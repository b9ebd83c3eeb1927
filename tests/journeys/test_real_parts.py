"""The whole way with nothing faked: the shipped counter on a real photo, the sandbox bank in its own process."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from models.manifest import MANIFEST, SHIPPED
from models.onnx_counter import OnnxCounter
from tests.backend.sandbox.process import SECRET, BankProcess, running_bank
from tests.journeys.world import PHOTOS, running_world

PHOTO = PHOTOS / "cattle-3.jpg"


@pytest.mark.skipif(not (SHIPPED / MANIFEST).exists(), reason="the shipped counter is not here")
@pytest.mark.skipif(not PHOTO.exists(), reason="the shared photos are not here")
def test_three_cattle_on_a_real_photo_are_counted_and_paid_by_a_real_bank(tmp_path: Path) -> None:
    with ExitStack() as stack:
        banks: list[BankProcess] = []

        def bank_at(callbacks: str) -> str:
            banks.append(stack.enter_context(running_bank("--callback-url", callbacks)))
            return banks[0].url

        world = stack.enter_context(
            running_world(tmp_path, farms=2, counter=OnnxCounter.load(), bank_at=bank_at, bank_secret=SECRET)
        )
        policy = world.policy("cattle")
        account, holder = policy["account"], policy["payee"]
        banks[0].know_account(account, holder)

        claim = world.report(policy, [PHOTO.read_bytes()], heads=3)
        triaged = world.wait(claim, "JOINT_REVIEW")
        world.agree(claim, policy, heads=3, weight_kg="285.0")
        paid = world.wait(claim, "PAID")

        assert (triaged["path"], triaged["heads_counted"], triaged["reasons"]) == ("FAST", 3, [])
        assert paid["payout"]["amount"] == "36000.00"
        assert [str(amount) for amount in banks[0].sent_to(account)] == ["36000.00"]
