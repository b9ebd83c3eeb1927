// Read aloud 朗读, on every screen: where the phone has a voice for the language; the button stays hidden else.

import { h, onShown } from "/f/draw.js";
import { language, t } from "/f/say.js";

const speech = globalThis.speechSynthesis;
/** Sentences, and what is to be chosen from; not the line above a screen, and no list of ear tags. */
const SPOKEN = "h1, h2, p, li, label, output, button.go, button.tall, .grid:not(.tags) button";

const voice = () => speech?.getVoices().find((one) => one.lang.toLowerCase().startsWith(language)) ?? null;

/** What a screen says, in order; what is hidden is left out, and nothing is said twice. */
export function spokenOf(screen) {
  const said = [...screen.querySelectorAll(SPOKEN)]
    .filter((one) => !one.closest("[hidden], details:not([open])") && one.offsetParent !== null)
    .filter((one) => !one.parentElement.closest(SPOKEN));
  return said.map((one) => (one.getAttribute("aria-label") ?? one.innerText).trim()).filter(Boolean).join("。");
}

function button() {
  const made = h("button", { class: "small", type: "button", hidden: !voice(), id: "aloud", "aria-pressed": "false", onclick: () => {
    if (speech.speaking) return speech.cancel();
    const said = new SpeechSynthesisUtterance(spokenOf(document.getElementById("page")));
    [said.lang, said.voice, said.rate] = [language === "zh" ? "zh-CN" : "en", voice(), 0.9];
    said.onend = said.onerror = () => made.setAttribute("aria-pressed", "false");
    made.setAttribute("aria-pressed", "true");
    speech.speak(said);
  } }, t("read_aloud"));
  return made;
}

/** Offer it on this screen; what is being read ends with the screen before. */
function offer(screen) {
  speech?.cancel();
  const place = screen.querySelector(".bar, .coach, .card");
  if (place) place[place.matches(".bar") ? "append" : "prepend"](button());
}

if (speech) {
  // Voices come after the first question in most browsers.
  speech.addEventListener?.("voiceschanged", () => {
    const shown = document.getElementById("aloud");
    if (shown) shown.hidden = !voice();
  });
  onShown(offer);
  offer(document.getElementById("page"));
}
