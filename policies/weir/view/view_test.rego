package weir.view_test

import data.weir.view

test_everything_is_denied if {
	view.decision.effect == "deny"
	view.decision.rules[0].id == "view.default_deny"
}
