package weir.view_test

import data.weir.view

figures := {
	"point": "view",
	"principal": {"id": "finn", "kind": "person", "teamId": "blue", "roles": ["finance"]},
	"resource": {"type": "budgets", "id": ""},
	"view": {"personId": "", "teamId": "", "purpose": ""},
}

rows := object.union(figures, {
	"resource": {"type": "ledger.export", "id": ""},
	"view": {"personId": "ada", "teamId": "blue", "purpose": "bill of November"},
})

test_what_a_role_allows_is_allowed if {
	every asked in [figures, rows] {
		decision := view.decision with input as asked
		decision.effect == "allow"
		decision.rules[0].id == "view.role"
	}
}

test_rows_without_a_purpose_are_denied if {
	every purpose in ["", " ", "\t\n"] {
		decision := view.decision with input as object.union(rows, {"view": {"purpose": purpose}})
		decision.effect == "deny"
		decision.rules[0].id == "view.no_purpose"
	}
}

test_everybodys_rows_need_one_too if {
	decision := view.decision with input as object.union(rows, {"view": {"personId": "*", "purpose": ""}})
	decision.effect == "deny"
}
