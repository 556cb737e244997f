package weir.lattice_test

import data.weir.lattice

finding(effect, id) := {
	"effect": effect,
	"id": id,
	"reason": "Because.",
	"owner": "test",
	"message": concat("", ["Says ", id, "."]),
	"obligations": [{"type": "label", "labels": [id]}],
}

effects := ["deny", "approve", "allow"]

test_nothing_found_is_a_deny if {
	decision := lattice.decide(set())
	decision.effect == "deny"
	decision.rules[0].id == "default.deny"
	decision.userMessage != ""
	decision.obligations == []
}

test_deny_beats_approve_beats_allow_in_every_combination if {
	every i, one in effects {
		every j, other in effects {
			found := {finding(one, "a"), finding(other, "b")}
			lattice.decide(found).effect == effects[min({i, j})]
		}
	}
}

test_adding_a_finding_never_lowers_the_effect if {
	rank := {"deny": 2, "approve": 1, "allow": 0}
	every one in effects {
		every added in effects {
			before := lattice.decide({finding(one, "a")}).effect
			after := lattice.decide({finding(one, "a"), finding(added, "b")}).effect
			rank[after] >= rank[before]
		}
	}
}

test_an_unknown_effect_is_a_deny_and_is_shown if {
	decision := lattice.decide({finding("alow", "typo"), finding("allow", "fine")})
	decision.effect == "deny"
	decision.rules == [{"id": "typo", "reason": "Because.", "owner": "test"}]
	decision.userMessage == "Says typo."
}

test_only_an_allow_carries_obligations if {
	lattice.decide({finding("allow", "a"), finding("allow", "b")}).obligations == [
		{"type": "label", "labels": ["a"]},
		{"type": "label", "labels": ["b"]},
	]
	lattice.decide({finding("allow", "a"), finding("deny", "b")}).obligations == []
	lattice.decide({finding("allow", "a"), finding("approve", "b")}).obligations == []
}

test_only_rules_of_the_deciding_effect_are_named if {
	decision := lattice.decide({finding("allow", "a"), finding("deny", "b"), finding("deny", "c")})
	[rule.id | some rule in decision.rules] == ["b", "c"]
	decision.userMessage == "Says b. Says c."
}
