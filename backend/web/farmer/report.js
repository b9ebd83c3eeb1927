// A report, step by step: photos, heads, sizes, ear tags, cause, and a last look. Every answer is kept as it is given.

import bands from "/f/bands.js";
import { cameraScreen } from "/f/camera.js";
import { bar, h, show } from "/f/draw.js";
import { get, put, putAll, remove } from "/f/keep.js";
import { route } from "/f/page.js";
import { queueScreen } from "/f/queue.js";
import { announced } from "/f/record.js";
import { language, t, yuan } from "/f/say.js";
import { call, me, now } from "/f/server.js";
import { draftName, drafts, isOwn, ofPolicy } from "/f/whose.js";

const CAUSES = ["disease", "accident", "natural_event"];
const TAGS_SHOWN = 24;
const QUOTE_PATIENCE_MS = 8_000;

let draft = null;

/** Begin a report under a policy; for a farmer who agreed under that `id`, by the `owner` who reports for them. */
export async function begin(policy, { id = crypto.randomUUID(), owner = ofPolicy(policy.policy_number), mayAgree = true } = {}) {
  // What has photos waits beside the new one; what has none is begun anew.
  for (const one of await drafts()) {
    if (one.owner === owner && one.policy.policy_number === policy.policy_number && !one.shots.length) await remove("things", draftName(one));
  }
  draft = { id, owner, mayAgree, name: `draft ${owner} ${id}`, key: crypto.randomUUID(), policy, beganAt: await now(), shots: [], heads: 1, animals: [], cause: null, advance: false, step: 0 };
  await walk(0);
}

/** Go on with one that was begun before. */
export async function goOn(kept) {
  draft = kept;
  await walk(draft.step);
}

const steps = () => {
  const { policy } = draft;
  const isFlock = policy.species === "poultry";
  return [
    photosStep,
    headsStep,
    !isFlock && bands.some((one) => one.species === policy.species) && sizesStep,
    !isFlock && policy.needs.includes("age_months") && agesStep,
    !isFlock && policy.tags.length && tagsStep,
    causeStep,
    checkStep,
  ].filter(Boolean);
};

async function walk(step, { isBack = false } = {}) {
  await put("things", draftName(draft), { ...draft, step });
  draft.step = step;
  if (!isBack) history.pushState({ step }, "", "/f");
  return steps()[step]();
}

const next = () => walk(draft.step + 1);
const back = () => history.back();

addEventListener("popstate", async (event) => {
  // The phone's own back button goes one step back, and from the first one home.
  if (!draft || event.state?.step === undefined || event.state.step >= steps().length) return;
  // Whoever signed in after the last one signed out goes back to no report of theirs.
  const who = await me().catch(() => null);
  if (draft && who && isOwn(draft, who)) await walk(event.state.step, { isBack: true });
  else await route();
});

const head = (heading) => bar(h("button", { class: "small", onclick: back }, t("back")), heading);

function photosStep() {
  const wanted = draft.policy.species === "poultry" ? ["whole", "wide"] : ["whole", "tag", "wide"];
  return cameraScreen({
    wanted,
    count: draft.shots.length,
    taken: async (shot, photo) => {
      const shots = draft.shots.filter((one) => one.sha256 !== shot.sha256).concat(shot);
      // At once: a photo that no report names would be lost.
      const begun = ["things", draftName(draft), { ...draft, shots }];
      await putAll([...(photo ? [["photos", photo.sha256, photo]] : []), begun]);
      draft.shots = shots;
      return shots.length;
    },
    done: next,
    back,
  });
}

function headsStep() {
  const shown = h("output", {}, String(draft.heads));
  const most = Math.max(1, draft.policy.insured_heads);
  const add = (by) => () => {
    draft.heads = Math.min(most, Math.max(1, draft.heads + by));
    shown.textContent = String(draft.heads);
  };
  const many = draft.policy.species === "poultry" || most > 20;
  show([
    head(t("how_many")),
    h("div", { class: "stepper" },
      h("button", { "aria-label": t("fewer"), onclick: add(-1) }, "−"), shown,
      h("button", { "aria-label": t("more"), onclick: add(1) }, "+")),
    many && h("div", { class: "stepper" }, [-10, 10, 100].map((by) => h("button", { onclick: add(by) }, by > 0 ? `+${by}` : `−${-by}`))),
    h("button", { class: "go", onclick: () => { draft.animals = draft.animals.slice(0, draft.heads); next(); } }, t("next")),
  ]);
}

// Animals are asked for one after the other; a flock's are not asked for at all.
function eachAnimal(screen, place = 0) {
  if (place >= draft.heads) return next();
  draft.animals[place] ??= {};
  return screen(draft.animals[place], place, async () => {
    await put("things", draftName(draft), draft);
    return eachAnimal(screen, place + 1);
  });
}

function sizesStep() {
  return eachAnimal((animal, place, on) => {
    const all = h("input", { type: "checkbox", id: "same", checked: true });
    const own = bands.filter((one) => one.species === draft.policy.species);
    show([
      head(t("how_big", { place: place + 1 })),
      draft.heads > place + 1 && h("label", { class: "check", for: "same" }, all, t("same_for_all")),
      h("div", { class: "grid" }, own.map((band) => h("button", {
        "data-band": band.code,
        onclick: () => {
          animal.size_band = band.code;
          if (draft.heads === place + 1 || !all.checked) return on();
          for (let n = place + 1; n < draft.heads; n += 1) draft.animals[n] = { ...draft.animals[n], size_band: band.code };
          return next();
        },
      }, h("img", { src: `/static/bands/${band.code}.svg`, alt: "" }), band[language]))),
    ]);
  });
}

