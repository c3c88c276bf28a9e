// What one choice of a person takes (a lane, its name, a step moved there) is undone in one step.
const COMMAND = "studio.together";

function Together(commandStack) {
  commandStack.register(COMMAND, { preExecute: ({ act }) => act() });
  this.run = (act) => commandStack.execute(COMMAND, { act });
}
Together.$inject = ["commandStack"];

export default { __init__: ["together"], together: ["type", Together] };
