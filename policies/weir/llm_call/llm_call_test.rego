package weir.llm_call_test

import data.weir.llm_call

teams := {
	"blue": {"models": ["gpt-*", "claude-5"], "tools": ["read", "mcp__*"], "maxTokens": 1000},
	"open": {"models": ["*"], "tools": ["*"]},
	"closed": {"models": [], "tools": []},
	"files": {
		"models": ["gpt-*"],
		"tools": [],
		"maxTokens": 1000,
		"unmeteredOperations": ["files.*", "passthrough"],
	},
}

listing := {"operation": "models", "model": "", "modelRequested": "", "maxTokens": null}

unmetered(operation) := object.union(listing, {"operation": operation, "metered": false})

call(fields) := object.union(
	{
		"dialect": "openai-chat",
		"operation": "chat.completions",
		"metered": true,
		"provider": "openai",
		"model": "gpt-5",
		"modelRequested": "gpt-5",
		"stream": false,
		"toolNames": [],
		"maxTokens": 100,
		"bytes": 10,
	},
	fields,
)

request(team, fields) := {
	"point": "llm_call",
	"principal": {
		"id": "p",
		"kind": "person",
		"teamId": team,
		"costCenter": "",
		"roles": ["employee"],
		"keyId": "k",
		"assurance": "api_key",
	},
	"session": {"id": "", "taint": [], "calls": 0},
	"call": call(fields),
	"time": "2026-01-01T00:00:00Z",
	"revision": "r",
	"limits": {},
}

decide(team, fields) := decision if {
	decision := llm_call.decision with input as request(team, fields)
		with data.weir.teams as teams
}

ids(decision) := [rule.id | some rule in decision.rules]

test_a_listed_model_is_allowed if {
	decision := decide("blue", {})
	decision.effect == "allow"
	ids(decision) == ["models.allowed"]
	decision.obligations == []
}

test_any_model_is_allowed_by_a_star if {
	decide("open", {"model": "org/some.model:7b"}).effect == "allow"
}

test_another_model_is_denied_and_the_allowed_ones_are_named if {
	decision := decide("blue", {"model": "gemini-3"})
	decision.effect == "deny"
	ids(decision) == ["models.not_allowed"]
	contains(decision.userMessage, "gpt-*, claude-5")
	contains(decision.userMessage, "gemini-3")
}

test_a_team_without_models_may_call_none if {
	decision := decide("closed", {})
	decision.effect == "deny"
	contains(decision.userMessage, "Use one of: none")
}

test_an_unknown_team_is_denied if {
	decision := decide("nobody", {})
	decision.effect == "deny"
	ids(decision) == ["team.unknown"]
}

test_listed_tools_may_be_offered if {
	decide("blue", {"toolNames": ["read", "mcp__gw__echo"]}).effect == "allow"
}

test_another_tool_is_denied_by_name if {
	decision := decide("blue", {"toolNames": ["read", "exec", "write"]})
	decision.effect == "deny"
	ids(decision) == ["tools.not_allowed"]
	contains(decision.userMessage, "exec, write")
}

test_model_and_tools_are_both_named_when_both_are_wrong if {
	ids(decide("blue", {"model": "x", "toolNames": ["exec"]})) == ["models.not_allowed", "tools.not_allowed"]
}

test_more_output_than_the_cap_is_capped if {
	decision := decide("blue", {"maxTokens": 1001})
	decision.effect == "allow"
	ids(decision) == ["limits.max_tokens", "models.allowed"]
	decision.obligations == [{"type": "cap_max_tokens", "maxTokens": 1000}]
}

test_no_limit_in_the_request_is_capped if {
	decide("blue", {"maxTokens": null}).obligations == [{"type": "cap_max_tokens", "maxTokens": 1000}]
}

test_the_cap_itself_is_within_it if {
	decide("blue", {"maxTokens": 1000}).obligations == []
}

test_a_denied_call_carries_no_obligation if {
	decide("blue", {"model": "x", "maxTokens": null}).obligations == []
}

