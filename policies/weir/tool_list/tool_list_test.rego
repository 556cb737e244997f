package weir.tool_list_test

import data.weir.tool_list

test_everything_is_denied if {
	tool_list.decision.effect == "deny"
	tool_list.decision.rules[0].id == "tool_list.default_deny"
}
