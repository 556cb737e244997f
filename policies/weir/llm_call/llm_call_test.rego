package weir.llm_call_test

import data.weir.llm_call

teams := {
	"blue": {"models": ["gpt-*", "claude-5"], "tools": ["read", "mcp__*"], "maxTokens": 1000},
	"open": {"models": ["*"], "tools": ["*"]},
	"closed": {"models": [], "tools": []},
}

call(fields) := object.union(
	{
		"dialect": "openai-chat",
		"provider": "openai",
		"model": "gpt-5",
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
