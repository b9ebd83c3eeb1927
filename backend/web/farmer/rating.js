// How it was: a face for the payment and a number for the recommendation, each kept at its tap.

import { h } from "/f/draw.js";
import { t } from "/f/say.js";
import { call } from "/f/server.js";
import { trouble } from "/f/own-word.js";

const SVG = "http://www.w3.org/2000/svg";
/** How far the corners of the mouth lie above its middle, from very bad to very good; drawn, as old phones lack such letters. */
const MOUTHS = [-9, -5, 0, 5, 9];
const FIRST = "payment";

function face(bend) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 48 48");
  drawn.setAttribute("aria-hidden", "true");
  for (const path of ["M24 4a20 20 0 1 0 .1 0", "M17 17v4", "M31 17v4", `M14 ${32 - bend / 2}q10 ${bend} 20 0`]) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    drawn.append(line);
  }
  return drawn;
}

/** Fill *place* with what may be rated now; it stays empty where there is nothing. */
export async function ratingCard(place, id) {
  let standing;
  try {
    standing = await call(`/claims/${id}/ratings`);
  } catch {
    return; // no signal: whoever cannot rate now can do so later
  }
  draw(place, id, standing);
}

function draw(place, id, standing) {
  const { stages, recommend } = standing;
  const open = stages.filter((one) => one.may_rate || one.score);
  const first = open.find((one) => one.stage === FIRST);
  if (!first && !recommend.may_rate) return;
  const [told, tell] = trouble();
  const say = async (said) => {
    try {
      draw(place, id, await call(`/claims/${id}/ratings`, { document: said, key: crypto.randomUUID() }));
    } catch (wrong) {
      tell(wrong);
    }
  };
  const row = ({ stage, score, may_rate: may }) => h("div", { class: "faces", role: "group", "aria-label": t(`rate_${stage}`) }, MOUTHS.map((bend, below) => h("button", {
    "aria-label": t(`score_${below + 1}`), "aria-pressed": String(score === below + 1), disabled: !may,
    "data-rate": `${stage}-${below + 1}`, onclick: () => say({ scores: { [stage]: below + 1 } }),
  }, face(bend))));
  const rest = open.filter((one) => one !== first);
  const likely = Array.from({ length: recommend.most - recommend.least + 1 }, (_, n) => recommend.least + n);
  const isDone = first?.score && recommend.figure !== null;
  place.replaceChildren(h("section", { class: "card", id: "rating" },
    h("h2", {}, t(isDone ? "rated" : "rate_it")),
    first && h("p", {}, t(`rate_${FIRST}`)), first && row(first),
    (recommend.may_rate || recommend.figure !== null) && h("p", {}, t("would_recommend")),
    (recommend.may_rate || recommend.figure !== null) && h("div", { class: "likely", role: "group", "aria-label": t("would_recommend") },
      likely.map((figure) => h("button", {
        "aria-pressed": String(recommend.figure === figure), disabled: !recommend.may_rate,
        "data-recommend": figure, onclick: () => say({ recommend: figure }),
      }, String(figure)))),
    rest.length > 0 && h("details", {}, h("summary", {}, t("rate_more")), rest.flatMap((one) => [h("p", {}, t(`rate_${one.stage}`)), row(one)])),
    standing.answers.map((one) => h("p", { class: "quiet" }, one.text)),
    told));
}
