// What the phone keeps: an IndexedDB of three drawers. Bytes, not blobs: older WebKit loses blobs.

const NAME = "flashclaim";
const DRAWERS = ["things", "reports", "photos"];
const memory = Object.fromEntries(DRAWERS.map((drawer) => [drawer, new Map()]));

/** Whether what is kept outlives this window; null until the first use. */
export let isLasting = null;
let opened = null;

function open() {
  opened ??= new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, 1);
    } catch {
      isLasting = false;
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => DRAWERS.forEach((drawer) => request.result.createObjectStore(drawer));
    request.onsuccess = () => {
      isLasting ??= true;
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    // A private window of some browsers has none: the page goes on, and says that nothing outlives it.
    request.onerror = () => {
      isLasting = false;
      resolve(null);
    };
  });
  return opened;
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function get(drawer, key) {
  const base = await open();
  return base ? done(base.transaction(drawer).objectStore(drawer).get(key)) : memory[drawer].get(key);
}

/** Resolves once it is on the disk. */
export const put = (drawer, key, value) => putAll([[drawer, key, value]]);

/** Keep several things, [drawer, key, value] each: all of them or none. */
export async function putAll(entries) {
  const base = await open();
  if (!base) return entries.forEach(([drawer, key, value]) => memory[drawer].set(key, value));
  await new Promise((resolve, reject) => {
    const work = base.transaction(entries.map(([drawer]) => drawer), "readwrite", { durability: "strict" });
    work.oncomplete = resolve;
    work.onabort = () => reject(work.error);
    try {
      entries.forEach(([drawer, key, value]) => work.objectStore(drawer).put(value, key));
    } catch (trouble) {
      work.abort();
      reject(trouble);
    }
  });
}

export async function remove(drawer, key) {
  const base = await open();
  if (!base) return void memory[drawer].delete(key);
  await done(base.transaction(drawer, "readwrite").objectStore(drawer).delete(key));
}

export async function all(drawer) {
  const base = await open();
  return base ? done(base.transaction(drawer).objectStore(drawer).getAll()) : [...memory[drawer].values()];
}

/** The names under which something is kept. */
export async function names(drawer) {
  const base = await open();
  return base ? done(base.transaction(drawer).objectStore(drawer).getAllKeys()) : [...memory[drawer].keys()];
}

/** Bytes that may still be kept, as far as the browser says. */
export async function room() {
  const said = await navigator.storage?.estimate?.().catch(() => null);
  return said?.quota ? said.quota - said.usage : Infinity;
}
