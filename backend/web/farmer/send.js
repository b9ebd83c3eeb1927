// What is kept goes out: the manifest first, then the photos, each from where the line broke. By the page, and by the
// service worker where the browser wakes it; never by both at once.

import { introduce } from "/f/device.js";
import { all, get, put, remove } from "/f/keep.js";
import { alone, call, me, NoLine, Refused, SignedOut } from "/f/server.js";
import { isOwn, wantedPhotos } from "/f/whose.js";

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
const TRY_AGAIN = new Set([408, 423, 425, 429]);
/** Of what does not fit the server's standing, the one that a look at the server heals. */
const GOES_ON_ELSEWHERE = "offset-mismatch";
const BUSY = {};
/** Told instead of seconds: nothing goes out before the farmer has signed in again. */
export const SIGNED_OUT = -1;
const TUS = { "Tus-Resumable": "1.0.0" };

const listeners = new Set();
const channel = globalThis.BroadcastChannel ? new BroadcastChannel("flashclaim-reports") : null;
let wait = FIRST_WAIT_MS;
let timer = 0;

/** Be told whenever a report changes, or with null when the line is gone; returns what ends it. */
export function onNews(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(report, seconds = 0) {
  listeners.forEach((listener) => listener(report, seconds));
  if (report) channel?.postMessage(report.id);
}

// Another tab sends, or the service worker: this page shows how far it is.
if (channel) {
  channel.onmessage = async ({ data }) => {
    const report = await get("reports", data);
    if (report) listeners.forEach((listener) => listener(report, 0));
  };
}

/** Send whatever waits, now and again until nothing does. Resolves after one round. */
export async function sendAll() {
  clearTimeout(timer);
  const trouble = await alone("flashclaim-sending", (mine) => (mine ? oneRound() : BUSY), { ifAvailable: true });
  if (trouble === BUSY) {
    // Another round is under way, which may have begun before the newest report was kept.
    timer = setTimeout(sendAll, FIRST_WAIT_MS);
    return;
  }
  if (!trouble) {
    wait = FIRST_WAIT_MS;
    return;
  }
  if (trouble instanceof SignedOut) return tell(null, SIGNED_OUT);
  const pause = Math.max(wait, (trouble.retryAfter ?? 0) * 1000);
  timer = setTimeout(sendAll, pause * (0.8 + 0.4 * Math.random()));
  wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  tell(null, Math.round(pause / 1000));
  wakeLater();
}

/** Try at once when the phone has a line again, and when somebody looks at the page. */
export function wakeOnLine() {
  const soon = () => {
    wait = FIRST_WAIT_MS;
    sendAll();
  };
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
}

// Where there is Background Sync the browser wakes the service worker, even after the page is closed.
async function wakeLater() {
  const worker = await globalThis.navigator?.serviceWorker?.ready.catch(() => null);
  await worker?.sync?.register("send").catch(() => {});
}

/** One round for the service worker, which the browser wakes again after a failure. */
export async function sendOnce() {
  const trouble = await alone("flashclaim-sending", (mine) => (mine ? oneRound() : null), { ifAvailable: true });
  if (trouble && !(trouble instanceof SignedOut)) throw trouble;
}

/** One try at every report of who is signed in; the first trouble that time may heal, or null. */
async function oneRound() {
  let broken = null;
  for (const report of (await all("reports")).filter((one) => !one.done && !one.refused)) {
    try {
      // Asked anew for each: whoever is signed in may have changed since the last photo.
      if (isOwn(report, await me())) await send(report);
    } catch (trouble) {
      if (trouble instanceof NoLine || trouble instanceof SignedOut) return trouble;
      if (!(trouble instanceof Refused)) {
        // What this phone cannot read or keep of one report keeps no other one back.
        broken ??= trouble;
        continue;
      }
      // Somebody else has signed in meanwhile: it waits for its owner.
      if (!isOwn(report, await me().catch(() => ({ policies: [] })))) continue;
      if (trouble.status >= 500 || TRY_AGAIN.has(trouble.status) || trouble.code === GOES_ON_ELSEWHERE) return trouble;
      await change(report, { refused: { code: trouble.code, trace: trouble.trace } });
    }
  }
  return broken;
}

async function change(report, news) {
  Object.assign(report, news);
  await put("reports", report.id, report);
  tell(report);
}

/** The claim that a report's photos belong to. */
export const claimOf = (report) => report.claim ?? report.id;

/** Whether the server has yet to hear of it. */
export const isUnannounced = (report) => !report.number || Boolean(report.unannounced);

async function send(report) {
  if (isUnannounced(report)) {
    await introduce().catch((trouble) => {
      if (!(trouble instanceof Refused)) throw trouble;
    });
    // More photos of a claim go the same way as its report, and know the claim's number before.
    const answer = await call(report.path ?? "/claims", { document: report.body, key: report.key });
    const own = new Set(report.body.photos.map((one) => one.sha256));
    const received = answer.photos.filter((one) => one.received && own.has(one.sha256)).map((one) => one.sha256);
    await change(report, { number: report.number ?? answer.number, unannounced: false, received });
  }
  for (const { sha256 } of report.body.photos) {
    if (report.received.includes(sha256)) continue;
    await upload(report, sha256);
    await change(report, { received: [...report.received, sha256] });
    // A line that carried a photo is worth trying again soon.
    wait = FIRST_WAIT_MS;
  }
  await change(report, { done: true });
  await letGo(report);
}

async function upload(report, sha256) {
  const kept = await get("photos", sha256);
  const path = `/claims/${claimOf(report)}/photos/${sha256}`;
  if (!kept?.content) throw new Refused(410, { code: "photo-lost" });
  // Asked first only where a try went before: a photo that nobody has begun is at 0.
  let from = report.begun === sha256 ? await arrived(path) : 0;
  if (report.begun !== sha256) await change(report, { begun: sha256 });
  for (let tries = 0; from < kept.content.byteLength; tries += 1) {
    try {
      const answer = await call(path, {
        method: "PATCH",
        raw: true,
        headers: { ...TUS, "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" },
        body: kept.content.slice(from),
        patience: 180_000,
      });
      from = Number(answer.headers.get("upload-offset"));
    } catch (trouble) {
      if (tries || trouble.status !== 409) throw trouble;
      from = await arrived(path);
    }
  }
}

async function arrived(path) {
  const answer = await call(path, { method: "HEAD", raw: true, headers: TUS });
  return Number(answer.headers.get("upload-offset"));
}

// The small photos are on the server; originals stay for when somebody asks for them.
async function letGo(report) {
  const wanted = await wantedPhotos();
  for (const { sha256 } of report.body.photos.filter((one) => !wanted.has(one.sha256))) {
    const kept = await get("photos", sha256);
    if (kept?.original) await put("photos", sha256, { ...kept, content: null, claim: claimOf(report) });
    else await remove("photos", sha256);
  }
}
