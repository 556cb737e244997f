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
	"rules": rules(matched),
	"userMessage": message(findings, matched),
	"retryable": false,
	"obligations": obligations(matched, strongest),
} if {
	strongest := effect(findings)

	# Lists, not sets: a set hashes every text in it, which takes longer than all the rest.
	matched := [finding | some finding in findings; same(finding.effect, strongest)]
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

# The findings that brought the effect about, as rules with their reasons.
rules(matched) := [{
	"id": "default.deny",
	"reason": "No rule allows this, and what no rule allows is denied.",
	"owner": "weir",
}] if {
	count(matched) == 0
}

rules(matched) := sort([rule |
	some finding in matched
	rule := {"id": finding.id, "reason": finding.reason, "owner": finding.owner}
]) if {
	count(matched) > 0
}

message(findings, _) := "No rule allows this call. Ask your platform team to add one." if {
	count(findings) == 0
}

message(findings, matched) := concat(" ", sort([finding.message | some finding in matched; finding.message != ""])) if {
	count(findings) > 0
}

obligations(matched, "allow") := sort([obligation |
	some finding in matched
	some obligation in finding.obligations
])

obligations(_, strongest) := [] if strongest != "allow"

same(one, other) if one == other

# A misspelt effect was counted as a deny, so it is shown as one.
same(one, "deny") if not one in {"approve", "allow"}
