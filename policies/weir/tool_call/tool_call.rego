# METADATA
# title: Tool calls
# description: Which tools an agent may call, on which arguments.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.tool_call

import data.weir.lattice

# METADATA
# title: Decision
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: Nothing is allowed here yet
findings contains {
	"effect": "deny",
	"id": "tool_call.default_deny",
	"reason": "No policy allows this tool call.",
	"owner": "security",
	"message": "No policy allows this tool call. Ask your security team.",
	"obligations": [],
}
