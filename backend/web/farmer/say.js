// What the page says, in the farmer's language; the other language is fetched when it is asked for.

import zh from "/f/words.zh.js";

let words = zh;
export let language = "zh";

/** Speak this language from now on. */
export async function speak(wanted) {
  const other = wanted === "en" ? await import("/f/words.en.js").catch(() => null) : null;
  words = other?.default ?? zh;
  language = other ? "en" : "zh";
  document.documentElement.lang = language;
}

/** Know what is said behind the first screen too. */
export async function learn() {
  const asked = language;
  const more = await import(`/f/more-words.${asked}.js`);
  if (asked !== language) return learn();
  words = { ...words, ...more.default };
}

/** A sentence by name, with its facts. */
export function t(name, facts = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");
}

/** Whether there is a sentence of this name. */
export const has = (name) => name in words;

/** A moment as people say it, in Beijing's time: claims are promised and paid by it. */
export function clock(iso) {
  const at = new Date(iso);
  const options = { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", options).format(at);
}

/** Money as people read it. */
export const yuan = (amount) => t("yuan", { amount: String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ",") });
