// Who is on the way to the farm: in words first, then as a map without tiles, which shows what the words say.

import { h } from "/f/draw.js";
import { callButton } from "/f/help.js";
import { t } from "/f/say.js";

const SVG = "http://www.w3.org/2000/svg";

function s(tag, properties, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const metres = (far) => (far < 1000 ? t("metres", { metres: far }) : t("kilometres", { km: far / 1000 }));

/** The farm's outline, the dot, the straight line between, north and a scale; as the server drew them in its own units. */
function map({ width, height, boundary, x, y, farm_x, farm_y, bar, bar_m }, told) {
  const [right, low] = [width - 14, height - 12];
  return s("svg", { class: "map", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told },
    s("path", { class: "farm", d: boundary }),
    // A farm some kilometres away is a speck: the ring says where it is.
    s("circle", { class: "ring", cx: farm_x, cy: farm_y, r: 9 }),
    s("line", { class: "way", x1: x, y1: y, x2: farm_x, y2: farm_y }),
    s("circle", { class: "dot", cx: x, cy: y, r: 7 }),
    s("path", { class: "north", d: `M${right} 8 l5 14 l-5 -4 l-5 4 Z` }),
    s("text", { x: right, y: 38, "text-anchor": "middle" }, t("north")),
    s("path", { class: "scale", d: `M12 ${low - 5} v5 h${bar} v-5` }),
    s("text", { x: 12, y: low - 9 }, metres(bar_m)));
}

/** One card for each who is on the way. */
export function comingCards({ visits }) {
  return visits.map((one) => h("section", { class: "card coming", "data-visit": String(one.visit) },
    h("h2", {}, t("coming")),
    h("p", { class: "told" }, one.text),
    one.name && h("p", { class: "quiet" }, [one.office, one.name].filter(Boolean).join(" ")),
    one.drawing && map(one.drawing, one.text),
    one.drawing && h("p", { class: "quiet" }, t("map_key")),
    // As people dial it at home.
    callButton(one.phone?.replace(/^\+86(?=1)/, ""))));
}

/** Whether it is worth asking who is on the way: somebody set out once. */
export const hasVisits = (told) => told.events.some((one) => one.type === "visit-started");
