// What is known at an element: facts, answers, results of decisions. Asked once a change, kept until the next.
export class Known {
  constructor(api, xml) {
    this.api = api;
    this.xml = xml;
    this.answers = new Map();
    this.listeners = new Set();
  }

  // A promise of [{ path, label, type, values, certain, group }].
  at(element) {
    if (!this.answers.has(element)) {
      const answer = this.xml()
        .then((body) => this.api.names(element, body))
        .then(({ names }) => names)
        .catch(() => []);
      this.answers.set(element, answer);
    }
    return this.answers.get(element);
  }

  // What the server says of an expression at the element: { ok, type, detail }.
  async judge(text, element) {
    return this.api.feel(text, element, await this.xml());
  }

  forget() {
    this.answers.clear();
    for (const tell of this.listeners) tell();
  }
}
