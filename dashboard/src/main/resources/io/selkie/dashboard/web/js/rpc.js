// JSON-RPC over HTTP, many calls in one request.

const TIMEOUT_MS = 30_000;

/** The node does not accept the token. */
export class Unauthorised extends Error {}

/** One call of a batch failed; the message is the node's. */
export class Fault extends Error {}

export class Rpc {
  #token;
  #nextId = 1;

  constructor(token) {
    this.#token = token;
  }

  /**
   * Calls methods in one request.
   *
   * @param calls arrays of a method's name and its parameters; a name without a dot is one of
   *     Filecoin's
   * @returns a result or a Fault for each call, in order
   */
  async batch(calls) {
    const requests = calls.map(([name, ...params]) => ({
      jsonrpc: "2.0", id: this.#nextId++,
      method: name.includes(".") ? name : "Filecoin." + name, params,
    }));
    const response = await fetch("/rpc/v0", {
      method: "POST",
      headers: { "Authorization": "Bearer " + this.#token, "Content-Type": "application/json" },
      body: JSON.stringify(requests),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401) {
      throw new Unauthorised("the node does not accept this token");
    }
    if (!response.ok) {
      throw new Error("the node answers with status " + response.status);
    }
    const answers = new Map((await response.json()).map((answer) => [answer.id, answer]));
    return requests.map(({ id }) => {
      const answer = answers.get(id);
      if (answer === undefined) {
        return new Fault("no answer");
      }
      return answer.error ? new Fault(answer.error.message) : answer.result;
    });
  }
}
