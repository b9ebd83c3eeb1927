// Signing in: by the policy card's code, which the phone's camera opens as an address, or by a code to the phone.

import { bar, h, show } from "/f/draw.js";
import { shortcomings, switches } from "/f/home.js";
import { get } from "/f/keep.js";
import { later, route } from "/f/page.js";
import { has, learn, t } from "/f/say.js";
import { askOpenly, NoLine, signIn } from "/f/server.js";

/** Sign in with the card that stood in the address. */
export const byCard = (card) => signInWith({ card });

/** Sign in with the token of an invitation to report for farmers. */
export const byToken = (token) => signInWith({ token });

async function signInWith(secret) {
  show([bar(null, t("title")), h("p", { class: "quiet", role: "status" }, t("signing_in"))]);
  try {
    await signIn(secret);
    await route();
    sendWaiting();
  } catch (trouble) {
    signInScreen(await whyInFull(trouble));
  }
}

// What this person began before, and what their phone has kept since.
const sendWaiting = () => later((rest) => rest.sendAll(), { quietly: true }).catch(() => {});

export function signInScreen(note = "") {
  const number = h("input", { type: "tel", id: "phone", inputmode: "tel", autocomplete: "tel", required: true });
  const told = h("p", { class: "note", role: "alert" }, note);
  told.hidden = !note;
  const ask = async (event) => {
    event.preventDefault();
    const request = crypto.randomUUID();
    try {
      await askOpenly("/farmer/codes", { request, phone: number.value.trim() });
      codeScreen(request, number.value.trim());
    } catch (trouble) {
      told.textContent = await whyInFull(trouble);
      told.hidden = false;
    }
  };
  // Fetched at this tap: who signs in by phone never needs it.
  const scan = () => import("/f/scan.js").then((scanner) => scanner.scanScreen()).catch(() => {
    told.hidden = false;
    told.textContent = t("scan_offline");
  });
  show([
    bar(null, t("sign_in"), ...switches()),
    ...shortcomings(),
    h("p", {}, t("sign_in_how")),
    told,
    h("button", { class: "go", id: "scan", onclick: scan }, t("scan_card")),
    h("form", { onsubmit: ask }, h("label", { for: "phone" }, t("phone")), number, h("button", { class: "go" }, t("send_code"))),
  ]);
}

function codeScreen(request, phone) {
  const code = h("input", { type: "text", id: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "6", required: true });
  const told = h("p", { class: "note", role: "alert" });
  told.hidden = true;
  const open = async (event) => {
    event.preventDefault();
    try {
      await signIn({ request, phone, code: code.value.trim() });
      await route();
      sendWaiting();
    } catch (trouble) {
      told.textContent = await whyInFull(trouble);
      told.hidden = false;
    }
  };
  show([
    bar(h("button", { class: "small", onclick: () => signInScreen() }, t("back")), t("sign_in")),
    h("p", {}, t("code_sent", { phone })),
    told,
    h("form", { onsubmit: open }, h("label", { for: "code" }, t("code")), code, h("button", { class: "go" }, t("sign_in"))),
  ]);
}

const SAID_ALOUD = 8;
let phone = "";
get("things", "service-phone").then((kept) => callAt(kept), () => {});

/** Name this number to call wherever nothing else can be said. */
export const callAt = (number) => (phone = number ?? "");

/** As `why`, before what is said behind the first screen has been fetched: most refusals are told there. */
async function whyInFull(trouble) {
  if (!(trouble instanceof NoLine)) await learn().catch(() => {});
  return why(trouble);
}

/** A trouble in words: {code, trace} of what the server said, or whatever was thrown. */
export function why(trouble) {
  if (trouble instanceof NoLine) return t("needs_signal");
  const own = `problem_${(trouble.code ?? "").replaceAll("-", "_")}`;
  if (has(own)) return t(own);
  // As many digits of the number as somebody reads out on the phone, and as logs are searched by.
  return t("went_wrong", { phone: phone && ` ${phone} `, trace: (trouble.trace || "-").slice(0, SAID_ALOUD) });
}
