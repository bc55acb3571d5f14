"""The source of functions and classes of this package together with all that it refers to, as one plain text."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from types import ModuleType

PACKAGE = "ganlab"


@dataclass(frozen=True)
class Piece:
    """Some Python of the script."""

    code: str

    @cached_property
    def defines(self) -> tuple[str, ...]:
        """The names that it defines at the top."""
        return tuple(chain.from_iterable(map(_defined, self._tree.body)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the variables and functions that it reads or assigns, at any depth."""
        return frozenset(node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name))

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self.code)


@dataclass
class SourceCode:
    """Pieces of source in an order in which they run, and the imports that they need from elsewhere."""

    imports: set[str] = field(default_factory=lambda: {"from __future__ import annotations"})
    pieces: dict[str, str] = field(default_factory=dict)  # by the name that each defines

    def add(self, *needed: object) -> None:
        """Add these functions and classes, each after what it refers to."""
        for piece in needed:
            self._add(importlib.import_module(str(piece.__module__)), str(getattr(piece, "__name__", "")))

    def _add(self, module: ModuleType, name: str) -> None:
        if name in self.pieces:
            return
        defined = _definitions(module)[name]
        if isinstance(defined, ast.Import | ast.ImportFrom):
            self._import(defined, name)
            return
        for used in sorted(set(_free_names(defined)) - {name}):
            if used in _definitions(module):
                self._add(module, used)
        self.pieces[name] = _text(module, defined)

    def _import(self, line: ast.Import | ast.ImportFrom, name: str) -> None:
        origin = (line.module or "") if isinstance(line, ast.ImportFrom) else ""
        if origin.split(".")[0] == PACKAGE:
            self._add(importlib.import_module(origin), name)
            return
        alias = next(alias for alias in line.names if (alias.asname or alias.name.split(".")[0]) == name)
        what = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
        self.imports.add(f"from {origin} {what}" if origin else what)


@cache
def _definitions(module: ModuleType) -> dict[str, ast.stmt]:
    """What each name at the top of the module is made by."""
    statements = ast.parse(inspect.getsource(module)).body
    return {name: statement for statement in statements for name in _defined(statement)}


def _defined(statement: ast.stmt) -> list[str]:
    """The names that this statement defines."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.split(".")[0] for alias in names]
        case _:
            return []


def _free_names(statement: ast.stmt) -> Iterator[str]:
    """Names that the statement reads and does not bind itself."""
    bound = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    bound |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for node in names:
        if node.id not in bound and not hasattr(builtins, node.id):
            yield node.id


def _text(module: ModuleType, statement: ast.stmt) -> str:
    lines = inspect.getsource(module).splitlines()
    first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
    return "\n".join(lines[first - 1 : statement.end_lineno])
