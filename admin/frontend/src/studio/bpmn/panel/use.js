// What every entry of the panel needs: the element's object, a way to change it, the studio's options, known names.
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

export const objectOf = (element) => element.businessObject;

// A process is edited at its pool too.
export const processOf = (element) => (objectOf(element).$instanceOf("bpmn:Participant") ? objectOf(element).processRef : objectOf(element));

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

// What is known at the element, as the server says; [] until it has answered.
export function useKnown(element) {
  const { known } = useStudio();
  const [names, setNames] = useState([]);
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
