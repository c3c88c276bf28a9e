"""A process made ready to run: read once, shared by all threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import bpmn
from engine.spiff.building import Builder
from engine.spiff.mends import ProcessSpec
from engine.spiff.run import Run, Services
from engine.spiff.scopes import Scope


class Program:
    """A process and those it calls, as SpiffWorkflow's specs by name. Nothing in it changes while it runs."""

    def __init__(self, process_id: str, specs: Mapping[str, ProcessSpec]) -> None:
        self.process_id = process_id
        self.specs = specs

    def start(self, services: Services, variables: Mapping[str, Any]) -> Run:
        """A new run with its first variables; `advance` sets it going."""
        run = self._run(services, Scope(values=dict(variables)))
        run.begin()
        return run

    def restore(self, state: bytes, variables: Mapping[str, Any], services: Services) -> Run:
        """The run whose `dump` gave `state` and `variables`.

        Raises NotRunnable where the state is of another format or names an element that is not there.
        """
        run = self._run(services, Scope.restored(variables))
        run.load(state)
        return run

    def _run(self, services: Services, scope: Scope) -> Run:
        return Run(self.specs[self.process_id], self.specs, services, scope)


def load(files: Mapping[str, bytes], process_id: str) -> Program:
    """Reads BPMN files; `process_id` and what it calls must be among them.

    Raises NotRunnable and DiagramUnreadable. The files have passed the checker: what the engine would run
    wrongly (`unsupported`) is not looked for again.
    """
    processes = {process.id: process for body in files.values() for process in bpmn.read(body)}
    builder = Builder(processes)
    builder.process(process_id)
    return Program(process_id, builder.specs)
