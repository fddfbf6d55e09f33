"""Reading a page as a reader and a screen reader would: texts with their language, elements with their attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = frozenset({"meta", "link", "input", "br", "img", "wbr"})


@dataclass
class Element:
    """One element; `text` is all that is inside it, in order."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass(frozen=True)
class Run:
    """Some text in one language."""

    text: str
    language: str


@dataclass
class Document:
    """A page taken apart. `unbalanced` lists end tags that close nothing and elements that nothing closes."""

    elements: list[Element] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)

    def all(self, name: str, **attributes: str) -> list[Element]:
        """All elements of a name that have these attributes."""
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [each for each in self.elements if each.name == name and wanted.items() <= each.attributes.items()]

    def one(self, name: str, **attributes: str) -> Element:
        """The only element of this kind."""
        (found,) = self.all(name, **attributes)
        return found

    @property
    def text(self) -> str:
        """All that the body says, with single spaces."""
        return " ".join(self.one("body").text.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self.open: list[tuple[Element, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes)
        self.document.elements.append(element)
        if tag in EMPTY:
            return
        language = attributes.get("lang", self.open[-1][1] if self.open else "")
        self.open.append((element, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.document.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0].name != tag:
            self.document.unbalanced.append(tag)
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element, _ in self.open:
            element.text += data
        if self.open and data.strip():
            self.document.runs.append(Run(data, self.open[-1][1]))


def read_html(html: str) -> Document:
    """The page taken apart."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.document.unbalanced += [element.name for element, _ in reader.open]
    return reader.document


def said(html: str) -> str:
    """All that a page says, as one line."""
    return read_html(html).text
