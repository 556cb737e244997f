package weir.tool_result_test

import data.weir.tool_result

test_everything_is_denied if {
	tool_result.decision.effect == "deny"
	tool_result.decision.rules[0].id == "tool_result.default_deny"
}
