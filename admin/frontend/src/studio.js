// The studio's editors. An element <div class="studio-editor" data-studio="bpmn|dmn|form|text|yaml" …> becomes the
// editor of one file of a draft; each kind of editor is fetched when it is wanted, so a page loads only its own.
import "./studio/shell.css";

import { Session } from "./studio/session.js";
import { loadWords, say } from "./studio/words.js";

const editors = {
  bpmn: () => import("./studio/bpmn/editor.js"),
  dmn: () => import("./studio/dmn/editor.js"),
  form: () => import("./studio/form/editor.js"),
  text: () => import("./studio/text/editor.js"),
  yaml: () => import("./studio/text/editor.js"),
};

async function start(mount) {
  const began = performance.now();
  const module = editors[mount.dataset.studio]; // asked for first, so that all comes at once
  const loading = module?.();
  const session = new Session(mount);
  if (["bpmn", "form"].includes(mount.dataset.studio)) session.ask();
  await loadWords(mount.dataset.locale);
  try {
    const { open } = await loading;
    await session.open(open);
    mount.dataset.ready = "1";
    mount.dataset.took = String(Math.round(performance.now() - began));
  } catch (error) {
    session.giveUp(say("编辑器打不开这个文件：{why}", { why: error.message ?? error }));
    console.error(error);
  }
}

for (const mount of document.querySelectorAll("[data-studio]")) start(mount);
