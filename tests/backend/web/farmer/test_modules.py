"""What the page's modules do with what a phone keeps, told without a browser: Playwright's driver runs JavaScript."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from backend.api.farmer_page import page_files

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright._impl._driver import compute_driver_executable

_PHONE = """
const listeners = {};
globalThis.addEventListener = (name, told) => (listeners[name] ??= []).push(told);
class Made {
  constructor(tag) {
    Object.assign(this, { tag, on: {}, isConnected: true, videoWidth: 8, videoHeight: 8, hidden: false, value: "" });
    this.children = [];
  }
  get classList() { return { toggle() {}, contains: () => false }; }
  setAttribute() {}
  append(...more) { this.children.push(...more); }
  replaceChildren(...more) { this.children = more; }
  querySelector() { return null; }
  querySelectorAll() { return []; }
  addEventListener(name, told) { this.on[name] = told; }
  getContext() { return { drawImage() {} }; }
  toBlob(told, type) { told(new Blob(["a photo"], { type })); }
  async play() {}
}
const places = [];
const page = new Made("main");
const made = [];
Object.assign(globalThis, {
  window: globalThis, scrollTo() {},
  location: { pathname: "/f", hash: "" }, history: { pushState() {}, replaceState() {} },
  document: {
    documentElement: new Made("html"), getElementById: () => page, querySelector: () => null, addEventListener() {},
    createElement: (tag) => { const one = new Made(tag); made.push(one); return one; },
  },
});
Object.defineProperty(globalThis, "navigator", { value: {
  onLine: true, userAgent: "", geolocation: { watchPosition: (found) => places.push(found), clearWatch() {} },
  mediaDevices: { getUserMedia: async () => ({ getTracks: () => [] }) },
} });
const asked = [];
let refusal = null;
globalThis.fetch = async (address, { method }) => {
  asked.push(`${method} ${address}`);
  if (method === "PATCH") return new Response("", { headers: { "upload-offset": "7" } });
  if (refusal) return new Response(JSON.stringify({ code: refusal }), { status: 502 });
  const said = { number: "1", photos: [], nonce: "n", policies: [], claims: [] };
  return new Response(JSON.stringify(said), { headers: { "content-type": "application/json" } });
};
const { all, get, names, put } = await import("./keep.js");
const signIn = async (session, who) => {
  await put("things", "tokens", { access: "a", refresh: "r", until: Date.now() + 9e6, session });
  await put("things", "who", { session, ...who });
};
const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
const policy = (number) => (
  { policy_number: number, species: "pig", farm: { name: "F" }, needs: [], tags: [], insured_heads: 2 });
const report = (id, photos, more = {}) => put("reports", id, {
  id, owner: "policy P", key: id, number: null, received: [], done: false, ...more,
  body: { claim_id: id, policy_number: "P", photos } });
