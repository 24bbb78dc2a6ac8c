"""Reading XES (IEEE 1849) as a stream: one trace in memory at a time, and of its events only what the mapping reads.

`<global>` declarations are not read. They promise that every trace has an attribute and name a value for tools that
create traces; in a trace that lacks the attribute the thing did not happen, and a default such as 1970-01-01 must not
become a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from caseapp.adapters.outside_files import BROKEN, Progress, opened, unreadable
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.exchange.event_log import EventMapping, RawCase, RawEvent

_CASE_PREFIX = "case:"
"""Tables made of logs put it before the names of case-level attributes; a mapping written for one fits the log too."""


def read_xes(path: Path, mapping: EventMapping, *, progress: Progress | None = None) -> Iterator[RawCase]:
    """Give every trace of an XES file, plain or gzip, in file order, with its line in the file.

    raises  InputError when the file cannot be read, is no XES, or has a document type (nothing good needs one); one
            that breaks off after the first trace ends with a case at fault
    """
    read = False
    try:
        with opened(path, progress=progress) as stream:
            for case in _traces(stream, path, mapping):
                read = True
                yield case
    except etree.XMLSyntaxError as wrong:
        line = wrong.lineno or 0
        message = Message(N_("XML 在第 %(line)s 行损坏，其后的内容无法读取"), {"line": line})
        if not read:
            raise InputError("", message) from wrong
        yield RawCase(line, "", fault=message)
    except BROKEN as wrong:
        if not read:
            raise unreadable(path, wrong) from wrong
        yield RawCase(0, "", fault=Message(N_("文件在此处损坏，其后的内容无法读取")))


def _traces(stream: BinaryIO, path: Path, mapping: EventMapping) -> Iterator[RawCase]:
    parser = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=("{*}log", "{*}trace", "{*}event"),
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Any = None
    trace: Any = None
    events: list[RawEvent] = []
    fault: Message | None = None
    for moment, element in parser:
        name = etree.QName(element).localname
        if root is None:
            if name != "log" or element.getparent() is not None:
                raise _no_xes(path)
            if element.getroottree().docinfo.doctype:
                raise InputError(
                    "", Message(N_("文件 %(file)s 带有文档类型声明（DOCTYPE），不予读取"), {"file": path.name})
                )
            root = element
        elif moment == "start":
            if name == "trace" and element.getparent() is root:
                trace, events, fault = element, [], None
        elif name == "event":
            if trace is None:
                yield RawCase(element.sourceline or 0, "", fault=Message(N_("事件不在任何案件（trace）之内")))
            elif element.getparent() is trace:
                event = _event(element, mapping)
                if isinstance(event, Message):
                    fault = fault or event
                else:
                    events.append(event)
            _forget(element)
        elif element is trace:
            yield _case(element, mapping, events, fault)
            trace = None
            _forget(element)
    if root is None:
        raise _no_xes(path)


def _case(trace: Any, mapping: EventMapping, events: list[RawEvent], fault: Message | None) -> RawCase:
    attributes = _attributes(trace)
    for name in (mapping.case, *mapping.case_attributes):
        plain = name.removeprefix(_CASE_PREFIX)
        if name not in attributes and plain in attributes:
            attributes[name] = attributes[plain]
    case_id = attributes.get(mapping.case, "")
    return RawCase(trace.sourceline or 0, case_id, attributes, events, fault)


def _event(element: Any, mapping: EventMapping) -> RawEvent | Message:
    attributes = _attributes(element)
    activity, time = attributes.get(mapping.activity), attributes.get(mapping.time)
    line = element.sourceline or 0
    if not activity:
        return Message(N_("第 %(line)s 行的事件没有活动名称（%(name)s）"), {"line": line, "name": mapping.activity})
    if not time:
        return Message(N_("第 %(line)s 行的事件没有时间（%(name)s）"), {"line": line, "name": mapping.time})
    return RawEvent(activity, time, line)


def _attributes(element: Any) -> dict[str, str]:
    """Return the attributes of a trace or event itself; those nested in attributes describe these and are left out."""
    return {
        key: value
        for child in element
        if (key := child.get("key")) is not None and (value := child.get("value")) is not None
    }


def _forget(element: Any) -> None:
    """Free an element and, where it is a trace or event, its elder siblings of the same kind.

    An element itself cannot be removed while the parser stands in it; its elder siblings can.
    """
    element.clear()
    parent = element.getparent()
    elder = element.getprevious()
    while elder is not None and (elder.tag == element.tag or parent.getparent() is None):
        parent.remove(elder)
        elder = element.getprevious()


def _no_xes(path: Path) -> InputError:
    return InputError("", Message(N_("文件 %(file)s 不是 XES 事件日志（最外层应为 log）"), {"file": path.name}))
