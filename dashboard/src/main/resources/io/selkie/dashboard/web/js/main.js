// The page: asks for a token, shows the view the address names, and keeps it up to date.

import { Rpc, Unauthorised, Fault } from "./rpc.js";
import { el, Part } from "./dom.js";
import { Overview } from "./overview.js";
import { Sector } from "./sector.js";
import { size } from "./time.js";

const TOKEN_KEY = "selkie.token";
const INTERVAL_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

const byId = (id) => document.getElementById(id);
const node = new Part(byId("node"));

let rpc = null;
let view = null;
let failures = 0;
let timer = 0;
let running = false;
let again = false;

function showConnection(state, text) {
  const line = byId("connection");
  if (line.textContent !== text) {
    line.dataset.state = state;
    line.textContent = text;
  }
}

function askForToken(reason) {
  sessionStorage.removeItem(TOKEN_KEY);
  clearTimeout(timer);
  rpc = null;
  byId("view").hidden = true;
  byId("sign-out").hidden = true;
  byId("node").hidden = true;
  byId("sign-in").hidden = false;
  byId("sign-in-error").textContent = reason;
  showConnection("", "");
  document.title = "Selkie";
  byId("token").focus();
}

function begin(token) {
  rpc = new Rpc(token);
  failures = 0;
  byId("sign-in").hidden = true;
  byId("view").hidden = false;
  byId("sign-out").hidden = false;
  route();
}

/** The view that the address names: #/, #/state/NAME or #/sector/NUMBER. */
function viewOf(hash) {
  const [, kind, value] = hash.replace(/^#/, "").split("/");
  if (kind === "sector" && /^[0-9]+$/.test(value ?? "")) {
    return new Sector(Number(value));
  }
  return new Overview(kind === "state" ? decodeURIComponent(value) : null, refresh);
}

function route() {
  if (rpc === null) {
    return;
  }
  const moved = view !== null;
  view = viewOf(location.hash);
  document.title = view.title + " \u2013 Selkie";
  byId("view").replaceChildren(view.element);
  if (moved) {
    byId("main").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  refresh();
}

/** Updates now; once more afterwards if asked for while it ran. */
async function refresh() {
  clearTimeout(timer);
  if (running) {
    again = true;
    return;
  }
  running = true;
  const asked = rpc;
  try {
    await Promise.all([updateNode(asked), view.update(asked)]);
    failures = 0;
    if (asked === rpc) {
      showConnection("live", "Live");
    }
  } catch (e) {
    if (asked === rpc) {
      failed(e);
    }
  } finally {
    running = false;
  }
  if (again) {
    again = false;
    if (rpc !== null) {
      refresh();
    }
  } else if (rpc !== null && !document.hidden) {
    timer = setTimeout(refresh, Math.min(INTERVAL_MS * 2 ** failures, LONGEST_PAUSE_MS));
  }
}

function failed(e) {
  if (e instanceof Unauthorised) {
    askForToken("The node does not accept this token.");
  } else if (e instanceof Fault && e.message.startsWith("missing permission")) {
    askForToken("This token is not enough: " + e.message + ".");
  } else {
    failures++;
    showConnection("lost", e instanceof Fault ? "The node answers: " + e.message
        : "No answer from the node; trying again");
  }
}

async function updateNode(asked) {
  const [address, height, version] = await asked.batch([
    ["ActorAddress"], ["Selkie.ChainHeight"], ["Version"]]);
  const known = (value, make) => value instanceof Fault || value === null ? null : make(value);
  const facts = [
    ["Miner", known(address, (value) => value)],
    ["Sectors of", await sectorSize(asked, address)],
    ["Chain height", known(height, (value) => value.toLocaleString())],
    ["Version", known(version, (value) => value.Version)],
  ].filter(([, value]) => value !== null);
  byId("node").hidden = rpc === null || facts.length === 0;
  node.show(facts, () => facts.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

let knownSize = null;

async function sectorSize(asked, address) {
  if (knownSize === null && !(address instanceof Fault)) {
    const [bytes] = await asked.batch([["ActorSectorSize", address]]);
    knownSize = bytes instanceof Fault ? null : size(bytes);
  }
  return knownSize;
}

byId("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = byId("token").value.trim();
  byId("token").value = "";
  byId("sign-in-error").textContent = "";
  sessionStorage.setItem(TOKEN_KEY, token);
  begin(token);
});
byId("skip").addEventListener("click", (event) => {
  // The address names the view, so it must not become #main.
  event.preventDefault();
  byId("main").focus();
});
byId("sign-out").addEventListener("click", () => askForToken(""));
window.addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && rpc !== null) {
    refresh();
  }
});

const kept = sessionStorage.getItem(TOKEN_KEY);
if (kept === null) {
  askForToken("");
} else {
  begin(kept);
}
