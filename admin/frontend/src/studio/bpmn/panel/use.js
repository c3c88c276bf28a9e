// What every entry of the panel needs: the element's object, a way to change it, the studio's options, known names.
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

export const objectOf = (element) => element.businessObject;

// A process is edited at its pool too, and where nothing is chosen.
export function processOf(element) {
  const object = objectOf(element);
  if (object.$instanceOf("bpmn:Participant")) return object.processRef;
  if (object.$instanceOf("bpmn:Collaboration")) return object.participants?.find((one) => one.processRef)?.processRef;
  return object;
}

export const valueOf = (object, name) => object?.get(name) ?? "";

// set({ "qh:form": "signing/answer" }); an empty text takes the attribute away.
export function useSet(element, object = objectOf(element)) {
  const modeling = useService("modeling");
  return (values) => {
    const cleaned = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === "" || value === null ? undefined : value]));
    modeling.updateModdleProperties(element, object, cleaned);
  };
}

export const useStudio = () => useService("studio");

const NOT_YET = Object.assign([], { asked: true }); // the server has not answered

// What is known at the element, as the server says.
export function useKnown(element) {
  const { known } = useStudio();
  const [names, setNames] = useState(NOT_YET);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const tell = () => setTurn((last) => last + 1);
    known.listeners.add(tell);
    return () => known.listeners.delete(tell);
  }, []);
  useEffect(() => {
    let wanted = true;
    known.at(element.id).then((found) => wanted && setNames(found));
    return () => (wanted = false);
  }, [element.id, turn]);
  return names;
}
