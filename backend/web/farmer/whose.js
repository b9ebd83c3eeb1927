// Whose a report is that this phone keeps: of whoever acts for its policy, or of the one who reports for others.
// A phone may be handed on: what one person began is neither shown to the next nor sent in their name, and not lost.

import { all, get, names, remove } from "/f/keep.js";

/** The owner's mark of a report that a farmer makes under a policy. */
export const ofPolicy = (number) => `policy ${number}`;

/** The owner's mark of a report that somebody makes for a farmer. */
export const ofAgent = (id) => `agent ${id}`;

/** Under which name a report that was begun is kept: each under its own, and before that one for each owner, or for all. */
export const draftName = (draft) => draft.name ?? (draft.owner ? `draft ${draft.owner}` : "draft");

/** Whether what is kept is this person's (`me` of server.js). */
export function isOwn(kept, me) {
  const number = kept.body?.policy_number ?? kept.policy?.policy_number;
  const owner = kept.owner ?? (number ? ofPolicy(number) : null);
  // Photos of a claim that were kept before there were marks: the server says whether they are welcome.
  if (owner === null) return true;
  return me.agent ? owner === ofAgent(me.agent.id) : me.policies.some((one) => owner === ofPolicy(one));
}

/** Reports that were begun on this phone. */
export const drafts = () => things(/^draft( |$)/);

async function things(wanted) {
  const kept = (await names("things")).filter((name) => wanted.test(name));
  return (await Promise.all(kept.map((name) => get("things", name)))).filter(Boolean);
}

/** The photos that something on this phone has yet to send: one of the gallery may stand on two reports. */
export async function wantedPhotos() {
  const begun = (await things(/^(draft|more)( |$)/)).flatMap((one) => one.shots);
  const waits = (await all("reports")).filter((one) => !one.done).flatMap((one) => one.body.photos);
  return new Set([...begun, ...waits].map((one) => one.sha256));
}

/** Forget photos of what was thrown away, but for those that something else has yet to send. */
export async function forgetPhotos(photos) {
  const wanted = await wantedPhotos();
  await Promise.all(photos.filter((one) => !wanted.has(one.sha256)).map((one) => remove("photos", one.sha256)));
}

/** What this person has begun and what waits to be sent, and how much of others' waits. */
export async function waiting(me) {
  const begun = await drafts();
  const unsent = (await all("reports")).filter((one) => !one.done);
  const [ownDrafts, ownReports] = [begun, unsent].map((kept) => kept.filter((one) => isOwn(one, me)));
  const others = begun.length + unsent.length - ownDrafts.length - ownReports.length;
  return { drafts: ownDrafts, reports: ownReports, others };
}
