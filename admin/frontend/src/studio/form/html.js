// form-js draws with the preact of its own; so do our fields on its canvas.
import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);
