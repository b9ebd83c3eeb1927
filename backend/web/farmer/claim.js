// One claim: what has happened, who has it now, what was promised, the sum, and the farmer's word on it.

import { bar, h, show } from "/f/draw.js";
import { all, get, put, remove } from "/f/keep.js";
import { go } from "/f/page.js";
import { clock, has, language, t, yuan } from "/f/say.js";
import { call, NoLine, SignedOut } from "/f/server.js";
import { signInScreen, why } from "/f/signing-in.js";

const POLL_MS = 20_000;
const SOON_MS = 4_000;
const ENDED = new Set(["CLOSED", "REJECTED", "WITHDRAWN"]);

export async function claimScreen(id) {
  const place = h("div", {}, h("p", { class: "quiet" }, t("loading")));
  const life = { over: false, news: null };
  const leave = () => {
    life.over = true;
    life.news?.abort();
  };
  show([bar(h("button", { class: "small", onclick: () => go("/f") }, t("back")), t("claim", { number: "" })), place], leave);
  await look(id, place, life);
}

async function look(id, place, life) {
  while (!life.over) {
    const read = await reading(id);
    if (life.over) return;
    if (read === null) return signInScreen(t("session_ended"));
    if (read.said) {
      paint(place, read, id);
      if (ENDED.has(read.said.shown.state)) return;
    } else {
      place.replaceChildren(h("p", { class: "note" }, read.trouble));
    }
    const last = read.said?.told.events.at(-1);
    // What the farmer is told of an event follows it by seconds.
    const isTold = !last || read.said.told.notices.at(-1)?.at >= last.at;
    await change(id, last?.seq ?? 0, isTold ? POLL_MS : SOON_MS, life);
  }
}

// Kept, so that the last known standing is there without a signal, with its time.
async function reading(id) {
  const name = `claim ${id} ${language}`;
  try {
    const shown = await call(`/claims/${id}?language=${language}`);
    const told = await call(`/claims/${id}/timeline?language=${language}`);
    const said = { shown, told, at: new Date().toISOString() };
    await put("things", name, said);
    return { said, isFresh: true };
  } catch (trouble) {
    if (trouble instanceof SignedOut) return null;
    const kept = trouble instanceof NoLine ? await get("things", name) : null;
    return { said: kept, isFresh: false, trouble: why(trouble) };
  }
}

/** Wait until something has happened, told by the server's stream; a look now and then where there is none. */
async function change(id, after, most, life) {
  const pause = new Promise((resolve) => setTimeout(resolve, most));
  const stream = new AbortController();
  life.news = stream;
  const heard = (async () => {
    const answer = await call(`/claims/${id}/timeline/stream?after=${after}`, { raw: true, patience: most });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    stream.signal.addEventListener("abort", () => reader.cancel().catch(() => {}));
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return pause;
      text += value;
      if (/^id:/m.test(text)) return null;
    }
  })().catch(() => pause);
  await Promise.race([heard, pause]);
  stream.abort();
}

function paint(place, { said: { shown, told, at }, isFresh }, id) {
  const paid = shown.payout?.paid_at;
  const state = `state_${shown.state.toLowerCase()}`;
  document.querySelector("h1").textContent = t("claim", { number: shown.number });
  const sum = shown.payout?.amount ?? shown.offer?.amount;
  const message = told.notices.at(-1);
  place.replaceChildren(...[
    !isFresh && h("p", { class: "note" }, t("as_of", { time: clock(at) })),
    h("section", { class: "card" },
      h("p", { class: "big", id: "state" }, has(state) ? t(state) : shown.state),
      h("p", {}, paid ? t("paid_at", { time: clock(paid) }) : t("promised", { time: clock(shown.due_at) })),
      shown.held_by && h("p", {}, t("held_now", { who: holders(shown.held_by) })),
      h("p", { class: "quiet" }, t("photos_received", { total: shown.photos.length, received: shown.photos.filter((one) => one.received).length }))),
    message && h("section", { class: "card" }, h("h2", {}, t("last_message")), h("p", {}, message.text)),
    shown.rejection && h("p", { class: "note" }, `${shown.rejection.by} · ${shown.rejection.note ?? ""}`),
    sum && sumCard(shown, sum, id),
    h("div", { id: "originals" }),
    h("h2", {}, t("what_happened")),
    h("ul", { class: "list" }, told.events.toReversed().map((event) => h("li", {}, h("small", { class: "quiet" }, clock(event.at)), h("br"), event.text))),
  ].filter(Boolean));
  if (shown.state === "EVIDENCE_REQUESTED") offerOriginals(document.getElementById("originals"), id);
}

