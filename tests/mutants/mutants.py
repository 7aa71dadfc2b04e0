"""What can be wrong in one place of a module: cosmic-ray's operators, less what tells nothing of the tests."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# For each operator the two that are most easily taken for it. All others nearly always end in a TypeError: sure to be
# noticed, they would only make the figure look better.
ALIKE = {
    "Add": ("Sub", "BitOr"),
    "Sub": ("Add", "BitXor"),
    "Mul": ("Add", "FloorDiv"),
    "Div": ("Mul", "FloorDiv"),
    "FloorDiv": ("Mul", "Mod"),
    "Mod": ("FloorDiv", "Mul"),
    "LShift": ("RShift", "Mul"),
    "RShift": ("LShift", "FloorDiv"),
    "BitAnd": ("BitOr", "Add"),
    "BitOr": ("BitAnd", "Sub"),
    "BitXor": ("BitOr", "Add"),
}
ARITHMETIC = re.compile(r"core/ReplaceBinaryOperator_(\w+)_(\w+)")
# What `is` says of numbers and texts is the interpreter's affair; of None and types it says what == does.
IDENTITY = re.compile(r"core/ReplaceComparisonOperator_((?!Is).*_Is(Not)?|Is_Eq|IsNot_NotEq)")
# Words of ours have no order: which of them "exempt" stands before, says nothing.
ORDER_OF_WORDS = re.compile(r"[<>]=? \"")


@dataclass(frozen=True)
class Mutant:
    """A module's text with one fault; `was` and `now` are the lines that differ, without their indentation."""

    source: str
    line: int
    was: str
    now: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module that is another program: it compiles, and not only an annotation differs."""
    tree, meant, seen = get_ast(source), _meaning(source), set()
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if not _says_something(name) or operator.arguments():
            continue
        places = sum(1 for node in ast_nodes(tree) for _ in operator().mutation_positions(node))
        for occurrence in range(places):
            spoilt = mutate_code(source, operator(), occurrence)
            meaning = _meaning(spoilt) if spoilt is not None else None
            if meaning in (None, meant) or meaning in seen:
                continue
            seen.add(meaning)
            mutant = _compared(source, spoilt)
            if not ORDER_OF_WORDS.search(mutant.now):
                yield mutant


def _says_something(operator: str) -> bool:
    if arithmetic := ARITHMETIC.fullmatch(operator):
        was, now = arithmetic.groups()
        return now in ALIKE.get(was, ())
    return not IDENTITY.fullmatch(operator)


def _meaning(source: str) -> str | None:
    """The program without its annotations; None where it is none."""
    try:
        tree = ast.parse(source)
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(value=None)
    return ast.dump(tree)


def _compared(source: str, spoilt: str) -> Mutant:
    before, after = source.splitlines(), spoilt.splitlines()
    first = next(
        at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new
    )
    before, after = before[first:], after[first:]
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    was, now = (" ".join(" ".join(lines).split()) for lines in (before, after))
    return Mutant(spoilt, first + 1, was, now)
