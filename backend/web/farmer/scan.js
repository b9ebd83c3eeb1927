// Signing in with the policy card's code, seen by the camera or on a photo of the card. Fetched when somebody taps it.

import { h, show } from "/f/draw.js";
import { t } from "/f/say.js";
import { byCard, signInScreen } from "/f/signing-in.js";

const EVERY_MS = 250;
/** Longer sides that a picture is looked at in: a code is found sooner when it is small, and at all when it is not too small. */
const SIDES = [800, 1600, 480];
const CARD = /^[\w-]{20,100}$/;

/** The secret in what a code says: the card's address, or the secret alone. The address itself is never gone to. */
export function cardIn(text) {
  const [, behind] = text.split("#", 2);
  const card = behind === undefined ? text.trim() : new URLSearchParams(behind).get("card");
  return card && CARD.test(card) ? card : null;
}

/** Reads codes: the browser's own reader where there is one, else the one that is fetched for it. */
async function reader() {
  const own = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (own.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (source) => (await detector.detect(source).catch(() => []))[0]?.rawValue ?? null;
  }
  await import("/f/jsqr.js");
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  return async (source, width, height, sides = SIDES.slice(0, 1)) => {
    for (const side of sides) {
      const scale = Math.min(1, side / Math.max(width, height));
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      brush.drawImage(source, 0, 0, canvas.width, canvas.height);
      const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
      const found = self.jsQR(data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" });
      if (found?.data) return found.data;
    }
    return null;
  };
}

export async function scanScreen() {
  const read = await reader();
  const video = h("video", { playsinline: true, "aria-hidden": "true" });
  video.muted = true;
  const hint = h("p", { class: "hint", role: "status" });
  const file = h("input", { type: "file", id: "card-photo", accept: "image/*", capture: "environment", class: "out" });
  let stream = null;
  let timer = null;
  let isOver = false;
  const leave = () => {
    isOver = true;
    clearTimeout(timer);
    stream?.getTracks().forEach((track) => track.stop());
  };
  /** Sign in with what was read; what is no card is said, and the camera goes on looking. */
  const use = (text) => {
    if (isOver) return;
    const card = text && cardIn(text);
    if (card) byCard(card);
    else if (text) hint.textContent = t("scan_other");
  };
  const look = async () => {
    if (video.videoWidth) use(await read(video, video.videoWidth, video.videoHeight));
    if (!isOver) timer = setTimeout(look, EVERY_MS);
  };
  file.addEventListener("change", async () => {
    const picture = await createImageBitmap(file.files[0], { imageOrientation: "from-image" }).catch(() => null);
    file.value = "";
    const text = picture && (await read(picture, picture.width, picture.height, SIDES));
    if (text) use(text);
    else hint.textContent = t(picture ? "scan_nothing" : "photo_unreadable");
  });
  show([h("div", { class: "camera" }, video,
    h("div", { class: "coach" }, h("h1", {}, t("scan_card")), h("p", {}, t("scan_how")), hint),
    h("div", { class: "keys" },
      h("button", { onclick: () => signInScreen() }, t("back")),
      h("label", { class: "button", for: "card-photo" }, t("scan_photo")), file))], leave);
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    if (isOver) return leave();
    video.srcObject = stream;
    await video.play();
    look();
  } catch {
    hint.textContent = t("scan_denied");
  }
}
