# METADATA
# title: Lattice
# description: |
#   Combines what rules found into one decision: deny beats approve beats allow, whatever their
#   order, and nothing found is a deny. An effect that nobody knows counts as a deny too.
# scope: package
# custom:
#   owner: weir
package weir.lattice

# METADATA
# description: |
#   The decision that a set of findings comes to. A finding is
#   {effect, id, reason, owner, message, obligations}; obligations count only for an allow.
decide(findings) := {
	"effect": strongest,
	"rules": rules(findings, strongest),
	"userMessage": message(findings, strongest),
	"retryable": false,
	"obligations": obligations(findings, strongest),
} if {
	strongest := effect(findings)
}

# METADATA
# description: The strongest effect among findings.
effect(findings) := "deny" if {
	some finding in findings
	not finding.effect in {"approve", "allow"}
} else := "approve" if {
	some finding in findings
	finding.effect == "approve"
} else := "allow" if {
	some finding in findings
	finding.effect == "allow"
} else := "deny"

# METADATA
# description: The findings that brought the effect about, as rules with their reasons.
rules(findings, _) := [{
	"id": "default.deny",
	"reason": "No rule allows this, and what no rule allows is denied.",
	"owner": "weir",
}] if {
	count(findings) == 0
}

rules(findings, strongest) := sort(matched) if {
	count(findings) > 0
	matched := {rule |
		some finding in of_effect(findings, strongest)
		rule := {"id": finding.id, "reason": finding.reason, "owner": finding.owner}
	}
}

message(findings, _) := "No rule allows this call. Ask your platform team to add one." if {
	count(findings) == 0
}

message(findings, strongest) := concat(" ", sort(texts)) if {
	count(findings) > 0
	texts := {finding.message |
		some finding in of_effect(findings, strongest)
		finding.message != ""
	}
}

obligations(findings, "allow") := sort({obligation |
	some finding in findings
	some obligation in finding.obligations
})

obligations(_, strongest) := [] if strongest != "allow"

of_effect(findings, strongest) := {finding |
	some finding in findings
	same(finding.effect, strongest)
}

same(one, other) if one == other

# A misspelt effect was counted as a deny, so it is shown as one.
same(one, "deny") if not one in {"approve", "allow"}
