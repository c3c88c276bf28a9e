"""The browser's FEEL and ours give the same values for what forms ask (browser_cases.yaml)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import feel

CASES = yaml.safe_load((Path(__file__).parent / "browser_cases.yaml").read_text(encoding="utf-8"))
FRONTEND = Path(__file__).resolve().parents[3] / "admin" / "frontend"
# form-js 1.23 evaluates through @bpmn-io/feelin; `big` numbers are its own classes, so all are made plain.
SCRIPT = """
import { evaluate } from '@bpmn-io/feelin';
const cases = JSON.parse(await new Promise((done) => {
  let text = ''; process.stdin.on('data', (part) => text += part).on('end', () => done(text));
}));
const value = (found) => (found !== null && typeof found === 'object' && 'value' in found && 'warnings' in found)
  ? found.value : found;
console.log(JSON.stringify(cases.map((one) => {
  try { return { value: value(evaluate(one.text, one.context)) ?? null }; }
  catch (error) { return { error: String(error) }; }
})));
"""


def plain(value: Any) -> Any:
    """Decimals as JSON's numbers."""
    return json.loads(json.dumps(value, default=float))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_the_server_gives_the_value(case: dict[str, Any]) -> None:
    found = feel.compile(case["text"], case["context"]).evaluate(case["context"])
    assert plain(found) == case["value"]
    assert isinstance(found, bool) == isinstance(case["value"], bool)


@pytest.mark.skipif(
    shutil.which("node") is None or not (FRONTEND / "node_modules" / "@bpmn-io" / "feelin").exists(),
    reason="needs node and admin/frontend/node_modules",
)
def test_the_browser_gives_the_same_values() -> None:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT],
        cwd=FRONTEND,
        input=json.dumps(CASES),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    results = json.loads(done.stdout)
    different = [
        (case["text"], case["context"], case["value"], result)
        for case, result in zip(CASES, results, strict=True)
        if result.get("value", result) != case["value"]
    ]
    assert different == []
