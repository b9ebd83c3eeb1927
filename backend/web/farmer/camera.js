// The camera: several shots with coaching, each kept on the phone before the next one is taken.

import { renew, sha256 } from "/f/device.js";
import { h, show } from "/f/draw.js";
import { cameraExif } from "/f/exif.js";
import { room } from "/f/keep.js";
import { capture } from "/f/record.js";
import { t } from "/f/say.js";
import { fault, fromFile, JPEG, original, shrink } from "/f/shrink.js";

const ROOM_FOR_ORIGINALS = 50_000_000;
const FIX_PATIENCE_MS = 3_000;
const HINT_EVERY_MS = 700;

/** Where the phone is, as it finds out while the camera is open. */
function place(told) {
  const found = { fix: null, waits: null };
  if (!navigator.geolocation) return { found, stop: () => {} };
  const first = new Promise((resolve) => {
    found.waits = resolve;
  });
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const { longitude: lon, latitude: lat, accuracy } = coords;
      found.fix = { lon, lat, accuracy, at: Math.round(timestamp) };
      told(t("place_found", { metres: Math.ceil(accuracy) }));
      found.waits();
    },
    () => {
      if (!found.fix) told(t("place_denied"));
      found.waits();
    },
    { enableHighAccuracy: true, maximumAge: 5_000, timeout: 60_000 },
  );
  told(t("place_waits"));
  found.first = first;
  return { found, stop: () => navigator.geolocation.clearWatch(watch) };
}

async function settled(found) {
  if (!found.fix && found.first) {
    await Promise.race([found.first, new Promise((resolve) => setTimeout(resolve, FIX_PATIENCE_MS))]);
  }
  return found.fix;
}

/**
 * Keep one photo, as it is sent and as the camera gave it, then sign for it.
 *
 * It is kept before its place is waited for, so that a phone that dies meanwhile has the photo, without a place.
 */
async function keep({ content, mediaType, full, exif, takenMs }, found, taken) {
  const name = await sha256(content);
  const fullName = await sha256(full);
  const keepsFull = full !== content && (await room()) > ROOM_FOR_ORIGINALS;
  let shot = { sha256: name, bytes: content.byteLength, mediaType, original: fullName, takenMs, fix: null, exif };
  shot.isSmallOnly = full !== content && !keepsFull;
  const photo = { sha256: name, content, original: keepsFull ? full : null, originalSha256: fullName };
  try {
    await taken(shot, photo);
  } catch (trouble) {
    if (!photo.original) throw trouble;
    shot.isSmallOnly = true;
    await taken(shot, { ...photo, original: null });
  }
  shot = { ...shot, fix: await settled(found) };
  return [shot, await taken({ ...shot, capture: await capture(shot) })];
}

/**
 * Take photos.
 *
 * `wanted` names what to take, in order; `count` is how many there are already. `taken` keeps a shot, and its photo with
 * it where there is one, and answers how many there are now; `done` is called when all are taken or the farmer says so.
 */
export async function cameraScreen({ wanted, count, taken, done, back }) {
  const video = h("video", { autoplay: true, playsinline: true, muted: true, "aria-hidden": "true" });
  video.muted = true;
  const heading = h("h1", {});
  const hint = h("p", { class: "hint", role: "status" });
  const where = h("p", {});
  const shutter = h("button", { class: "shutter", "aria-label": t("shutter"), disabled: true });
  const enough = h("button", { onclick: () => finish() }, t("shots_done"));
  const file = h("input", { type: "file", accept: "image/*", capture: "environment", class: "out", id: "own-camera" });
  const { found, stop } = place((words) => (where.textContent = words));
  let stream = null;
  let timer = 0;
  let isOver = false;
  let taking = null;
  // Once, and with the photo that is being taken: it may wait some seconds for its place.
  const finish = async () => {
    await taking;
    if (isOver) return;
    isOver = true;
    await done().catch((trouble) => {
      isOver = false;
      throw trouble;
    });
  };

  // What went wrong with the last photo, or what it could not keep; it stands until the next one.
  let standing = "";
  const coach = () => {
    heading.textContent = t(`shot_${wanted[count] ?? "more"}`);
    enough.hidden = !count;
    enough.textContent = count ? `${t("shots_done")} (${count})` : "";
  };
  const take = (work) => (taking = takeOne(work));
  const takeOne = async (work) => {
    shutter.disabled = true;
    standing = "";
    try {
      const photo = await work();
      const [shot, kept] = await keep(photo, found, taken);
      if (shot.mediaType !== JPEG) standing = t("photo_as_it_is");
      if (shot.isSmallOnly) standing = t("no_room");
      count = kept;
      coach();
      if (count === wanted.length) {
        taking = null;
        return finish();
      }
    } catch (trouble) {
      standing = t({ QuotaExceededError: "full", TooLarge: "photo_too_large" }[trouble?.name] ?? "photo_unreadable");
    }
    hint.textContent = standing;
    shutter.disabled = !stream;
  };
  shutter.addEventListener("click", () => take(async () => {
    const takenMs = Date.now();
    const [width, height] = [video.videoWidth, video.videoHeight];
    const content = await shrink(video, width, height);
    return { content, mediaType: JPEG, full: await original(video, width, height), exif: null, takenMs };
  }));
  file.addEventListener("change", () => take(async () => {
    const takenMs = Date.now();
    const full = await file.files[0].arrayBuffer();
    try {
      return { ...(await fromFile(file.files[0], full)), full, exif: cameraExif(full), takenMs };
    } finally {
      // So that the same file can be chosen once more.
      file.value = "";
    }
  }));
  renew();
  coach();
  show([h("div", { class: "camera" }, video,
    h("div", { class: "coach" }, heading, where, hint),
    h("div", { class: "keys" },
      h("button", { onclick: () => back() }, t("back")), shutter, enough,
      h("label", { class: "button", for: "own-camera" }, t("own_camera")), file))],
  () => {
    isOver = true;
    stop();
    clearInterval(timer);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  });
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } },
    });
    if (!video.isConnected) return stream.getTracks().forEach((track) => track.stop());
    video.srcObject = stream;
    await video.play();
    shutter.disabled = false;
    timer = setInterval(() => {
      const wrong = fault(video);
      hint.textContent = standing || (wrong && t(wrong));
    }, HINT_EVERY_MS);
  } catch {
    hint.textContent = t("camera_denied");
  }
}
