"""What can be wrong in one place of a module: cosmic-ray's operators, less what tells nothing of the tests."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# Of the other operators that may stand for one, those that say something. ÷, ** and shifts make a fraction or a number
# without end, which ends in no test's judgement; what `is` says of numbers is the interpreter's affair.
LEFT_OUT = re.compile(
    r"core/(ReplaceBinaryOperator_.*_(Div|Pow|LShift|RShift)"
    r"|ReplaceBinaryOperator_Pow_.*"  # in this code ** only spreads a mapping
    r"|ReplaceComparisonOperator_(?!Is).*_(Is|IsNot))"
)


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
        if LEFT_OUT.fullmatch(name) or operator.arguments():
            continue
        places = sum(1 for node in ast_nodes(tree) for _ in operator().mutation_positions(node))
        for occurrence in range(places):
            spoilt = mutate_code(source, operator(), occurrence)
            meaning = _meaning(spoilt) if spoilt is not None else None
            if meaning not in (None, meant) and meaning not in seen:
                seen.add(meaning)
                yield _compared(source, spoilt)


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
    was, now = (" ".join(line.strip() for line in lines) for lines in (before, after))
    return Mutant(spoilt, first + 1, was, now)
