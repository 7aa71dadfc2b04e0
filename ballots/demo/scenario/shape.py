"""JSON to annotated dataclasses: what a class says of its fields is the format. Pure; knows no meeting."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from cells import wording

MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Text:
    """A text of at most `longest` characters; `needed`: not empty; `lines`: may have line breaks."""

    longest: int
    needed: bool = False
    lines: bool = False


@dataclass(frozen=True)
class Between:
    """A number from `least` to `most`, with at most `decimals` decimals."""

    least: int
    most: int
    decimals: int = 0


def parse(data: bytes) -> Any:
    """The JSON value in `data`, numbers with a point as Decimal; ValueError with a Vietnamese sentence."""
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_key_twice,
        )
    except UnicodeDecodeError as error:
        raise ValueError("Tệp không phải là văn bản UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"Tệp không phải là JSON: sai ở dòng {error.lineno}.") from error
    except (ArithmeticError, RecursionError) as error:
        raise ValueError("Tệp có số quá lớn hoặc lồng nhau quá sâu.") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"Tệp không phải là JSON: “{name}” không phải là số.")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"Khoá “{twice}” xuất hiện hai lần trong cùng một bảng.")
    return table


class Reader:
    """Reads values by their annotations and collects what is wrong, with the place where it is.

    `malformed`: the shape is wrong (type, key, enumeration, range); `forbidden`: a text that may not stand
    there (hidden characters, empty, too long). What `read` returns is sound only while both are empty.
    """

    def __init__(self) -> None:
        """Start with nothing wrong."""
        self.malformed: list[str] = []
        self.forbidden: list[str] = []
        self._readers: dict[Any, Callable[[Any, Any, str], Any]] = {
            Annotated: self._annotated,
            Literal: self._literal,
            Union: self._union,
            UnionType: self._union,
            tuple: self._list,
            Mapping: self._mapping,
            bool: self._bool,
            int: self._int,
            Decimal: self._decimal,
            str: self._str,
            datetime: self._moment,
            Any: lambda _kind, value, _where: value,
        }

    def read(self, kind: Any, value: Any, where: str) -> Any:
        """The value as `kind`, an annotation; `where` is its path in the file ("" = the whole file)."""
        if is_dataclass(kind):
            return self._table(kind, value, where)
        origin = Annotated if hasattr(kind, "__metadata__") else get_origin(kind) or kind
        return self._readers[origin](kind, value, where)

    def _wrong(self, where: str, what: str) -> None:
        self.malformed.append(f"{where or 'Tệp kịch bản'} phải là {what}.")

    def _table(self, kind: Any, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong(where, "một bảng khoá và giá trị {…}")
        place = f", ở {where}" if where else ""
        hints = get_type_hints(kind, include_extras=True)
        own = {field.name: field for field in fields(kind)}
        self.malformed += [
            f"Khoá “{key}” không có trong mẫu kịch bản{place}." for key in value if key not in own
        ]
        self.malformed += [
            f"Thiếu khoá “{name}”{place}."
            for name, field in own.items()
            if name not in value and field.default is MISSING and field.default_factory is MISSING
        ]
        values = {
            name: self.read(hints[name], value[name], f"{where}.{name}" if where else name)
            for name in own
            if name in value
        }
        return None if self.malformed else kind(**values)

    def _annotated(self, kind: Any, value: Any, where: str) -> Any:
        inner, rule = get_args(kind)[:2]
        if isinstance(rule, Text) and isinstance(value, str):
            return self._text(rule, value, where)
        read = self.read(inner, value, where)
        if isinstance(rule, Between) and read is not None and not _fits(rule, read):
            self._wrong(where, f"số từ {rule.least} đến {rule.most}" + _decimals(rule))
        return read

    def _text(self, rule: Text, value: str, where: str) -> str:
        try:
            text = wording.many_lines(value) if rule.lines else wording.one_line(value)
        except ValueError as error:
            self.forbidden.append(f"{where}: {error}")
            return ""
        if rule.needed and not text:
            self.forbidden.append(f"{where} không được để trống.")
        if len(text) > rule.longest:
            self.forbidden.append(f"{where} dài quá {rule.longest} ký tự.")
        return text

    def _literal(self, kind: Any, value: Any, where: str) -> Any:
        words = get_args(kind)
        if not isinstance(value, str):
            return self._wrong(where, f"một trong các giá trị: {', '.join(words)}")
        if value not in words:
            self.malformed.append(
                f"{where}: “{value}” không thuộc các giá trị: {', '.join(words)}."
            )
        return value

    def _union(self, kind: Any, value: Any, where: str) -> Any:
        """`X | None`, or a word or a list: the JSON type of the value tells which."""
        choices = [choice for choice in get_args(kind) if choice is not NoneType]
        if value is None and len(choices) < len(get_args(kind)):
            return None
        lists = [choice for choice in choices if get_origin(choice) is tuple]
        others = [choice for choice in choices if choice not in lists]
        return self.read((lists if isinstance(value, list) and lists else others)[0], value, where)

    def _list(self, kind: Any, value: Any, where: str) -> Any:
        if not isinstance(value, list):
            return self._wrong(where, "một danh sách […]")
        inner = get_args(kind)[0]
        return tuple(self.read(inner, item, f"{where}[{i}]") for i, item in enumerate(value))

    def _mapping(self, kind: Any, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong(where, "một bảng khoá và giá trị {…}")
        key_kind, inner = get_args(kind)
        pairs = [
            (self.read(key_kind, key, f"{where}, khoá “{key}”"), item)
            for key, item in value.items()
        ]
        if len(dict(pairs)) < len(pairs):
            self.forbidden.append(f"{where}: có hai khoá cùng chỉ một người.")
        return {key: self.read(inner, item, f"{where}.{key}") for key, item in pairs}

    def _bool(self, _kind: Any, value: Any, where: str) -> Any:
        return value if isinstance(value, bool) else self._wrong(where, "true hoặc false")

    def _int(self, _kind: Any, value: Any, where: str) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if whole else self._wrong(where, "một số nguyên")

    def _decimal(self, _kind: Any, value: Any, where: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return self._wrong(where, "một số")
        return Decimal(value)

    def _str(self, _kind: Any, value: Any, where: str) -> Any:
        return value if isinstance(value, str) else self._wrong(where, "một chuỗi chữ")

    def _moment(self, _kind: Any, value: Any, where: str) -> Any:
        try:
            moment = datetime.strptime(value, MOMENT)  # noqa: DTZ007 - local time, as printed
        except (TypeError, ValueError):
            return self._wrong(where, "ngày giờ viết như “2026-12-04T19:30”")
        return moment


def _fits(rule: Between, value: int | Decimal) -> bool:
    if not rule.least <= value <= rule.most:
        return False
    return value == round(value, rule.decimals)


def _decimals(rule: Between) -> str:
    return f", tối đa {rule.decimals} chữ số thập phân" if rule.decimals else ""
