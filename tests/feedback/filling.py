"""Opens, reads and sends the rating form as a program does."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client

#: Answers of a form that nothing is wrong with.
GOOD = {"attitude": "4", "time": "5", "clarity": "0", "fees": "3"}


class Page(HTMLParser):
    """What a program sees: the first POST form's fields, ids, links."""

    def __init__(self, response) -> None:
        super().__init__()
        self.text = response.content.decode()
        self.forms: list[dict] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._area: str | None = None
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "form":
            empty: dict[str, dict] = {
                "hidden": {},
                "radios": {},
                "checked": {},
                "boxes": {},
                "texts": {},
            }
            self.forms.append({"attrs": values, "ticked": [], **empty})
        elif self.forms and tag == "input":
            form, kind, name = self.forms[-1], values.get("type"), values.get("name")
            if kind == "hidden":
                form["hidden"][name] = values["value"]
            elif kind == "radio":
                form["radios"].setdefault(name, []).append(values["value"])
                if "checked" in values:
                    form["checked"][name] = values["value"]
            elif kind == "checkbox":
                form["boxes"].setdefault(name, []).append(values["value"])
                if "checked" in values:
                    form["ticked"].append((name, values["value"]))
            elif kind == "text":
                form["texts"][name] = values["value"]
        elif self.forms and tag == "textarea":
            self._area = values["name"]
            self.forms[-1].setdefault("areas", {})[self._area] = ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.forms[-1]["areas"][self._area] += data

    @property
    def form(self) -> dict:
        return self.forms[0]

    @property
    def token(self) -> str:
        return self.form["hidden"]["token"]


def opened(client: Client, address: str = "/r/ABC0123") -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(response)


def send(client: Client, page: Page, **answers):
    data = {**page.form["hidden"], **{k: v for k, v in answers.items() if v is not None}}
    return client.post(page.form["attrs"]["action"], data)
