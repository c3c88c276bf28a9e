"""What a process refers to: the files that make up one version of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine import bpmn
from engine.bpmn import Process
from engine.catalog.files import Files, decision_path, folder, form_path, process_path, sibling, stem


def words(text: str | None) -> list[str]:
    """The parts of a list attribute: separated by spaces or commas, Chinese ones too."""
    return (text or "").replace("，", " ").replace(",", " ").split()


def forms_of(process: Process) -> set[str]:
    """Keys of the forms that a process shows."""
    return {node.ext["form"] for node in process.all_nodes() if node.ext.get("form")}


def decisions_of(process: Process) -> set[str]:
    """Keys of the decision files that a process asks, without `#decision`."""
    return {node.decision.partition("#")[0] for node in process.all_nodes() if node.decision}


def called_of(process: Process) -> set[str]:
    """Ids of the processes that a process calls."""
    return {node.called_element for node in process.all_nodes() if node.called_element}


def operations_of(process: Process) -> set[str]:
    """Names of the operations that a process calls."""
    return {node.operation for node in process.all_nodes() if node.operation}


def read_process(files: Files, process_id: str) -> Process:
    """The process of a set of files. Raises KeyError where it is not there, bpmn.DiagramUnreadable."""
    path = process_path(files, process_id)
    if path is None:
        raise KeyError(process_id)
    return next(p for p in bpmn.read(files[path]) if p.id == process_id)


def closure(files: Files, process_id: str) -> list[str]:
    """Paths of all that a version of a process consists of, those that are there: its diagram and what
    lies beside it, its forms and decisions, the documents' texts of its folder that are its own, and the same of every
    process it calls. Raises KeyError, bpmn.DiagramUnreadable.
    """
    found: set[str] = set()
    for called in _with_called(files, process_id):
        path = process_path(files, called.id)
        assert path is not None
        found.update(_around(files, path, called))
    return sorted(found)


def _with_called(files: Files, process_id: str) -> Iterable[Process]:
    known: dict[str, Process] = {}
    waiting = [process_id]
    while waiting:
        name = waiting.pop()
        if name in known or (known and process_path(files, name) is None):
            continue
        known[name] = read_process(files, name)
        waiting.extend(sorted(called_of(known[name])))
    return known.values()


#: Document (the stem of its text) → the operation that makes the thing it is the paper of.
_makers: dict[str, str] = {}


def document_of(name: str, operation: str) -> None:
    """Says which operation a document's text belongs to: to the flows that call it, and to no other. One of which
    nothing is said belongs to every flow of its folder."""
    _makers[name] = operation


def _is_document_of(path: str, process: Process) -> bool:
    maker = _makers.get(stem(path))
    return path.endswith(".html") and (maker is None or maker in operations_of(process))


def _around(files: Files, path: str, process: Process) -> Iterator[str]:
    wanted = {path, *(sibling(path, ending) for ending in ("en.yaml", "notices.yaml", "scenarios.yaml"))}
    for key in forms_of(process):
        wanted |= {form_path(key), f"forms/{key}.en.yaml"}
    for key in decisions_of(process):
        wanted |= {decision_path(key), f"processes/{key}.en.yaml"}
    wanted |= {name for name in files if folder(name) == folder(path) and _is_document_of(name, process)}
    return (name for name in wanted if name in files)
