"""The studio's editors at a browser, by clicks and keys as a clerk would: diagram, form, text."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

#: Where an element, or a point of the drawing, lies in the window after the canvas was moved to it.
_PLACE = """([id, segment]) => {
  const canvas = qihang.modeler.get('canvas');
  const element = typeof id === 'string' && qihang.modeler.get('elementRegistry').get(id);
  if (element) canvas.scrollToElement(element, 140);
  else {
    const { width, height } = canvas.viewbox();
    canvas.viewbox({ x: id.x - width / 2, y: id.y - height / 2, width, height });
  }
  const box = document.querySelector('.studio-canvas').getBoundingClientRect(), view = canvas.viewbox();
  const to = (x, y) => ({ x: box.left + (x - view.x) * view.scale, y: box.top + (y - view.y) * view.scale });
  if (!element) return to(id.x, id.y);
  if (element.waypoints) {
    const [a, b] = element.waypoints.slice(segment);
    return to((a.x + b.x) / 2, (a.y + b.y) / 2);
  }
  return element.type === 'bpmn:Lane' ? to(element.x + 15, element.y + element.height / 2)
    : to(element.x + element.width / 2, element.y + element.height / 2);
}"""


class Editor:
    """The page of one file of a flow's draft."""

    def __init__(self, page: Page, process: str, path: str) -> None:
        self.page = page
        page.goto(f"/studio/{process}/edit?file={path}")
        self.mount = page.locator("[data-studio]")
        page.locator("[data-studio][data-ready], [data-studio][data-failed]").wait_for()
        self.wait_checked()

    @property
    def state(self) -> str | None:
        return self.mount.get_attribute("data-state")

    def wait_saved(self) -> None:
        """Until what was typed is on the server and was looked at by the checker."""
        expect(self.mount).to_have_attribute("data-state", "saved", timeout=10_000)
        self.wait_checked()

    def wait_checked(self) -> None:
        """Until the checker's answer is there."""
        expect(self.page.locator("[data-studio-findings]:not([aria-busy])")).to_be_visible(timeout=15_000)

    @property
    def findings(self) -> list[str]:
        return self.page.locator(".studio-findings li").all_inner_texts()


