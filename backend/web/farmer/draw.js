// Screens are made of elements, never of strings: what a farm is called can be no script.

const page = () => document.getElementById("page");

/** An element; properties that begin with "on" are listeners, and what is null is left out. */
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

let leaving = null;
const watching = new Set();

/** Be told of each screen once it stands. */
export const onShown = (watcher) => watching.add(watcher);

/** Show a screen; *leave* is called when another one takes its place. The heading is read to those who do not see. */
export function show(children, leave = null) {
  if (leaving) leaving();
  leaving = leave;
  page().replaceChildren(...children.flat().filter(Boolean));
  const heading = page().querySelector("h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    document.title = heading.textContent;
  }
  window.scrollTo(0, 0);
  watching.forEach((watcher) => watcher(page()));
}

/** The line above a screen: back, heading, and what else belongs there. */
export function bar(back, heading, ...more) {
  return h("div", { class: "bar" }, back, h("h1", {}, heading), ...more);
}
