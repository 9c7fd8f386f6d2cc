"""When an item of a form is asked, from and to Connect's enablement conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sotto.scorecards.connect_json import Problems, at
from sotto.tenants.scorecards.form import Comparator, Compared, Enablement, Joined

DEEPEST = 5
_BY_ANSWER = "QUESTION_REF_ID"


def enablement_from(given: Any, path: str, problems: Problems) -> Enablement | None:
    """None where there is none, or after having noted what is wrong with it."""
    if given is None:
        return None
    held = problems.mapping(given, path)
    action = held.get("Action", "ENABLE")
    if action not in ("ENABLE", "DISABLE"):
        problems.add(at(path, "Action"), "write ENABLE or DISABLE")
    if held.get("DefaultAction", "DISABLE" if action == "ENABLE" else "ENABLE") == action:
        problems.add(at(path, "DefaultAction"), "the condition changes nothing: it does the same when it does not hold")
    condition = _condition(held.get("Condition"), at(path, "Condition"), problems, 0)
    return Enablement(condition=condition, disables=action == "DISABLE") if condition is not None else None


def _condition(given: Any, path: str, problems: Problems, depth: int) -> Compared | Joined | None:
    if depth > DEEPEST:
        problems.add(path, f"conditions are nested more than {DEEPEST} deep")
        return None
    held = problems.mapping(given, path)
    operator = held.get("Operator", "AND")
    if operator not in ("AND", "OR"):
        problems.add(at(path, "Operator"), "write AND or OR")
        return None
    operands = []
    for place, each in problems.mappings(held, "Operands", path):
        if "Condition" in each:
            operand = _condition(each["Condition"], at(place, "Condition"), problems, depth + 1)
        else:
            operand = _expression(problems.mapping(each.get("Expression"), at(place, "Expression")), place, problems)
        operands += [operand] if operand is not None else []
    if not operands:
        problems.add(at(path, "Operands"), "the condition compares nothing")
        return None
    return operands[0] if len(operands) == 1 else Joined(operator=operator, operands=tuple(operands))


def _expression(given: Mapping[str, Any], place: str, problems: Problems) -> Compared | None:
    path = at(place, "Expression")
    source = problems.mapping(given.get("Source", {}), at(path, "Source"))
    if source.get("Type") != _BY_ANSWER:
        problems.add(at(path, "Source.Type"), f"only answers can be compared; write {_BY_ANSWER}")
        return None
    known = {each.value: each for each in Comparator}
    comparator = str(given.get("Comparator"))
    if comparator not in known:
        problems.add(at(path, "Comparator"), f"write one of {', '.join(known)}")
        return None
    options, number = [], None
    for where, value in problems.mappings(given, "Values", path):
        if value.get("Type") == "OPTION_REF_ID":
            options.append(problems.text(value, "RefId", where))
        elif value.get("Type") == "NUMERIC_VALUE":
            number = problems.number(value, "NumericValue", where)
        else:
            problems.add(at(where, "Type"), "write OPTION_REF_ID or NUMERIC_VALUE")
    question = problems.text(source, "RefId", at(path, "Source"))
    return Compared(question=question, comparator=known[comparator], options=tuple(options), number=number)


def enablement_to(enablement: Enablement) -> dict[str, Any]:
    action, otherwise = ("DISABLE", "ENABLE") if enablement.disables else ("ENABLE", "DISABLE")
    return {"Condition": _joined(enablement.condition), "Action": action, "DefaultAction": otherwise}


def _joined(condition: Compared | Joined) -> dict[str, Any]:
    if isinstance(condition, Compared):
        return {"Operands": [{"Expression": _compared(condition)}]}
    operands = [
        {"Condition": _joined(each)} if isinstance(each, Joined) else {"Expression": _compared(each)}
        for each in condition.operands
    ]
    return {"Operands": operands, "Operator": condition.operator}


def _compared(compared: Compared) -> dict[str, Any]:
    values: list[dict[str, Any]] = [{"Type": "OPTION_REF_ID", "RefId": option} for option in compared.options]
    if compared.number is not None:
        values.append({"Type": "NUMERIC_VALUE", "NumericValue": compared.number})
    source = {"Type": _BY_ANSWER, "RefId": compared.question}
    return {"Source": source, "Values": values, "Comparator": compared.comparator.value}
