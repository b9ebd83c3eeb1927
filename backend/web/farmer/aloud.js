// Read aloud 朗读: where the phone has a voice for the language; the button stays hidden else.

import { h } from "/f/draw.js";
import { language, t } from "/f/say.js";

const speech = globalThis.speechSynthesis;

const voice = () => speech?.getVoices().find((one) => one.lang.toLowerCase().startsWith(language)) ?? null;

/** What a screen says: headings and sentences in order, what is hidden or to be tapped left out. */
export function spokenOf(screen) {
  return [...screen.querySelectorAll("h1, h2, p, li, label")]
    .filter((one) => !one.closest("button, [hidden], details:not([open])") && one.offsetParent !== null)
    .map((one) => one.textContent.trim())
    .filter(Boolean)
    .join("。");
}

/** A button that reads the screen, and stops when tapped again. */
export function aloud() {
  const button = h("button", { class: "small", hidden: true, id: "aloud", "aria-pressed": "false", onclick: () => {
    if (speech.speaking) return speech.cancel();
    const said = new SpeechSynthesisUtterance(spokenOf(document.getElementById("page")));
    [said.lang, said.voice, said.rate] = [language === "zh" ? "zh-CN" : "en", voice(), 0.9];
    said.onend = said.onerror = () => button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    speech.speak(said);
  } }, t("read_aloud"));
  const look = () => (button.hidden = !voice());
  look();
  // Voices come after the first question in most browsers.
  speech?.addEventListener?.("voiceschanged", look);
  return button;
}

/** What is being read ends with its screen. */
export const hush = () => speech?.cancel();
