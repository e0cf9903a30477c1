// One sector: what it is, its pieces, how long each step took, and its log.

import { el, Part } from "./dom.js";
import { stateLabel } from "./states.js";
import { clock, duration, fil, iso, size } from "./time.js";
import { Fault } from "./rpc.js";
import { eventName } from "./overview.js";

/** Lines of the log that are shown; the command line shows all. */
const LOG_LINES = 200;

/** The chain is asked less often than the node itself; what it knows changes by the hour. */
const ROUNDS_BETWEEN_CHAIN = 10;

export class Sector {
  #number;
  #rounds = 0;
  #chain = null;
  #head = new Part(el("div", { class: "title" }));
  #facts = new Part(el("div"));
  #pieces = new Part(el("div", { class: "scroll" }));
  #timeline = new Part(el("div"));
  #log = new Part(el("div", { class: "scroll" }));

  constructor(number) {
    this.#number = number;
    this.title = "Sector " + number;
    this.element = el("div", {},
        el("p", {}, el("a", { href: "#/" }, "All sectors")),
        el("section", { class: "card", "aria-label": "Sector " + number },
            this.#head.element, this.#facts.element),
        el("section", { class: "card" }, this.#pieces.element),
        el("section", { class: "card", "aria-labelledby": "timeline-title" },
            el("h2", { id: "timeline-title" }, "Timeline"), this.#timeline.element),
        el("section", { class: "card" }, this.#log.element));
  }

  async update(rpc) {
    const calls = [["SectorsStatus", this.#number, false]];
    if (this.#rounds++ % ROUNDS_BETWEEN_CHAIN === 0) {
      calls.push(["SectorsStatus", this.#number, true]);
    }
    const [local, onChain] = await rpc.batch(calls);
    if (onChain !== undefined) {
      this.#chain = onChain;
    }
    if (local instanceof Fault) {
      this.#head.show(local.message, () => [
        el("h1", {}, "Sector " + this.#number), el("p", { class: "error" }, local.message)]);
      return;
    }
    const chain = this.#chain instanceof Fault ? { fault: this.#chain.message } : this.#chain;
    this.#head.show(local.State, () => [
      el("h1", {}, "Sector " + this.#number), stateLabel(local.State)]);
    this.#facts.show([withoutLog(local), withoutLog(chain)], () => [renderFacts(local, chain)]);
    this.#pieces.show(local.Pieces, renderPieces);
    this.#timeline.show([local.Log, local.State], () => renderTimeline(local.Log, local.State));
    this.#log.show(local.Log, renderLog);
  }
}

function withoutLog(status) {
  return { ...status, Log: null };
}

function cid(link) {
  return link === null ? el("span", { class: "quiet" }, "none yet")
      : el("span", { class: "mono" }, link["/"]);
}

function renderFacts(local, chain) {
  const facts = [
    ["CommD", cid(local.CommD)],
    ["CommR", cid(local.CommR)],
    ["Ticket epoch", text(local.Ticket.Epoch || "")],
    ["Seed epoch", text(local.Seed.Epoch || "")],
    ["Pre-commit message", cid(local.PreCommitMsg)],
    ["Commit message", cid(local.CommitMsg)],
    ["Retries", text(local.Retries)],
  ];
  if (chain.fault !== undefined) {
    facts.push(["On chain", el("span", { class: "error" }, "not known: " + chain.fault)]);
  } else if (chain.Expiration > 0) {
    facts.push(["Active since epoch", text(chain.Activation)],
        ["Expires at epoch", text(chain.Expiration)],
        ["Initial pledge", text(fil(chain.InitialPledge))]);
  } else {
    facts.push(["On chain", el("span", { class: "quiet" }, "not yet")]);
  }
  return el("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [
    el("dt", {}, name), el("dd", {}, value)]));
}

function text(value) {
  return el("span", {}, String(value));
}

function renderPieces(pieces) {
  if (pieces.length === 0) {
    return [el("h2", {}, "Pieces"), el("p", { class: "quiet" }, "None yet.")];
  }
  return [el("table", {},
      el("caption", {}, "Pieces"),
      el("thead", {}, el("tr", {},
          el("th", { scope: "col" }, "Piece"),
          el("th", { scope: "col", class: "number" }, "Padded size"),
          el("th", { scope: "col" }, "Content"))),
      el("tbody", {}, ...pieces.map((piece) => el("tr", {},
          el("td", { class: "mono" }, piece.Piece.PieceCID["/"]),
          el("td", { class: "number" }, size(piece.Piece.Size)),
          el("td", {}, content(piece.DealInfo))))))];
}

function content(info) {
  if (info === null) {
    return "filler";
  }
  return info.PieceActivationManifest ? "data, until epoch " + info.DealSchedule.EndEpoch
      : "deal " + info.DealID + ", until epoch " + info.DealSchedule.EndEpoch;
}

/** Each event with the time since the one before. Equal ones in a row are drawn once. */
function renderTimeline(log, state) {
  const steps = [];
  log.filter((line) => line.Kind.startsWith("event;")).forEach((line, i, events) => {
    const took = i === 0 ? 0 : line.Timestamp - events[i - 1].Timestamp;
    const name = eventName(line.Kind);
    const last = steps.at(-1);
    if (last?.name === name) {
      last.times++;
      last.took += took;
    } else {
      steps.push({ name, took, at: line.Timestamp, times: 1 });
    }
  });
  if (steps.length === 0) {
    return [el("p", { class: "quiet" }, "Nothing has happened yet.")];
  }
  const longest = Math.max(1, ...steps.map((step) => step.took));
  const total = log.at(-1).Timestamp - log[0].Timestamp;
  return [
    el("p", { class: "quiet" },
        `${duration(total)} from the first event to the last; now in ${state}. `
        + "A bar is the time that passed before its event."),
    el("ol", { class: "timeline" }, ...steps.map((step) => {
      const bar = el("div");
      bar.style.width = (100 * step.took / longest) + "%";
      return el("li", {},
          el("span", { title: clock(step.at) },
              step.name + (step.times > 1 ? " \u00d7" + step.times : "")),
          el("div", { class: "bar", "aria-hidden": "true" }, bar),
          el("span", { class: "took" }, duration(step.took)));
    }))];
}

function renderLog(log) {
  if (log.length === 0) {
    return [el("h2", {}, "Log"), el("p", { class: "quiet" }, "Empty.")];
  }
  const shown = log.slice(-LOG_LINES).reverse();
  const caption = shown.length < log.length
      ? `Log, the latest ${shown.length} of ${log.length} lines` : "Log, latest first";
  return [el("table", { class: "log" },
      el("caption", {}, caption),
      el("thead", {}, el("tr", {},
          el("th", { scope: "col" }, "At"), el("th", { scope: "col" }, "Event"),
          el("th", { scope: "col" }, "Content"))),
      el("tbody", {}, ...shown.map((line) => el("tr", {},
          el("td", {}, el("time", { datetime: iso(line.Timestamp) }, clock(line.Timestamp))),
          el("td", {}, eventName(line.Kind)),
          el("td", {}, el("div", { class: "mono entry" }, line.Message),
              line.Trace ? el("div", { class: "trace" }, line.Trace) : null)))))];
}