const tell = (told) => { console.log(JSON.stringify(told)); process.exit(0); };
"""


def told(folder: Path, story: str) -> Any:
    """What a story says at its end of a phone that runs the page's modules."""
    for name, content in page_files().items():
        if name.endswith(".js"):
            (folder / name).write_bytes(content.replace(b'"/f/', b'"./').replace(b"`/f/", b"`./"))
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "story.js").write_text(_PHONE + story)
    run = subprocess.run(
        [str(compute_driver_executable()[0]), "story.js"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_a_photo_that_stands_on_two_reports_is_sent_for_both(tmp_path: Path) -> None:
    sent, kept = told(
        tmp_path,
        """
        const bytes = new TextEncoder().encode("a photo").buffer;
        await put("photos", "aa", { sha256: "aa", content: bytes, original: bytes, originalSha256: "bb" });
        await signIn("1", { policies: ["P"] });
        await report("first", [{ sha256: "aa" }]);
        await report("second", [{ sha256: "aa" }]);
        const { sendAll } = await import("./send.js");
        await sendAll();
        const photo = await get("photos", "aa");
        tell([asked.filter((one) => one.startsWith("PATCH")), [photo.content, photo.claim]]);
        """,
    )

    assert sent == [f"PATCH /api/v1/claims/{claim}/photos/aa" for claim in ("first", "second")]
    assert kept == [None, "second"]


def test_throwing_a_report_away_keeps_the_photos_that_another_one_names(tmp_path: Path) -> None:
    kept = told(
        tmp_path,
        """
        for (const one of ["aa", "bb"]) await put("photos", one, { sha256: one });
        await report("waits", [{ sha256: "aa" }]);
        const { discard } = await import("./home.js");
        await discard({ owner: "policy P", shots: [{ sha256: "aa" }, { sha256: "bb" }] });
        tell(await names("photos"));
        """,
    )

    assert kept == ["aa"]


def test_a_report_that_cannot_be_read_keeps_no_other_one_back(tmp_path: Path) -> None:
    done = told(
        tmp_path,
        """
        await signIn("1", { policies: ["P"] });
        await report("broken", null);
        await report("whole", []);
        const { sendAll } = await import("./send.js");
        await sendAll().catch(() => {});
        tell((await all("reports")).filter((one) => one.done).map((one) => one.id));
        """,
    )

    assert done == ["whole"]


def test_beginning_another_report_loses_none_that_has_photos(tmp_path: Path) -> None:
    waiting = told(
        tmp_path,
        """
        await signIn("1", { agent: { id: "A", name: "A" } });
        const { begin } = await import("./report.js");
        const { drafts } = await import("./whose.js");
        const camera = async (id, number, shots) => {
          await begin(policy(number), { id, owner: "agent A" });
          const [begun] = (await drafts()).filter((one) => one.id === id);
          await put("things", begun.name ?? "draft agent A", { ...begun, shots });
        };
        await camera("one", "P", [{ sha256: "aa" }]);
        await camera("without a photo", "Q", []);
        await camera("two", "Q", [{ sha256: "bb" }]);
        await camera("three", "Q", []);
        tell((await drafts()).map((one) => one.id));
        """,
    )

    assert waiting == ["one", "two", "three"]


def test_the_back_button_shows_the_next_person_nothing_of_a_report_that_was_begun(tmp_path: Path) -> None:
    own, others = told(
        tmp_path,
        """
        await signIn("1", { policies: ["P"] });
        const { begin } = await import("./report.js");
        await begin(policy("P"));
        const back = async () => {
          const before = places.length;
          for (const told of listeners.popstate) told({ state: { step: 0 } });
          await soon();
          return places.length - before;
        };
        const own = await back();
        await signIn("2", { policies: ["Q"] });
        tell([own, await back()]);
        """,
    )

    assert (own, others) == (1, 0)


def test_being_done_while_a_photo_waits_for_its_place_goes_one_step_on(tmp_path: Path) -> None:
    shots, steps = told(
        tmp_path,
        """
        const { cameraScreen } = await import("./camera.js");
        const shots = new Set(["before"]);
        let steps = 0;
        await cameraScreen({
          wanted: ["whole", "wide"], count: 1, back() {},
          taken: async (shot) => shots.add(shot.sha256).size,
          done: async () => { steps += 1; },
        });
        const [shutter, enough] = made.filter((one) => one.tag === "button");
        shutter.on.click();
        await soon();
        enough.on.click();
        places[0]({ coords: { longitude: 1, latitude: 2, accuracy: 3 }, timestamp: 4 });
        await soon();
        tell([shots.size, steps]);
        """,
    )

    assert (shots, steps) == (2, 1)


def test_whoever_cannot_sign_in_reads_why_though_the_other_words_have_not_come(tmp_path: Path) -> None:
    said = told(
        tmp_path,
        """
        const { signInScreen } = await import("./signing-in.js");
        signInScreen();
        refusal = "code-not-sent";
        await made.findLast((one) => one.tag === "form").on.submit({ preventDefault() {} });
        await soon();
        tell(made.map((one) => one.textContent).filter(Boolean));
        """,
    )

    assert any(sentence.startswith("验证码没发出去") for sentence in said), said
