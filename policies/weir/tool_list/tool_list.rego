# METADATA
# title: Tool lists
# description: Which tools an agent may see.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.tool_list

import data.weir.lattice

# METADATA
# title: Decision
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: Nothing is allowed here yet
findings contains {
	"effect": "deny",
	"id": "tool_list.default_deny",
	"reason": "No policy shows this tool.",
	"owner": "security",
	"message": "No policy shows this tool. Ask your security team.",
	"obligations": [],
}
