// What was asked for, answered where it is asked: the camera again, a few words, or the photos at full size.

import { cameraScreen } from "/f/camera.js";
import { sha256 } from "/f/device.js";
import { h } from "/f/draw.js";
import { all, get, put, putAll, remove } from "/f/keep.js";
import { trouble } from "/f/own-word.js";
import { queueScreen } from "/f/queue.js";
import { announced } from "/f/record.js";
import { t } from "/f/say.js";
import { call } from "/f/server.js";
import { ofPolicy } from "/f/whose.js";

/** In which a claim takes more photos. */
const TAKES_MORE = new Set(["REPORTED", "VERIFYING", "EVIDENCE_REQUESTED", "TRIAGED", "JOINT_REVIEW", "OFFERED", "ACCEPTED"]);

/** What can be added to this claim now; *back* shows the claim again. */
export function moreEvidence(shown, back) {
  if (!TAKES_MORE.has(shown.state)) return null;
  const isAsked = shown.state === "EVIDENCE_REQUESTED";
  const camera = h("button", { class: isAsked ? "go" : "tall", id: "more-photos", onclick: () => takeMore(shown, back) }, t("more_photos"));
  if (!isAsked) return camera;
  const originals = h("div", {});
  offerOriginals(originals, shown.id, back);
  return h("section", { class: "card", id: "asked" },
    h("h2", {}, t("asked_for")), h("p", {}, shown.asked ?? ""), camera, inWords(shown.id, back), originals);
}

async function takeMore(shown, back) {
  const name = `more ${shown.id}`;
  // Kept as a report is: what was taken before the browser died is still there.
  const begun = (await get("things", name)) ?? { id: crypto.randomUUID(), key: crypto.randomUUID(), shots: [] };
  const send = async () => {
    const photos = await Promise.all(begun.shots.map(announced));
    await put("reports", begun.id, {
      id: begun.id, owner: ofPolicy(shown.policy_number), key: begun.key, claim: shown.id, number: shown.number, path: `/claims/${shown.id}/evidence`,
      unannounced: true, done: false, received: [], body: { photos },
    });
    await remove("things", name);
    await queueScreen(begun.id);
  };
  return cameraScreen({
    wanted: [],
    count: begun.shots.length,
    taken: async (shot, photo) => {
      const shots = begun.shots.filter((one) => one.sha256 !== shot.sha256).concat(shot);
      await putAll([...(photo ? [["photos", photo.sha256, photo]] : []), ["things", name, { ...begun, shots }]]);
      begun.shots = shots;
      return shots.length;
    },
    done: send,
    back,
  });
}

function inWords(id, back) {
  const words = h("textarea", { id: "words", rows: "3", maxlength: "500", required: true });
  const [told, tell] = trouble();
  const key = crypto.randomUUID();
  const say = async (event) => {
    event.preventDefault();
    try {
      await call(`/claims/${id}/evidence`, { document: { note: words.value.trim() }, key });
      await back();
    } catch (wrong) {
      tell(wrong);
    }
  };
  return h("details", {}, h("summary", {}, t("in_words")),
    h("form", { onsubmit: say }, h("label", { for: "words" }, t("in_words_how")), words, told, h("button", { class: "tall" }, t("send_words"))));
}

/** The photos as the camera gave them are still on this phone: send them where somebody asked for more. */
async function offerOriginals(place, id, back) {
  const kept = (await all("photos")).filter((one) => one.claim === id && one.original);
  if (!kept.length) return;
  const [told, tell] = trouble();
  place.replaceChildren(h("button", { class: "tall", onclick: async (event) => {
    event.target.disabled = true;
    const photos = kept.map((one) => ({ sha256: one.originalSha256, bytes: one.original.byteLength, media_type: "image/jpeg" }));
    try {
      // Of these photos: a second try has fewer, and is another request.
      const key = `originals-${id}-${await sha256(new TextEncoder().encode(JSON.stringify(photos)))}`;
      const answer = await call(`/claims/${id}/evidence`, { document: { photos }, key });
      for (const one of kept) {
        if (answer.photos.some((photo) => photo.sha256 === one.originalSha256 && photo.received)) continue;
        await call(`/claims/${id}/photos/${one.originalSha256}`, { method: "PUT", body: one.original, patience: 600_000 });
        await remove("photos", one.sha256);
      }
      await back();
    } catch (wrong) {
      event.target.disabled = false;
      tell(wrong);
    }
  } }, t("send_originals")), told);
}