const holders = (held) => held.split("+").map((one) => (has(`holder_${one}`) ? t(`holder_${one}`) : one)).join("、");

function sumCard(shown, sum, id) {
  const lines = (shown.offer?.lines ?? []).filter((one) => one.working);
  return h("section", { class: "card" },
    h("h2", {}, t("sum")),
    h("p", { class: "big" }, yuan(sum)),
    h("p", {}, t("paid_to", { name: shown.payee.name, last4: shown.payee.account_last4 })),
    lines.length && h("details", {}, h("summary", {}, t("how_made")), h("ul", { class: "list" }, lines.map((one) => h("li", {}, one.working)))),
    shown.acceptance?.is_current && h("p", {}, t("agreed")),
    shown.state === "OFFERED" && ownWord(id, shown.offer.offer_hash));
}

/** Agree by the code that was sent for this sum, or say that it is not right. */
function ownWord(id, offer) {
  const place = h("div", {});
  const agree = async () => {
    const code = h("input", { type: "text", id: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "6", required: true });
    const told = h("p", { class: "note", role: "alert", hidden: true });
    const key = crypto.randomUUID();
    const say = async (event) => {
      event.preventDefault();
      try {
        await call(`/claims/${id}/acceptance`, { document: { code: code.value.trim() }, key: `${key}-${code.value.trim()}` });
        await claimScreen(id);
      } catch (trouble) {
        told.hidden = false;
        told.textContent = why(trouble);
      }
    };
    place.replaceChildren(h("form", { onsubmit: say }, h("label", { for: "code" }, t("agree_code")), code, told,
      h("button", { class: "go" }, t("agree")),
      h("button", { class: "tall", type: "button", onclick: () => call(`/claims/${id}/codes`, { document: { purpose: "acceptance" } }).catch((trouble) => { told.hidden = false; told.textContent = why(trouble); }) }, t("send_code"))));
    code.focus();
  };
  const object = async () => {
    try {
      await call(`/claims/${id}/evidence`, { document: { note: t("dispute_words") }, key: `dispute-${id}-${offer}` });
      place.replaceChildren(h("p", { role: "status" }, t("dispute_sent")));
    } catch (trouble) {
      place.append(h("p", { class: "note", role: "alert" }, why(trouble)));
    }
  };
  place.append(h("button", { class: "go", onclick: agree }, t("agree")), h("button", { class: "tall", onclick: object }, t("dispute")));
  return place;
}

/** The photos as the camera gave them are still on this phone: send them where somebody asked for more. */
async function offerOriginals(place, id) {
  const kept = (await all("photos")).filter((one) => one.claim === id && one.original);
  if (!kept.length || !place) return;
  place.replaceChildren(h("button", { class: "go", onclick: async (event) => {
    event.target.disabled = true;
    const photos = kept.map((one) => ({ sha256: one.originalSha256, bytes: one.original.byteLength, media_type: "image/jpeg" }));
    try {
      const answer = await call(`/claims/${id}/evidence`, { document: { photos }, key: `originals-${id}` });
      for (const one of kept) {
        if (answer.photos.some((photo) => photo.sha256 === one.originalSha256 && photo.received)) continue;
        await call(`/claims/${id}/photos/${one.originalSha256}`, { method: "PUT", body: one.original, patience: 600_000 });
        await remove("photos", one.sha256);
      }
      await claimScreen(id);
    } catch (trouble) {
      event.target.disabled = false;
      place.append(h("p", { class: "note", role: "alert" }, why(trouble)));
    }
  } }, t("send_originals")));
}
