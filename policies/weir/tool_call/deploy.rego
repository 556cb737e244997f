# METADATA
# title: Deployments and pushes
# description: |
#   Production waits for a person, always. Elsewhere what is deployed comes from the person or the
#   directory. History that others build on is not rewritten.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: critical
#   owasp: ASI02
package weir.tool_call.deploy

import data.weir.action

applies if "deploy.change" in action.classes

production := {"production", "prod", "prd", "live"}

# METADATA
# title: A deployment to production
findings contains action.finding(
	"approve",
	"deploy.production",
	"Production changes with a person's approval.",
	"This changes production: a second person has to approve it.",
) if {
	applies
	reaches_production
}

reaches_production if {
	walk(input.tool.args, [_, value])
	is_string(value)
	count(action.words_of(value) & production) > 0
}

# Where no environment is named it may be any.
reaches_production if not names_environment

names_environment if {
	some path in action.paths("environment")
	value := action.argument(path)
	is_string(value)
	trim_space(value) != ""
}

# METADATA
# title: A deployment of what the person did not name
findings contains action.finding(
	"approve",
	"deploy.unnamed",
	"What is deployed, or where to, is not the person's word.",
	sprintf("A person has to confirm this deployment: %s.", [action.named(unnamed)]),
) if {
	applies
	count(unnamed) > 0
}

unnamed := {path |
	some path in action.arguments
	is_string(action.argument(path))
	not action.is_prose(path)
	not action.is_trusted(path)
}

# METADATA
# title: Rewriting history
findings contains action.finding(
	"deny",
	"code.force_push",
	"A forced push rewrites what others build on.",
	"History is not rewritten by agents. Push a new commit instead.",
) if {
	"code.push" in action.classes
	forces
}

forces if count(action.words_of(action.tool_name) & {"force", "mirror"}) > 0

forces if {
	walk(input.tool.args, [path, value])
	count(path) > 0
	is_string(path[count(path) - 1])
	count(action.words_of(path[count(path) - 1]) & {"force", "mirror"}) > 0

	# A string or a number would be taken for true by some servers.
	not value == false
}

forces if {
	walk(input.tool.args, [_, value])
	is_string(value)
	regex.match(`(^|\s)(--force|--force-with-lease|--mirror|-[a-zA-Z]*f[a-zA-Z]*)(\s|=|$)|(^|\s)\+[^\s]+`, value)
}

# METADATA
# title: A push to a branch that the person did not name
findings contains action.finding(
	"approve",
	"code.push",
	"The branch is not the person's word.",
	"A person has to confirm the branch that is pushed to.",
) if {
	"code.push" in action.classes
	not branch_named
}

branch_named if {
	branches := {path |
		some path in action.arguments
		count(action.words_of(path) & {"branch", "ref", "remote", "repo", "repository"}) > 0
	}
	count(branches) > 0
	every path in branches {
		action.is_trusted(path)
	}
}
