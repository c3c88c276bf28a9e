"""From draft to live: scenarios rehearsed on a scratch database, and the commands of content."""

from __future__ import annotations

from engine.release.rehearse import Coverage, ScenarioResult, StepResult, coverage, rehearse

__all__ = ["Coverage", "ScenarioResult", "StepResult", "coverage", "rehearse"]
