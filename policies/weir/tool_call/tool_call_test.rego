package weir.tool_call_test

import data.weir.tool_call

teams := {"blue": {"models": ["*"], "tools": ["read_*", "github/get_*"]}}

call(server, name) := {
	"point": "tool_call",
	"principal": {
		"id": "ada",
		"kind": "person",
		"teamId": "blue",
		"costCenter": "",
		"roles": [],
		"keyId": "k",
		"assurance": "api_key",
	},
	"session": {"id": "", "taint": [], "calls": 0},
	"tool": {"server": server, "name": name, "schemaDigest": "", "args": {}, "provenance": {}},
	"time": "2026-11-23T12:00:00.000Z",
	"revision": "r",
	"limits": {},
}

decided(server, name) := decision if {
	decision := tool_call.decision with input as call(server, name) with data.weir.teams as teams
}

test_a_tool_on_the_list_is_allowed if {
	decided("", "read_file").effect == "allow"
	decided("github", "get_issue").effect == "allow"
}

test_a_tool_that_is_not_is_denied_by_name if {
	decision := decided("", "delete_file")
	decision.effect == "deny"
	decision.rules[0].id == "tools.not_allowed"
	contains(decision.userMessage, "delete_file")
}

test_a_server_cannot_lend_its_tool_a_name_of_the_clients_own if {
	decided("evil", "read_file").effect == "deny"
	decided("", "github/get_issue").effect == "allow"
	decided("evil", "github/get_issue").effect == "deny"
}

test_an_unknown_team_may_nothing if {
	decision := tool_call.decision with input as call("", "read_file") with data.weir.teams as {}
	decision.effect == "deny"
}

test_a_long_name_is_cut if {
	name := concat("", [letter | some _ in numbers.range(1, 300); letter := "n"])
	count(decided("", name).userMessage) < 400
}
