// Ids that can be read: step_1, timer_2, flow_3. They stand in the office's records and statistics.
import BpmnFactory from "bpmn-js/lib/features/modeling/BpmnFactory";

const WORDS = {
  "bpmn:UserTask": "step",
  "bpmn:ServiceTask": "operation",
  "bpmn:BusinessRuleTask": "decision",
  "bpmn:CallActivity": "call",
  "bpmn:SubProcess": "part",
  "bpmn:Task": "step",
  "bpmn:StartEvent": "start",
  "bpmn:EndEvent": "end",
  "bpmn:BoundaryEvent": "event",
  "bpmn:IntermediateCatchEvent": "wait",
  "bpmn:IntermediateThrowEvent": "event",
  "bpmn:ExclusiveGateway": "choice",
  "bpmn:ParallelGateway": "parallel",
  "bpmn:EventBasedGateway": "first",
  "bpmn:SequenceFlow": "flow",
  "bpmn:Participant": "pool",
  "bpmn:Lane": "lane",
  "bpmn:TextAnnotation": "note",
};

class ReadableIds extends BpmnFactory {
  _ensureId(element) {
    const word = WORDS[element.$type];
    if (element.id || !word) return super._ensureId(element);
    const { ids } = this._model;
    let number = 1;
    while (ids.assigned(`${word}_${number}`)) number += 1;
    element.id = `${word}_${number}`;
    return ids.claim(element.id, element);
  }
}
ReadableIds.$inject = BpmnFactory.$inject;

export default { bpmnFactory: ["type", ReadableIds] };
