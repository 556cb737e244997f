# METADATA
# title: Tool calls
# description: |
#   Which tools an agent may call, on which arguments. What a team may call stands in
#   data.weir.teams, from `teams[].tools` in weir.yaml: patterns of names, `server/name` for a tool
#   of an MCP server behind this gateway. Rules that look at arguments add findings here.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.tool_call

import data.weir.lattice
import data.weir.pattern

# METADATA
# title: Decision on a tool call
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: The tool is on the team's list
findings contains {
	"effect": "allow",
	"id": "tools.allowed",
	"reason": "The team may call this tool.",
	"owner": "security",
	"message": "",
	"obligations": [],
} if {
	allowed
}

# METADATA
# title: The tool is not on the team's list
findings contains {
	"effect": "deny",
	"id": "tools.not_allowed",
	"reason": sprintf("The tool %s is not on the list of team %s.", [short(qualified), input.principal.teamId]),
	"owner": "security",
	"message": sprintf(
		"Team %s may not call the tool %s. Go on without it, or ask your platform team to add it to the team's tools.",
		[input.principal.teamId, short(qualified)],
	),
	"obligations": [],
} if {
	not allowed
}

allowed if pattern.any_match(data.weir.teams[input.principal.teamId].tools, qualified)

qualified := input.tool.name if input.tool.server == ""

qualified := concat("/", [input.tool.server, input.tool.name]) if input.tool.server != ""

# Names come from models and servers: what is shown of them has an end.
short(name) := name if count(name) <= 100

short(name) := concat("", [substring(name, 0, 100), "…"]) if count(name) > 100
