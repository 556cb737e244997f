# METADATA
# title: Views
# description: Which further views of data a role may have.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.view

import data.weir.lattice

# METADATA
# title: Decision
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: Nothing is allowed here yet
findings contains {
	"effect": "deny",
	"id": "view.default_deny",
	"reason": "No policy grants this view.",
	"owner": "security",
	"message": "No policy grants this view. Ask your security team.",
	"obligations": [],
}
