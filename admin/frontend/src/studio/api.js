// The studio's JSON API, of one draft. What it refuses is thrown as Refused, with the server's sentence.
import { say } from "./words.js";

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || say("服务器没有接受（{status}）", { status }));
    this.status = status;
    this.problem = problem;
  }
}

export class Api {
  constructor({ api, csrf, path, previews }) {
    this.base = api;
    this.previews = previews;
    this.csrf = csrf;
    this.path = path;
  }

  async send(method, address, { body, json, headers = {}, raw = false } = {}) {
    const answer = await this.fetch(method, address, { body, json, headers });
    return raw ? answer : answer.json();
  }

  async fetch(method, address, { body, json, headers }) {
    let answer;
    try {
      answer = await fetch(address.startsWith("/") ? address : `${this.base}/${address}`, {
        method,
        credentials: "same-origin",
        headers: {
          Accept: "application/json",
          ...(method === "GET" ? {} : { "X-CSRFToken": this.csrf }),
          ...(json === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        body: json === undefined ? body : JSON.stringify(json),
      });
    } catch {
      throw new Refused(0, { detail: say("连不上服务器") });
    }
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    if (answer.redirected || answer.status === 401) problem.detail ||= say("登录已过期，请在新窗口登录后再保存");
    throw new Refused(answer.status, problem);
  }

  file = (path = this.path) => `files/${path.split("/").map(encodeURIComponent).join("/")}`;

  save = (text, revision) =>
    this.send("PUT", this.file(), {
      body: text,
      headers: { "Content-Type": "text/plain; charset=utf-8", "If-Match": `"${revision}"` },
    });

  create = (path, text) =>
    this.send("PUT", this.file(path), { body: text, headers: { "Content-Type": "text/plain; charset=utf-8", "If-None-Match": "*" } });

  editing = () => this.send("POST", "editing", { json: { path: this.path } });

  check = (body) => this.send("POST", "check", { json: body === undefined ? {} : { path: this.path, body } });

  options = () => this.send("GET", `options?path=${encodeURIComponent(this.path)}`);

  names = (element, body) => this.send("POST", "names", { json: { path: this.path, element, body } });

  feel = (text, element, body) => this.send("POST", "feel", { json: { text, path: this.path, element, body } });

  cases = (query = "") => this.send("GET", `cases?q=${encodeURIComponent(query)}`);

  fields = () => this.send("GET", `fields?path=${encodeURIComponent(this.path)}`);

  decision = (body, more = {}) => this.send("POST", "decision", { json: { path: this.path, body, ...more } });

  // A page as the server renders it of text that is not saved: HTML for an <iframe srcdoc>.
  async preview(what, query, text) {
    const address = `${this.previews}/${what}?${new URLSearchParams(query)}`;
    const answer = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "X-CSRFToken": this.csrf, "Content-Type": "text/plain; charset=utf-8", Accept: "text/html" },
      body: text,
    });
    // 422 is a page too: it says what is wrong with the text.
    if (answer.ok || answer.status === 422) return answer.text();
    throw new Refused(answer.status, {});
  }
}
