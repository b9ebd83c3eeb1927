"""Under which names a phone keeps reports that were begun: an agent's for one farmer never takes another's place."""

import json
import shutil
import subprocess
from importlib.resources import files

import pytest

NODE = shutil.which("node")
_KEEP = 'import { all, get, names } from "/f/keep.js";'
_DRAFTS = """
const kept = new Map();
const [all, get, names] = [async () => [], async (_, name) => kept.get(name), async () => [...kept.keys()]];
"""
_STORY = """
const begun = (owner, id) => ({ owner, id, shots: [], policy: { policy_number: "P1" } });
const [agents, farmers_own] = [ofAgent("a1"), ofPolicy("P1")];
const those = [begun(agents, "c1"), begun(agents, "c2"), begun(farmers_own, "c3"), begun(farmers_own, "c4")];
those.forEach((one) => kept.set(draftName(one), one));
const mine = await waiting({ agent: { id: "a1" } });
const farmers = await waiting({ policies: ["P1"] });
console.log(JSON.stringify([mine, farmers].map((one) => [one.drafts.map(({ id }) => id), one.others])));
"""


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_an_agent_keeps_what_was_begun_for_one_farmer_while_reporting_for_the_next() -> None:
    module = files("backend.web").joinpath("farmer/whose.js").read_text(encoding="utf-8")
    assert _KEEP in module

    told = subprocess.run(
        [str(NODE), "--input-type=module", "-"],
        input=module.replace(_KEEP, _DRAFTS) + _STORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert json.loads(told.stdout) == [[["c1", "c2"], 1], [["c4"], 2]]
