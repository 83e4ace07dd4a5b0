"""A letter, cleaned, as plain text and as HTML."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from remotehandsd.kit.mail.letter import Letter, Passage


@cache
def _template() -> Template:
    pages = Environment(
        loader=PackageLoader("remotehandsd.kit.mail", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("letter.html")


def as_text(letter: Letter) -> str:
    """Return the letter as plain text; other people's words stand behind `> `."""
    width = max((len(name) for name, _ in letter.facts), default=0) + 2
    blocks = [
        letter.greeting,
        *map(_told, letter.passages),
        "\n".join(f"{name + ':':<{width}}{value}" for name, value in letter.facts),
        letter.link,
        "-- \n" + "\n".join(letter.ending),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _told(passage: Passage) -> str:
    lines = [passage.what]
    if passage.when:
        lines.append(passage.when)
    if passage.quoted:
        lines += ["> " + line for line in passage.quoted.split("\n")]
    return "\n".join(lines)


def as_html(letter: Letter) -> str:
    """Return the letter as HTML: nothing in it is fetched from anywhere, and every text is escaped."""
    return _template().render(letter=letter)
