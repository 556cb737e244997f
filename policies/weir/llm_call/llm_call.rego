# METADATA
# title: LLM calls
# description: |
#   Which model a team may call, which tools a request may offer it, how much it may ask for, and
#   which operations it may use though nobody can see what they cost.
#   What a team may do stands in data.weir.teams, from `teams` in weir.yaml.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: platform
package weir.llm_call

import data.weir.lattice
import data.weir.pattern

# METADATA
# title: Decision on an LLM call
# entrypoint: true
decision := lattice.decide(findings)

# METADATA
# title: The team is unknown
findings contains {
	"effect": "deny",
	"id": "team.unknown",
	"reason": "The key's team is not known to this gateway.",
	"owner": "platform",
	"message": "Your team is not set up on this gateway. Ask your platform team to add it.",
	"obligations": [],
} if {
	not team
}

# METADATA
# title: The model and the tools are on the team's lists
findings contains {
	"effect": "allow",
	"id": "models.allowed",
	"reason": "The team may use this model.",
	"owner": "platform",
	"message": "",
	"obligations": [],
} if {
	names_model
	all_allowed
}

# METADATA
# title: An operation that names no model
findings contains {
	"effect": "allow",
	"id": "operations.allowed",
	"reason": sprintf("The team may use %s.", [short(input.call.operation)]),
	"owner": "platform",
	"message": "",
	"obligations": [],
} if {
	not names_model
	all_allowed
}

# METADATA
# title: The model is not on the team's list
findings contains {
	"effect": "deny",
	"id": "models.not_allowed",
	"reason": sprintf("Model %s is not on the list of team %s.", [short(input.call.model), input.principal.teamId]),
	"owner": "platform",
	"message": sprintf(
		"Team %s may not use model %s. Use one of: %s; or ask your platform team to add it.",
		[input.principal.teamId, short(input.call.model), listed(team.models)],
	),
	"obligations": [],
} if {
	team
	not model_allowed
}

# METADATA
# title: The operation is not metered, and not on the team's list of those
findings contains {
	"effect": "deny",
	"id": "operations.unmetered",
	"reason": sprintf("Operation %s cannot be metered and is not on the list of team %s.", [
		short(input.call.operation),
		input.principal.teamId,
	]),
	"owner": "platform",
	"message": concat(" ", [
		sprintf("Team %s may not use %s: what it costs cannot be seen here.", [
			input.principal.teamId,
			short(input.call.operation),
		]),
		"Ask your platform team to add it to the team's unmeteredOperations in weir.yaml.",
	]),
	"obligations": [],
} if {
	team
	not operation_allowed
}

# METADATA
# title: The request offers tools that are not on the team's list
findings contains {
	"effect": "deny",
	"id": "tools.not_allowed",
	"reason": sprintf("The request offers tools that are not on the list of team %s: %s.", [
		input.principal.teamId,
		listed(forbidden_tools),
	]),
	"owner": "platform",
	"message": sprintf(
		"Team %s may not offer these tools to a model: %s. Leave them out, or ask your platform team to add them.",
		[input.principal.teamId, listed(forbidden_tools)],
	),
	"obligations": [],
} if {
	team
	count(forbidden_tools) > 0
}

# METADATA
# title: Output tokens are capped
findings contains {
	"effect": "allow",
	"id": "limits.max_tokens",
	"reason": sprintf("The team's limit is %d output tokens a request.", [team.maxTokens]),
	"owner": "platform",
	"message": "",
	"obligations": [{"type": "cap_max_tokens", "maxTokens": team.maxTokens}],
} if {
	is_number(team.maxTokens)
	takes_cap
	all_allowed
	not within_cap
}

team := data.weir.teams[input.principal.teamId]

all_allowed if {
	team
	model_allowed
	tools_allowed
	operation_allowed
}

names_model if input.call.model != ""

model_allowed if pattern.any_match(team.models, input.call.model)

# Such as a listing, or reading a stored response: what costs money names its model.
model_allowed if input.call.model == ""

operation_allowed if input.call.metered == true

operation_allowed if pattern.any_match(object.get(team, "unmeteredOperations", []), input.call.operation)

# Said as what must hold: where a denial is lost because its reason cannot be worded, what is left
# must not be an allow.
tools_allowed if {
	is_array(input.call.toolNames)
	every name in input.call.toolNames {
		pattern.any_match(team.tools, name)
	}
}

forbidden_tools := [name |
	some name in input.call.toolNames
	not pattern.any_match(team.tools, name)
]

# Sound and images are not asked for in tokens; in their forms a cap could not be written.
takes_cap if {
	names_model
	not pattern.any_match(["audio.*", "images.*"], input.call.operation)
}

# Null sorts before every number: a request without a limit must not pass for one within it.
within_cap if {
	is_number(input.call.maxTokens)
	input.call.maxTokens <= team.maxTokens
}

listed(names) := concat(", ", [short(name) | some name in array.slice(names, 0, 10)]) if {
	count(names) > 0
}

listed(names) := "none" if count(names) == 0

# A name comes from the client and may be megabytes long; what is said about it is not.
short(name) := substring(name, 0, 100) if is_string(name)

short(name) := "(no name)" if not is_string(name)
