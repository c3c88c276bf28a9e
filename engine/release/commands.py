"""`qihang check|test|deploy PATH`, as functions that take a writer of lines and give an exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from engine import catalog
from engine.actors import Actor
from engine.catalog import DeploymentRefused, Files, Finding
from engine.release.rehearse import ScenarioResult, coverage, rehearse

Say = Callable[[str], object]


def check_paths(paths: Iterable[Path | str], say: Say, *, locale: str = "zh", roles: bool = False) -> int:
    """Checks the content at or around the paths; findings below them are told. 1 where one is an error.

    `roles`: also take the roles that this database has, not only those of a new one.
    """
    wanted = [Path(path).resolve() for path in paths]
    errors = warnings = 0
    for root in sorted({catalog.content_root(path) for path in wanted}):
        files = catalog.read_folder(root)
        found = catalog.check(files, roles=catalog.known_roles() if roles else None)
        for finding in found:
            if _below(root / finding.file, wanted, root):
                say(finding.text(locale))
                errors += finding.is_error
                warnings += not finding.is_error
    say(_counted(errors, warnings, locale))
    return 1 if errors else 0


def _below(file: Path, wanted: list[Path], root: Path) -> bool:
    return any(path in (root, file) or path in file.parents for path in wanted)


def _counted(errors: int, warnings: int, locale: str) -> str:
    if locale.startswith("en"):
        return f"{errors} errors, {warnings} warnings"
    return f"{errors} 处错误，{warnings} 处提醒"


def run_paths(paths: Iterable[Path | str], say: Say, *, locale: str = "zh") -> int:
    """Runs the scenarios of the processes below the paths and tells what went otherwise, and which flows no
    scenario has taken. 1 where a scenario failed."""
    wanted = [Path(path).resolve() for path in paths]
    failed = 0
    for root in sorted({catalog.content_root(path) for path in wanted}):
        files = catalog.read_folder(root)
        for process_id in catalog.process_ids(files):
            file = root / str(next(p for p in files if p.endswith(f"/{process_id}.bpmn")))
            if _below(file, wanted, root):
                failed += _test_process(files, process_id, say, locale)
    return 1 if failed else 0


def _test_process(files: Files, process_id: str, say: Say, locale: str) -> int:
    try:
        results = rehearse(files, process_id)
    except DeploymentRefused as refused:
        for finding in (f for f in refused.findings if f.is_error):
            say(finding.text(locale))
        return 1
    for result in results:
        for line in _told(process_id, result, locale):
            say(line)
    missing = sorted(coverage(files, process_id, results).flows_not_taken)
    if results and missing:
        head = "no scenario takes" if locale.startswith("en") else "没有情景走过"
        say(f"{process_id}: {head} {', '.join(missing)}")
    return sum(not result.passed for result in results)


def _told(process_id: str, result: ScenarioResult, locale: str) -> Iterable[str]:
    english = locale.startswith("en")
    word = ("ok" if result.passed else "FAILED") if english else ("通过" if result.passed else "不符")
    yield f"{process_id} · {result.name}: {word}"
    for step in result.steps:
        if not step.passed:
            yield f"    {result.file}:{step.line} {step.said} — {step.problem.text(locale) if step.problem else ''}"


def deploy_path(
    path: Path | str, say: Say, *, author: Actor | None = None, note: str = "", locale: str = "zh"
) -> int:
    """Deploys the content at a path, whatever is live. 1 where the check refuses it."""
    files = catalog.read_folder(catalog.content_root(Path(path)))
    try:
        deployment = catalog.deploy(files, author=author, note=note, source="deploy")
    except DeploymentRefused as refused:
        for finding in refused.findings:
            say(finding.text(locale))
        return 1
    if deployment is None:
        say("nothing has changed" if locale.startswith("en") else "没有变化，未部署")
        return 0
    for definition in catalog.live_all():
        if definition.deployment_id == deployment.id:
            say(f"{definition.title(locale)} 第{definition.version}版")
    return 0


def export_path(path: Path | str, say: Say) -> int:
    """Writes what is live into `processes/` and `forms/` of a folder."""
    for changed in catalog.write_folder(path, catalog.live_files()):
        say(changed)
    return 0


def findings_of(files: Files, process_id: str) -> list[Finding]:
    """The findings that concern one process: of its own files and of all it refers to."""
    wanted = set(catalog.closure(files, process_id))
    return [f for f in catalog.check(files, only=[process_id]) if f.file in wanted]