test_a_team_without_a_cap_is_not_capped if {
	decide("open", {"maxTokens": null}).obligations == []
}

test_an_alias_is_judged_by_the_model_it_stands_for if {
	decide("blue", {"modelRequested": "anything", "model": "gpt-5"}).effect == "allow"
	decide("blue", {"modelRequested": "gpt-5", "model": "gemini-3"}).effect == "deny"
}

test_a_metered_operation_without_a_model_is_open_to_every_known_team if {
	every team in ["blue", "open", "closed", "files"] {
		decision := decide(team, listing)
		decision.effect == "allow"
		ids(decision) == ["operations.allowed"]
		decision.obligations == []
	}
	decide("nobody", listing).effect == "deny"
}

test_an_unmetered_operation_is_denied_and_the_setting_named if {
	every team in ["blue", "open", "closed"] {
		decision := decide(team, unmetered("files.create"))
		decision.effect == "deny"
		ids(decision) == ["operations.unmetered"]
		contains(decision.userMessage, "files.create")
		contains(decision.userMessage, "platform team")
		contains(decision.userMessage, "unmeteredOperations in weir.yaml")
	}
}

test_a_listed_unmetered_operation_is_allowed_and_not_capped if {
	every operation in ["files.create", "passthrough"] {
		decision := decide("files", unmetered(operation))
		decision.effect == "allow"
		ids(decision) == ["operations.allowed"]
		decision.obligations == []
	}
	decide("files", unmetered("batches.create")).effect == "deny"
	decide("files", unmetered("xfiles.create")).effect == "deny"
}

test_a_listed_unmetered_operation_gives_no_right_to_another_model if {
	decision := decide("files", object.union(unmetered("files.create"), {"model": "gemini-3"}))
	decision.effect == "deny"
	ids(decision) == ["models.not_allowed"]
}

test_a_call_that_does_not_say_whether_it_is_metered_is_not_taken_for_it if {
	every path in ["call/metered", "call/operation", "call/model"] {
		input_without := json.remove(request("open", unmetered("files.create")), [path])
		decision := llm_call.decision with input as input_without with data.weir.teams as teams
		decision.effect == "deny"
	}
	input_without := json.remove(request("open", {}), ["call/metered"])
	decision := llm_call.decision with input as input_without with data.weir.teams as teams
	decision.effect == "deny"
}

test_sound_and_images_are_not_capped_in_tokens if {
	every operation in ["audio.transcriptions", "images.edits"] {
		decision := decide("blue", {"operation": operation, "maxTokens": null})
		decision.effect == "allow"
		decision.obligations == []
	}
}

test_an_operation_name_that_is_no_name_is_denied if {
	every operation in [5, null, {}, []] {
		decide("files", object.union(unmetered("x"), {"operation": operation})).effect == "deny"
	}
}

test_nothing_is_allowed_without_data if {
	decision := llm_call.decision with input as request("blue", {}) with data.weir.teams as {}
	decision.effect == "deny"
}

test_tool_names_that_cannot_be_read_are_never_allowed if {
	every names in [[5], [null], [{}], ["read", 5], "exec", {"a": "read"}, null, 7] {
		decide("blue", {"toolNames": names}).effect == "deny"
		decide("blue", {"toolNames": names, "maxTokens": null}).effect == "deny"
	}
}

test_a_request_that_does_not_say_its_tools_is_denied if {
	input_without := json.remove(request("blue", {}), ["call/toolNames"])
	decision := llm_call.decision with input as input_without with data.weir.teams as teams
	decision.effect == "deny"
}

test_what_is_said_about_long_names_is_short if {
	long := concat("", [digit | some digit in [format_int(n, 10) | some n in numbers.range(1, 300)]])
	every fields in [{"model": long}, {"toolNames": [name | some n in numbers.range(1, 20); name := concat("", [long, format_int(n, 10)])]}] {
		decision := decide("blue", fields)
		decision.effect == "deny"
		count(decision.userMessage) < 1500
		count(decision.rules[0].reason) < 1500
	}
}
