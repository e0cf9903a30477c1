// All sectors: how many in which state, and a table of one page of them.

import { el, Part } from "./dom.js";
import { byUrgency, stateLabel } from "./states.js";
import { clock, duration, iso } from "./time.js";
import { Fault } from "./rpc.js";

const PAGE_SIZE = 25;

/** The numbers are asked for again when the counts changed, and every so many rounds. */
const ROUNDS_BETWEEN_LISTS = 30;

export class Overview {
  title = "Sectors";
  #state;
  #page = 0;
  #numbers = [];
  #lastSummary = "";
  #rounds = 0;
  #summary = new Part(el("div"));
  #table = new Part(el("div", { class: "scroll" }));
  #pager = new Part(el("nav", { class: "pager", "aria-label": "Pages of the table" }));
  #changed;

  /**
   * @param state only sectors in this one, or null
   * @param changed called when the reader turned a page
   */
  constructor(state, changed) {
    this.#state = state;
    this.#changed = changed;
    this.element = el("div", {},
        el("section", { class: "card", "aria-labelledby": "states-title" },
            el("h1", { id: "states-title" }, "Sectors by state"), this.#summary.element),
        el("section", { class: "card" }, this.#table.element, this.#pager.element));
  }

  async update(rpc) {
    const list = this.#state === null ? ["SectorsList"] : ["SectorsListInStates", [this.#state]];
    const again = this.#rounds % ROUNDS_BETWEEN_LISTS === 0;
    const shown = this.#visible();
    const calls = [["SectorsSummary"], ...shown.map((number) => ["SectorsStatus", number, false])];
    if (again) {
      calls.push(list);
    }
    const answers = await rpc.batch(calls);
    if (answers[0] instanceof Fault) {
      throw answers[0];
    }
    const summary = answers[0];
    const text = JSON.stringify(summary);
    if (again) {
      this.#take(answers.at(-1));
    } else if (text !== this.#lastSummary) {
      this.#take((await rpc.batch([list]))[0]);
    }
    this.#rounds++;
    this.#lastSummary = text;
    this.#summary.show([summary, this.#state], () => this.#renderSummary(summary));
    await this.#updateTable(rpc, shown, answers.slice(1, 1 + shown.length));
  }

  #take(numbers) {
    if (numbers instanceof Fault) {
      throw numbers;
    }
    this.#numbers = (numbers ?? []).toSorted((a, b) => b - a);
    this.#page = Math.min(this.#page, Math.max(0, Math.ceil(this.#numbers.length / PAGE_SIZE) - 1));
  }

  #visible() {
    return this.#numbers.slice(this.#page * PAGE_SIZE, (this.#page + 1) * PAGE_SIZE);
  }

  async #updateTable(rpc, asked, statuses) {
    const known = new Map(asked.map((number, i) => [number, statuses[i]]));
    const visible = this.#visible();
    const missing = visible.filter((number) => !known.has(number));
    if (missing.length > 0) {
      const more = await rpc.batch(missing.map((number) => ["SectorsStatus", number, false]));
      missing.forEach((number, i) => known.set(number, more[i]));
    }
    const rows = visible.map((number) => row(number, known.get(number)));
    this.#table.show([rows, this.#state], () => [renderTable(rows, this.#state)]);
    const pages = Math.max(1, Math.ceil(this.#numbers.length / PAGE_SIZE));
    this.#pager.show([this.#page, pages, this.#numbers.length], () => this.#renderPager(pages));
  }

  #renderSummary(summary) {
    const states = Object.keys(summary).sort(byUrgency);
    if (states.length === 0) {
      return [el("p", { class: "quiet" }, "No sectors yet. ",
          el("code", {}, "selkie sectors add-piece FILE"), " puts a file into one, ",
          el("code", {}, "selkie sectors pledge"), " begins an empty one.")];
    }
    const total = Object.values(summary).reduce((sum, n) => sum + n, 0);
    const link = (href, current, label, n) => el("li", {}, el("a",
        { href, "data-key": href, "aria-current": current ? "true" : null },
        label, el("strong", {}, n.toLocaleString())));
    return [el("ul", { class: "states" },
        link("#/", this.#state === null, el("span", {}, "All"), total),
        ...states.filter((state) => state !== "").map((state) => link(
            "#/state/" + encodeURIComponent(state), state === this.#state, stateLabel(state),
            summary[state])))];
  }

  #renderPager(pages) {
    if (pages === 1) {
      return [];
    }
    const turn = (by, label) => {
      const button = el("button", { type: "button", class: "plain", "data-key": label,
        disabled: this.#page + by < 0 || this.#page + by >= pages ? true : null }, label);
      button.addEventListener("click", () => {
        this.#page += by;
        this.#changed();
      });
      return button;
    };
    return [turn(-1, "Newer"),
      el("span", {}, `Page ${this.#page + 1} of ${pages}, `
          + `${this.#numbers.length.toLocaleString()} sectors`),
      turn(1, "Older")];
  }
}

/** What the table shows of a sector. */
function row(number, status) {
  if (status instanceof Fault) {
    return { number, error: status.message };
  }
  const last = status.Log.at(-1);
  const deals = status.Pieces.filter((piece) => piece.DealInfo !== null).length;
  return {
    number,
    state: status.State,
    pieces: status.Pieces.length,
    deals,
    since: last?.Timestamp ?? null,
    last: last ? eventName(last.Kind) : "",
  };
}

/** The event's name without the words that all of them share. */
export function eventName(kind) {
  return kind.replace(/^event;sealing\.Sector/, "").replace(/^event;sealing\./, "");
}

function renderTable(rows, state) {
  const caption = (state === null ? "All sectors" : "Sectors in " + state) + ", newest first";
  if (rows.length === 0) {
    return el("p", { class: "quiet" },
        state === null ? "Nothing to list." : "No sector is in " + state + ".");
  }
  return el("table", {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {},
          el("th", { scope: "col", class: "number" }, "Sector"),
          el("th", { scope: "col" }, "State"),
          el("th", { scope: "col", class: "number" }, "Pieces"),
          el("th", { scope: "col", class: "number" }, "With deals"),
          el("th", { scope: "col" }, "Last event"), el("th", { scope: "col" }, "At"))),
      el("tbody", {}, ...rows.map(renderRow)));
}

function renderRow(row) {
  const href = "#/sector/" + row.number;
  const head = el("th", { scope: "row", class: "number" },
      el("a", { href, "data-key": href }, String(row.number)));
  if (row.error !== undefined) {
    return el("tr", {}, head, el("td", { colspan: 5, class: "error" }, row.error));
  }
  return el("tr", {}, head,
      el("td", {}, stateLabel(row.state)),
      el("td", { class: "number" }, String(row.pieces)),
      el("td", { class: "number" }, String(row.deals)),
      el("td", {}, row.last),
      el("td", {}, row.since === null ? "" : when(row.since)));
}

function when(epochSecond) {
  const ago = duration(Date.now() / 1000 - epochSecond) + " ago";
  return el("time", { datetime: iso(epochSecond), title: ago }, clock(epochSecond));
}
