# METADATA
# title: Tool results
# description: What of a tool's result may reach the model.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.tool_result

import data.weir.lattice

# METADATA
# title: Decision
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: Nothing is allowed here yet
findings contains {
	"effect": "deny",
	"id": "tool_result.default_deny",
	"reason": "No policy lets this tool result through.",
	"owner": "security",
	"message": "No policy lets this tool result through. Ask your security team.",
	"obligations": [],
}
