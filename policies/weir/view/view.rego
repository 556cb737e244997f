# METADATA
# title: Views
# description: |
#   Who may see what is not their own: exports, what was said in a call, dead letters, budgets and
#   reports. Roles are checked before this is asked, so rules here can only narrow: a deny beats the
#   allow below. `input.resource.type` is what is asked for, `input.view` whose it is and why.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.view

import data.weir.lattice

# METADATA
# title: Decision on a view
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: A role of the viewer allows it
findings contains {
	"effect": "allow",
	"id": "view.role",
	"reason": "A role of the viewer allows this view.",
	"owner": "security",
	"message": "",
	"obligations": [],
}

# METADATA
# title: Somebody's rows without a purpose
# description: The gateway asks for one before it asks here; this holds even if it should forget.
findings contains {
	"effect": "deny",
	"id": "view.no_purpose",
	"reason": "Rows of people are shown for a purpose only.",
	"owner": "security",
	"message": "Say why you need to see this: the people whose rows these are can read it.",
	"obligations": [],
} if {
	input.view.personId != ""
	trim_space(input.view.purpose) == ""
}
