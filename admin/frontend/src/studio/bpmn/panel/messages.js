// An event that waits for an act gets a message of its own as soon as it is drawn: the engine tells acts apart by it.
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";

import { rootOf } from "./general.jsx";

class Messages extends CommandInterceptor {
  constructor(eventBus, moddle, modeling) {
    super(eventBus);
    this.postExecuted(["shape.create", "shape.replace", "elements.create", "elements.paste"], ({ context }) => {
      const shapes = [context.shape, context.newShape, ...(context.elements ?? [])].filter(Boolean);
      for (const shape of shapes) this.name(shape, moddle, modeling);
    });
  }

  name(shape, moddle, modeling) {
    const event = shape.businessObject;
    if (!event?.$instanceOf?.("bpmn:CatchEvent") || event.$instanceOf("bpmn:StartEvent") || shape.type === "label") return;
    const definition = event.eventDefinitions?.[0];
    if (definition?.$type !== "bpmn:MessageEventDefinition" || definition.messageRef) return;
    const root = rootOf(event);
    if (!root.rootElements) return;
    const message = moddle.create("bpmn:Message", { id: moddle.ids.nextPrefixed("message_"), name: `${event.id}_message`.toLowerCase() });
    message.$parent = root;
    modeling.updateModdleProperties(shape, root, { rootElements: [...root.rootElements, message] });
    modeling.updateModdleProperties(shape, definition, { messageRef: message });
  }
}
Messages.$inject = ["eventBus", "moddle", "modeling"];

export default { __init__: ["studioMessages"], studioMessages: ["type", Messages] };
