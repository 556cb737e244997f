package weir.tool_call_test

import data.weir.tool_call

test_everything_is_denied if {
	tool_call.decision.effect == "deny"
	tool_call.decision.rules[0].id == "tool_call.default_deny"
}
