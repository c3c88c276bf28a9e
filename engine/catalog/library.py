"""A set of content files, read as far as it can be: what the checks look at. What cannot be read is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine import bpmn, decisions, feel, forms, notify
from engine.bpmn import Process
from engine.catalog.files import MAX_BYTES, Files, folder, known_path, sibling, stem
from engine.catalog.findings import Finding, finding
from engine.catalog.references import forms_of
from engine.catalog.scenarios import Scenario, read_scenarios
from engine.catalog.yaml_lines import YamlUnreadable, read_yaml
from engine.decisions import Model
from engine.errors import QihangError, Sentence
from engine.forms import FieldSpec, FormSpec
from engine.notify import Notices
from engine.notify.texts import Text, TextWrong


@dataclass(frozen=True, slots=True)
class Diagram:
    """A readable diagram file with its one process."""

    path: str
    process: Process


@dataclass
class Library:
    """What the files hold. A form or decision that is there but unreadable is None: known, and found already."""

    files: Files
    roles: Mapping[str, str]
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    forms: dict[str, FormSpec | None] = field(default_factory=dict)
    decisions: dict[str, Model | None] = field(default_factory=dict)
    notices: dict[str, Notices] = field(default_factory=dict)
    scenarios: dict[str, list[Scenario]] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, sentence: Sentence, *, file: str, line: int | None = None, **place: str) -> None:
        """Adds a finding about a file."""
        self.findings.append(finding(code, sentence, file=file, line=line, **place))


def read_library(files: Files, roles: Mapping[str, str]) -> Library:
    """Reads every file; problems are in `findings`."""
    library = Library(files, roles)
    for path in sorted(files):
        if not known_path(path):
            library.add(
                "file.unknown",
                Sentence(
                    "文件名应为小写字母、数字和下划线，放在 processes/ 或 forms/ 下，后缀为 bpmn、dmn、form、"
                    "html、notices.yaml、scenarios.yaml 或 en.yaml。",
                    "File names are snake_case under processes/ or forms/, and end in .bpmn, .dmn, .form, .html, "
                    ".notices.yaml, .scenarios.yaml or .en.yaml.",
                ),
                file=path,
            )
        elif len(files[path]) > MAX_BYTES:
            library.add(
                "file.too_large",
                Sentence("文件超过 1 MB，请拆小。", "The file is over 1 MB; please split it."),
                file=path,
            )
        else:
            _READERS[path.partition(".")[2]](library, path, files[path])
    for path, text in library.texts.items():
        _check_template(library, path, text)
    return library


def _read_diagram(library: Library, path: str, body: bytes) -> None:
    try:
        processes = bpmn.read(body)
    except QihangError as error:
        library.add("xml.unreadable", error.sentence, file=path, line=getattr(error, "line", None))
        return
    if len(processes) != 1:
        library.add(
            "process.several",
            Sentence(
                f"一个文件只放一个流程，这里有 {len(processes)} 个。别的流程各放一个文件，用“调用活动”引用。",
                f"A file holds one process; this one has {len(processes)}. Put others into files of their own and "
                "refer to them by call activities.",
            ),
            file=path,
        )
        return
    process = processes[0]
    if process.id != stem(path):
        library.add(
            "process.id",
            Sentence(
                f"流程标识是“{process.id}”，文件名是“{stem(path)}”，两者要一样。",
                f"The process id is {process.id} and the file is called {stem(path)}; they must be the same.",
            ),
            file=path,
            element_id=process.id,
        )
    if process.id in library.diagrams:
        library.add(
            "id.duplicate",
            Sentence(
                f"还有一个文件的流程也叫“{process.id}”：{library.diagrams[process.id].path}。",
                f"{library.diagrams[process.id].path} holds a process of the same id.",
            ),
            file=path,
            element_id=process.id,
        )
        return
    library.diagrams[process.id] = Diagram(path, process)


def _read_form(library: Library, path: str, body: bytes) -> None:
    key = path.removeprefix("forms/").removesuffix(".form")
    library.forms[key] = None
    try:
        library.forms[key] = forms.read(body, key=key, english=english(library.files, path))
    except QihangError as error:
        library.add("form.wrong", error.sentence, file=path, line=getattr(error, "line", None))


def _read_decision(library: Library, path: str, body: bytes) -> None:
    key = path.removeprefix("processes/").removesuffix(".dmn")
    library.decisions[key] = None
    try:
        library.decisions[key] = decisions.read(body)
    except (QihangError, feel.FeelError) as error:
        library.add("decision.wrong", error.sentence, file=path, line=getattr(error, "line", None))


def _read_notices(library: Library, path: str, body: bytes) -> None:
    library.notices[path] = notices = notify.read(body)
    for problem in notices.findings:
        library.add(
            "notice.wrong", problem.sentence, file=path, line=problem.line, element_id=problem.element_id
        )


def _read_scenarios(library: Library, path: str, body: bytes) -> None:
    try:
        library.scenarios[path] = read_scenarios(body)
    except YamlUnreadable as error:
        library.add("scenario.wrong", error.sentence, file=path, line=error.line)


#: Document (the stem of its text) → the names that the text may read; those who print it register them.
_document_names: dict[str, Mapping[str, Sentence]] = {}


def register_document(name: str, names: Mapping[str, Sentence]) -> None:
    """Says what the text of a document may read, so that a misspelt name is found before it goes live."""
    _document_names[name] = dict(names)


def document_names(name: str) -> Mapping[str, Sentence]:
    """What the text of a document may read, in words; nothing is known of one that nobody registered."""
    return _document_names.get(name, {})


def fields_asked(library: Library, path: str) -> dict[str, FieldSpec]:
    """What else the text of a document may read: the fields that the flows of its folder ask for, by key.
    An answer to one is filled in as it stood when the document was made."""
    found: dict[str, FieldSpec] = {}
    for diagram in library.diagrams.values():
        if folder(diagram.path) == folder(path):
            forms_ = (library.forms.get(key) for key in sorted(forms_of(diagram.process)))
            found |= {field.key: field for form in forms_ if form is not None for field in form.fields}
    return found


def _read_template(library: Library, path: str, body: bytes) -> None:
    try:
        library.texts[path] = Text(body.decode("utf-8"), html=True)
    except UnicodeDecodeError:
        library.add("template.wrong", Sentence("文件不是 UTF-8 编码。", "The file is not UTF-8."), file=path)
    except TextWrong as error:
        library.add("template.wrong", error.sentence, file=path, line=error.line)


def _check_template(library: Library, path: str, text: Text) -> None:
    known = _document_names.get(stem(path))
    if known is None:
        return
    for name in sorted({way[0] for way in text.paths} - known.keys() - fields_asked(library, path).keys()):
        library.add(
            "template.wrong",
            Sentence(
                f"文书里没有“{name}”可填。可用的有：{'、'.join(sorted(known))}。",
                f"The document has no value {name}. It has: {', '.join(sorted(known))}.",
            ),
            file=path,
        )


def _read_english(library: Library, path: str, body: bytes) -> None:
    try:
        data = read_yaml(body)
    except YamlUnreadable as error:
        library.add("yaml.unreadable", error.sentence, file=path, line=error.line)
        return
    if data is not None and not isinstance(data, Mapping):
        library.add(
            "yaml.unreadable",
            Sentence("应是“标识: 英文”。", "It should map ids to English texts."),
            file=path,
        )


def decision_id(name: str, model: Model) -> str:
    """Which decision of a file a name means: the one after `#`, the one named like the file, the last one."""
    wanted = name.partition("#")[2] or name.partition("#")[0].rpartition("/")[2]
    if wanted in model.decisions or "#" in name or not model.decisions:
        return wanted
    return list(model.decisions)[-1]


def english(files: Files, path: str) -> dict[str, str]:
    """Id → English text beside a file; nothing where there is none or it cannot be read."""
    body = files.get(sibling(path, "en.yaml"))
    if body is None:
        return {}
    try:
        data = read_yaml(body)
    except YamlUnreadable:
        return {}
    if not isinstance(data, Mapping):
        return {}
    return {str(key): str(value) for key, value in data.items() if value is not None}


_READERS = {
    "bpmn": _read_diagram,
    "dmn": _read_decision,
    "form": _read_form,
    "html": _read_template,
    "notices.yaml": _read_notices,
    "scenarios.yaml": _read_scenarios,
    "en.yaml": _read_english,
}
