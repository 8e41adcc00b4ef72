"""Markup in a report's text, blanked out where it stands: HTML, Markdown, RTF, HL7 escapes, printed DICOM reports.

What ends a line becomes the end of a line, what ends bold print a tab, for a heading may end there; all else blanks. No
text changes its length.
"""

from __future__ import annotations

import re
from html import unescape

_VOID = "\u00ad"

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>(?i:br|p|div|span|b|i|u|em|strong|font|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|hr|pre"
    r"|html|head|body|title|style|script|section|center|small|big|sup|sub|a|img|meta|link|blockquote|code|dl|dt|dd|o:p"
    r"|paragraph|text|content|caption))\b[^<>]{0,400}>|<!--[^<>]{0,400}-->|<[!?][^<>]{0,400}>"
)
_BREAKS = frozenset(("br", "p", "div", "li", "tr", "hr", "ul", "ol", "table", "section", "title", "paragraph", "text"))
_BOLD = frozenset(("b", "u", "i", "em", "strong", "span", "font", "td", "th", "dt", "caption", "content"))
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
# One item of a printed structured report: <contains TEXT:(121071,DCM,"Finding")="Clear.">
_ITEM = re.compile(
    r"<(?:contains|inferred from|has [a-z ]{3,24}) [A-Z]+:\([^()\"<>]{0,40}\"(?P<name>[^\"<>]{1,64})\"\)=\"?"
)
_ESCAPE = re.compile(
    r"\\(?:\.(?P<form>[a-z]{2})[^\\\n]{0,6}|X(?P<hex>(?:[0-9A-Fa-f]{2}){1,20})|(?P<sign>[FSTREHN])"
    r"|[CMZ][0-9A-F]{4,6})\\"
)
_SIGNS = {"F": "|", "S": " ", "T": "&", "R": "~", "E": "/"}
_TYPED = re.compile(r"\\r\\n|\\n|\\r|\\t|_x000[dDaA9]_")
_TILDE = re.compile(r"~(?![ \t]?\d)|~(?=\d{1,2}[.)][ \t])")  # "~5 mm" is about a size
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,120}?)(?<=\S)\1(?![\w*])")

_RTF = re.compile(
    r"\\(?:'(?P<byte>[0-9a-fA-F]{2})|u(?P<code>-?\d{1,6}) ?\??|(?P<word>[a-z]{1,32})(?P<number>-?\d{0,8}) ?|[^a-z])"
)
_BRACES = re.compile(r"\\[{}\\]|\{\\(?:fonttbl|colortbl|stylesheet|info|\*|header|footer|pict|listtable)|[{}]")
_RTF_BREAKS = frozenset(("par", "line", "sect", "page", "row"))
_RTF_TABS = frozenset(("tab", "cell"))


def without_markup(text: str) -> str:
    """``text`` with markup as what it means, every character at its place."""
    if "\\" in text:
        text = _without_rtf(text) if "{\\rtf" in text or "\\par" in text else _ESCAPE.sub(_escaped, text)
        text = _TYPED.sub(_typed, text)
    elif "_x000" in text:
        text = _TYPED.sub(_typed, text)
    if "<" in text:
        text = _TAG.sub(_tag, _ITEM.sub(_item, text))
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if "~" in text:
        text = _TILDE.sub("\n", text)
    return _EMPHASIS.sub(_emphasis, text) if "*" in text else text


def _tag(match: re.Match[str]) -> str:
    name = (match["name"] or "").lower()
    length = len(match[0])
    if name in _BREAKS or (name[:1] == "h" and name[1:].isdecimal()):
        return "\n".ljust(length)
    return ("\t" if match["close"] and name in _BOLD else " ").ljust(length)


def _item(match: re.Match[str]) -> str:
    first, last = match.start("name") - match.start(), match.end("name") - match.start()
    return "\n".ljust(first) + match["name"] + ":".ljust(len(match[0]) - last)


def _entity(match: re.Match[str]) -> str:
    character = unescape(match[0])
    if character == match[0]:
        return character
    blank = character.isspace() or len(character) > 1 or not character.isprintable()
    return " " * len(match[0]) if blank else character.ljust(len(match[0]), _VOID if character.isalnum() else " ")


def _escaped(match: re.Match[str]) -> str:
    """An escape of HL7 v2 (2.7 of its second chapter)."""
    code = bytes.fromhex(match["hex"]) if match["hex"] else b""
    breaks = match["form"] in ("br", "sp", "ce") or b"\n" in code or b"\r" in code
    meant = _SIGNS.get(match["sign"] or "", " ")
    if len(code) == 1 and 32 < code[0] < 127:
        meant = chr(code[0])
    return ("\n" if breaks else meant).ljust(len(match[0]))


def _typed(match: re.Match[str]) -> str:
    """Escapes that some program wrote out: the two characters of a line's end, or a spreadsheet's seven."""
    return ("\t" if match[0] in ("\\t", "_x0009_") else "\n").ljust(len(match[0]))


def _emphasis(match: re.Match[str]) -> str:
    marks = len(match[1])
    return " " * marks + match[2] + "\t".ljust(marks)


def _without_rtf(text: str) -> str:
    text = _without_groups(text.replace("\r", " ").replace("\n", " "))
    return _RTF.sub(_control, text).translate({ord("{"): " ", ord("}"): " "})


def _without_groups(text: str) -> str:
    """Without the tables of fonts, colours and styles, whose words are nobody's."""
    kept: list[str] = []
    start = depth = 0
    dropped: int | None = None
    for match in _BRACES.finditer(text):
        if match[0][0] == "{":
            if dropped is None and len(match[0]) > 1:
                dropped = depth
                kept.append(text[start : match.start()])
                start = match.start()
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if dropped is not None and depth <= dropped:
                kept.append(" " * (match.end() - start))
                start, dropped = match.end(), None
    return "".join([*kept, text[start:]])


def _control(match: re.Match[str]) -> str:
    length = len(match[0])
    if match["byte"]:
        character = bytes.fromhex(match["byte"]).decode("cp1252", "replace")
        return character.ljust(length, _VOID) if not character.isspace() else " " * length
    if match["code"]:
        code = int(match["code"]) % 0x10000
        return (chr(code) if not 0xD800 <= code < 0xE000 and chr(code).isprintable() else " ").ljust(length, _VOID)
    word, number = match["word"], match["number"]
    if word in _RTF_BREAKS:
        return "\n".ljust(length)
    ends_bold = word in ("b", "ul") and number == "0" or word == "ulnone"
    return ("\t" if ends_bold or word in _RTF_TABS else " ").ljust(length)
