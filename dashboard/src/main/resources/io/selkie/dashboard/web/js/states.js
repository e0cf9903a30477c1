// What a state means to a reader: a kind, which has a colour, and a mark for those who do not see
// colours.

import { el } from "./dom.js";

const MARKS = { good: "\u2713", busy: "\u25b8", wait: "\u25cb", bad: "!", over: "\u2013" };

const GOOD = new Set(["Proving", "Available", "UpdateActivating", "ReleaseSectorKey"]);
const OVER = new Set(["Removed", "Removing", "Terminating", "TerminateWait", "TerminateFinality"]);
const BAD = new Set(["FailedUnrecoverable", "Faulty", "FaultReported", "FaultedFinal",
  "DealsExpired",
  "RecoverDealIDs", "SnapDealsDealsExpired", "SnapDealsRecoverDealIDs", "AbortUpgrade"]);

export function kindOf(state) {
  if (GOOD.has(state)) return "good";
  if (OVER.has(state)) return "over";
  if (BAD.has(state) || state.endsWith("Failed")) return "bad";
  if (/Wait|^Submit|^Empty$|^$|^WaitMutable$/.test(state)) return "wait";
  return "busy";
}

const ORDER = ["bad", "busy", "wait", "good", "over"];

/** What needs a person first, what is over last; by name within. */
export function byUrgency(a, b) {
  return ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b)) || (a < b ? -1 : a > b ? 1 : 0);
}

export function stateLabel(state) {
  const kind = kindOf(state);
  return el("span", { class: "state", "data-kind": kind, "data-mark": MARKS[kind] },
      state === "" ? "(not started)" : state);
}