class Diagram(Editor):
    """bpmn-js: an element is clicked, the panel at its right is filled in."""

    def click(self, element: str) -> None:
        """Chooses an element by a click on it; the editor swallows one that comes at once after a drop."""
        place = self._place(element)
        chosen = self.page.locator(f'.djs-element.selected[data-element-id="{element}"]')
        for patience in (600, 5_000):
            self.page.mouse.click(place["x"], place["y"])
            with suppress(TimeoutError):
                return chosen.wait_for(state="attached", timeout=patience)
        return expect(chosen).to_have_count(1)

    @property
    def panel(self) -> Locator:
        return self.page.locator(".studio-panel")

    @property
    def chosen(self) -> str:
        """The id of the chosen element."""
        found: str = self.page.evaluate("qihang.modeler.get('selection').get()[0].id")
        return found

    def field(self, label: str) -> Locator:
        return self.panel.get_by_label(label, exact=True)

    def write(self, label: str, text: str) -> None:
        self.field(label).fill(text)
        self.field(label).blur()

    def choose(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def tick(self, group: str, option: str | re.Pattern[str]) -> None:
        self.panel.get_by_role("group", name=group).get_by_label(option).check()

    def condition(self, field: str, comparison: str, value: str) -> None:
        """Says when the chosen flow is taken, by field, comparison and value."""
        self.press("加一个条件")
        self.choose("字段", field)
        self.choose("怎么比", comparison)
        if self.field("值").evaluate("one => one.tagName") == "SELECT":
            self.choose("值", value)
        else:
            self.write("值", value)

    def otherwise(self) -> None:
        """Makes the chosen flow the one that is taken where no condition holds."""
        self.panel.get_by_label("都不符合时走这条").check()

    def press(self, button: str) -> None:
        self.panel.get_by_role("button", name=button, exact=True).click()

    def append(self, what: str) -> str:
        """Appends to the chosen element by its context pad; the new element's id, which is chosen then."""
        before = self.chosen
        self.page.locator(
            f'.djs-context-pad .entry:is([title="接着：{what}"], [aria-label="接着：{what}"])'
        ).click()
        self.page.wait_for_function("id => qihang.modeler.get('selection').get()[0]?.id !== id", arg=before)
        self.page.keyboard.press("Escape")  # its name is being typed
        return self.chosen

    def insert(self, what: str, flow: str, segment: int = 0) -> str:
        """Takes an element from the palette and drops it on a flow; its id."""
        return self._drop(what, flow, segment)

    def draw(self, what: str, x: int, y: int) -> str:
        """Takes an element from the palette and drops it at a point of the drawing; its id."""
        return self._drop(what, {"x": x, "y": y}, 0)

    def _drop(self, what: str, where: Any, segment: int) -> str:
        before = set(self._ids())
        at = self._place(where, segment)
        self.page.locator(f'.djs-palette .entry:is([title="{what}"], [aria-label="{what}"])').click()
        self.page.mouse.move(at["x"] - 40, at["y"] - 20)
        self.page.mouse.move(at["x"], at["y"], steps=5)
        self.page.mouse.click(at["x"], at["y"])
        self.page.keyboard.press("Escape")  # its name is being typed
        return next(one for one in self._ids() if one not in before and not one.endswith("_label"))

    def connect(self, source: str, target: str) -> str:
        """Leads a flow from one element to another by the context pad's arrow; its id, and it is chosen then."""
        self.click(source)
        self.page.locator(".djs-context-pad .entry[data-action=connect]").click()
        at = self._place(target)
        self.page.mouse.move(at["x"] - 20, at["y"] - 10)
        self.page.mouse.move(at["x"], at["y"], steps=5)
        self.page.mouse.click(at["x"], at["y"])
        flow = self.flow(source, target)
        self.click(flow)
        return flow

    def flow(self, source: str, target: str) -> str:
        """The id of the flow that leads from one element to another."""
        found: str = self.page.evaluate(
            "([source, target]) => qihang.modeler.get('elementRegistry').get(source).outgoing"
            ".filter(flow => flow.target.id === target).at(-1).id",
            [source, target],
        )
        return found

    def delete(self, element: str) -> None:
        """Chooses an element and presses the key."""
        self.click(element)
        self.page.keyboard.press("Delete")
        expect(self.page.locator(f'.djs-element[data-element-id="{element}"]')).to_have_count(0)

    def _place(self, where: Any, segment: int = 0) -> dict[str, float]:
        self.page.locator(".studio-stage").scroll_into_view_if_needed()
        found: dict[str, float] = self.page.evaluate(_PLACE, [where, segment])
        return found

    def _ids(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            "qihang.modeler.get('elementRegistry').filter(e => !e.waypoints).map(e => e.id)"
        )
        return found

    def xml(self) -> str:
        found: str = self.page.evaluate("qihang.modeler.saveXML({ format: true }).then(({ xml }) => xml)")
        return found


class Form(Editor):
    """form-js: a field is clicked, the panel at its right is filled in."""

    def click(self, label: str) -> None:
        """Chooses a field by a click on its label."""
        self.page.locator(".fjs-form-editor .fjs-form-field-label").filter(has_text=label).first.click(
            force=True
        )
        expect(self.page.locator(".bio-properties-panel-header-label")).to_contain_text(label)

    @property
    def panel(self) -> Locator:
        return self.page.locator(".fjs-properties-panel")

    def write(self, label: str, text: str) -> None:
        field = self.panel.get_by_label(label, exact=True)
        field.fill(text)
        field.blur()

    def add(self, kind: str, before: str = "") -> None:
        """Drags a kind of field from the palette to the end of the form, or above the field with that label."""
        mouse = self.page.mouse
        source = self._box(self.page.locator(".fjs-palette-field").filter(has_text=re.compile(f"^{kind}$")))
        mouse.move(source["x"] + 20, source["y"] + 20)
        mouse.down()
        mouse.move(source["x"] + 60, source["y"] + 30, steps=4)
        if before:
            row = self.page.locator(".fjs-form-editor .fjs-layout-row").filter(has_text=before)
            bar = self.page.locator(".fjs-form-editor .fjs-children > .gu-transit")  # where it would come
            for _again in range(8):  # the form makes room there, and everything below moves
                box = self._box(row)
                if bar.count() and -1 < box["y"] - self._box(bar)["y"] - self._box(bar)["height"] < 10:
                    break
                mouse.move(box["x"] + box["width"] / 2, box["y"] - 3, steps=6)
        else:
            box = self._box(self.page.locator(".fjs-form-editor .fjs-children, .fjs-empty-editor"))
            mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=12)
        mouse.up()

    def condition(self, field: str, value: str, comparison: str = "是") -> None:
        """The chosen field is shown only where another one, or something known, has this value."""
        self.panel.get_by_label("什么时候显示").select_option(label="符合条件才显示")
        self.panel.get_by_label("字段", exact=True).select_option(label=field)
        self.panel.get_by_label("怎么比").select_option(label=comparison)
        wanted = self.panel.get_by_label("值", exact=True)
        if wanted.evaluate("one => one.tagName") == "SELECT":
            wanted.select_option(label=value)
        else:
            wanted.fill(value)
            wanted.blur()

    @staticmethod
    def _box(locator: Locator) -> FloatRect:
        found = locator.first.bounding_box()
        assert found is not None
        return found


class Text(Editor):
    """The text itself."""

    @property
    def area(self) -> Locator:
        return self.page.locator(".studio-text")

    def replace(self, old: str, new: str) -> None:
        """Marks a piece of the text and types over it."""
        body = self.area.input_value()
        assert old in body, old
        at = body.index(old)
        self.area.evaluate(
            "(area, [from, to]) => { area.focus(); area.setSelectionRange(from, to); }", [at, at + len(old)]
        )
        self.page.keyboard.insert_text(new)

    def append(self, more: str) -> None:
        """Types at the end."""
        self.area.evaluate(
            "area => { area.focus(); area.setSelectionRange(area.value.length, area.value.length); }"
        )
        self.page.keyboard.insert_text(more)