function agesStep() {
  return eachAnimal((animal, place, on) => {
    animal.age_months ??= 3;
    const shown = h("output", {}, String(animal.age_months));
    const add = (by) => () => {
      animal.age_months = Math.min(240, Math.max(0, animal.age_months + by));
      shown.textContent = String(animal.age_months);
    };
    show([
      head(t("how_old", { place: place + 1 })),
      h("div", { class: "stepper" }, h("button", { "aria-label": "−1", onclick: add(-1) }, "−"), shown, h("button", { "aria-label": "+1", onclick: add(1) }, "+")),
      h("p", { class: "quiet" }, t("months", { months: "…" }).replace("…", "")),
      h("button", { class: "go", onclick: on }, t("next")),
    ]);
  });
}

function tagsStep() {
  return eachAnimal((animal, place, on) => {
    const taken = new Set(draft.animals.filter((one) => one !== animal).map((one) => one.tag));
    const free = draft.policy.tags.filter((tag) => !taken.has(tag));
    const list = h("div", { class: "grid tags" });
    const fill = (ending) => list.replaceChildren(...free.filter((tag) => tag.endsWith(ending) || tag.slice(-6).includes(ending))
      .slice(0, TAGS_SHOWN).map((tag) => h("button", { "data-tag": tag, onclick: () => { animal.tag = tag; on(); } },
        h("span", { class: "quiet" }, `…${tag.slice(-8, -4)}`), h("strong", {}, tag.slice(-4)))));
    fill("");
    const find = h("input", { type: "text", id: "find", inputmode: "numeric", oninput: (event) => fill(event.target.value.trim()) });
    show([
      head(t("which_tag", { place: place + 1 })),
      h("button", { class: "tall", onclick: () => { delete animal.tag; on(); } }, t("no_tag")),
      list,
      free.length > TAGS_SHOWN && h("div", {}, h("label", { for: "find" }, t("find_tag")), find),
    ]);
  });
}

function causeStep() {
  show([
    head(t("why_died")),
    CAUSES.map((cause) => h("button", { class: "tall", "data-cause": cause, onclick: () => { draft.cause = cause; next(); } }, t(cause))),
  ]);
}

function declared() {
  return draft.animals.slice(0, draft.heads).map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)));
}

async function checkStep() {
  const { policy } = draft;
  const { sha256: first } = draft.shots[0] ?? {};
  const sum = h("p", { class: "quiet", role: "status" }, t("loading"));
  const advance = h("input", { type: "checkbox", id: "advance", disabled: true });
  const send = h("button", { class: "go", id: "send", onclick: () => sendIt(send, advance.checked) }, t("send_report"));
  const photos = h("div", { class: "thumbs" });
  show([
    head(t("check_it")),
    photos,
    h("div", { class: "card" },
      h("p", {}, `${t(policy.species)} · ${t("heads_of", { heads: draft.heads })} · ${t(draft.cause)}`),
      draft.animals.some((one) => one.tag) && h("p", { class: "quiet" }, draft.animals.map((one) => one.tag).filter(Boolean).join(" ")),
      h("h2", {}, t("at_least")), sum,
      h("p", {}, t("paid_to", { name: policy.payee.name, last4: policy.payee.account_last4 }))),
    draft.mayAgree !== false && h("label", { class: "check", for: "advance" }, advance, h("span", {}, t("agree_now"), h("br"), h("small", { class: "quiet" }, t("agree_why")))),
    send,
  ], () => photos.querySelectorAll("img").forEach((one) => URL.revokeObjectURL(one.src)));
  if (first) await showPhotos(photos);
  try {
    const quote = await call(`/policies/${encodeURIComponent(policy.policy_number)}/quote`, {
      patience: QUOTE_PATIENCE_MS,
      document: { heads: draft.heads, cause: draft.cause, occurred_at: new Date(draft.beganAt).toISOString(), animals: declared() },
    });
    sum.className = quote.lowest_sum === null ? "quiet" : "big";
    sum.textContent = quote.lowest_sum === null ? t("sum_later") : yuan(quote.lowest_sum);
    advance.disabled = quote.lowest_sum === null;
  } catch {
    sum.textContent = t("sum_offline");
  }
}

async function showPhotos(place) {
  for (const [n, shot] of draft.shots.entries()) {
    const kept = await get("photos", shot.sha256);
    // Some photos go as they are because this browser cannot draw them.
    const instead = () => shown.replaceWith(h("p", { class: "quiet" }, t("photo_place", { place: n + 1 })));
    const shown = h("img", { alt: "", onerror: instead, src: kept ? URL.createObjectURL(new Blob([kept.content], { type: shot.mediaType ?? "image/jpeg" })) : "" });
    place.append(shown);
  }
}

async function sendIt(button, advance) {
  button.disabled = true;
  const photos = await Promise.all(draft.shots.map(announced));
  const report = {
    id: draft.id,
    owner: draft.owner,
    key: draft.key,
    species: draft.policy.species,
    heads: draft.heads,
    done: false,
    number: null,
    received: [],
    body: {
      claim_id: draft.id,
      policy_number: draft.policy.policy_number,
      species: draft.policy.species,
      heads: draft.heads,
      cause: draft.cause,
      occurred_at: new Date(draft.beganAt).toISOString(),
      accept_in_advance: advance,
      animals: declared(),
      photos,
    },
  };
  await put("reports", report.id, report);
  await remove("things", draftName(draft));
  draft = null;
  history.replaceState({}, "", "/f");
  await queueScreen(report.id);
}
