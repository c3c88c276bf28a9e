"""Forms are made of their JSON, as staff would write it, and filled in through the public doors."""

import json

import pytest
from werkzeug.datastructures import MultiDict

from engine import forms


@pytest.fixture
def form():
    """A form of the given components: form(*components, english=…)."""

    def make(*components, english=None):
        content = json.dumps({"type": "default", "components": list(components)}).encode()
        return forms.read(content, "test/form", english)

    return make


@pytest.fixture
def fill(form):
    """A submission of one field through a browser: fill(component, "text", …) → BoundForm."""

    def send(component, *texts, locale="zh", **more):
        spec = form({"key": "x", "label": "这一项", **component})
        pairs = [("x", text) for text in texts] + [("csrf_token", "t")]
        return spec.bind(MultiDict(pairs), locale=locale, **more)

    return send


@pytest.fixture
def says(fill):
    """The sentence at the field, "" where the value holds."""

    def sentence(component, *texts, locale="zh"):
        bound = fill(component, *texts, locale=locale)
        return "" if bound.validate() else bound.errors["x"][0]

    return sentence


@pytest.fixture
def gives(fill):
    """The answer that a value becomes."""

    def answer(component, *texts):
        bound = fill(component, *texts)
        assert bound.validate(), bound.errors
        return bound.answers()["x"]

    return answer
