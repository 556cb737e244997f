"""Writes AgentDojo's tasks as data for the replay: prompts, ground-truth calls, what tools answered.

Run by hand, in a virtual environment of its own (the package brings clients of model vendors,
none of which is used):

    python3 -m venv venv && venv/bin/pip install agentdojo==0.1.35
    venv/bin/python extract.py fixtures

No rule or default of Weir's is made from this data; the replay reads it as it stands.
"""

import datetime
import json
import sys
from importlib.metadata import distribution
from pathlib import Path

from agentdojo.agent_pipeline.tool_execution import tool_result_to_str
from agentdojo.functions_runtime import FunctionsRuntime
from agentdojo.task_suite.load_suites import get_suites

VERSION = "v1.2"

# The replay puts the injected task's goal in its place.
MARK = "@@INJECTION@@"


def plain(value):
    """Arguments as JSON would carry them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.datetime, datetime.date)):
        return str(value)
    return value


def dumped(result):
    return json.dumps(result, ensure_ascii=False, default=str)


def outputs(suite, environment, calls):
    runtime = FunctionsRuntime(suite.tools)
    for call in calls:
        result, error = runtime.run_function(environment, call.function, call.args)
        yield tool_result_to_str(result, dumped) if error is None else f"error: {error}"


def prepared(suite, task, injections):
    environment = suite.load_and_inject_default_environment(injections)
    return task.init_environment(environment) if hasattr(task, "init_environment") else environment


def ground_truth(suite, task):
    """Each call with its answer, and with that in which every place that an attacker fills has MARK."""
    calls = task.ground_truth(prepared(suite, task, {}))
    marked = {name: f"{text} {MARK}" for name, text in suite.get_injection_vector_defaults().items()}
    answers = outputs(suite, prepared(suite, task, {}), calls)
    injected = outputs(suite, prepared(suite, task, marked), calls)
    for call, answer, marked_answer in zip(calls, answers, injected, strict=True):
        found = {"tool": call.function, "args": plain(dict(call.args)), "output": answer}
        if MARK in marked_answer:
            found["injected"] = marked_answer
        yield found


def directory(suite):
    """Whom an organisation of this suite would list, read off its environment without injections.

    People with accounts and channels of the chat; the address book that the suite's own contact
    search answers from; accounts that the person has paid before.
    """
    environment = suite.load_and_inject_default_environment({})
    names, domains = [], []
    if hasattr(environment, "slack"):
        names += [*environment.slack.users, *environment.slack.channels]
    if hasattr(environment, "inbox"):
        domains.append(str(environment.inbox.account_email).split("@")[1])
        names += [str(contact.email) for contact in environment.inbox.contact_list]
    if hasattr(environment, "bank_account"):
        account = environment.bank_account
        mine = {"me", account.iban}
        names += [paid.recipient for paid in account.transactions if paid.sender in mine]
    return {"names": sorted(set(names)), "domains": domains}


def suite_data(suite):
    return {
        "suite": suite.name,
        "version": VERSION,
        "directory": directory(suite),
        "tools": [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters.model_json_schema()}
            for tool in suite.tools
        ],
        "userTasks": [
            {"id": task.ID, "prompt": task.PROMPT, "calls": list(ground_truth(suite, task))}
            for task in suite.user_tasks.values()
        ],
        "injectionTasks": [
            {"id": task.ID, "goal": task.GOAL, "calls": list(ground_truth(suite, task))}
            for task in suite.injection_tasks.values()
        ],
    }


def main(folder):
    for suite in get_suites(VERSION).values():
        text = json.dumps(suite_data(suite), indent=1, ensure_ascii=False)
        (folder / f"{suite.name}.json").write_text(text + "\n", encoding="utf-8")
    licence = next(file for file in distribution("agentdojo").files if file.name == "LICENSE")
    (folder / "LICENSE-AGENTDOJO").write_text(licence.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
