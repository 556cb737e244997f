# METADATA
# title: Chat
# description: |
#   Channels and people that are written to, and people who are let in, come from the person or the
#   directory. An invited person may be looked up where the person said to look.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: high
#   owasp: ASI01
package weir.tool_call.chat

import data.weir.action

strangers := {path |
	some path in action.paths("recipient")
	not action.is_trusted(path)
}

# METADATA
# title: A channel or person that a tool's answer named
findings contains action.finding(
	"approve",
	"chat.recipient",
	"Who is written to comes from what a tool answered.",
	sprintf("A person has to confirm who gets this message: %s.", [action.named(strangers)]),
) if {
	"chat.send" in action.classes
	not "mail.send" in action.classes
	count(strangers) > 0
}

# METADATA
# title: Somebody is let in whom the person did not name
findings contains action.finding(
	"approve",
	"chat.member",
	"Who is let in or put out comes from what a tool answered.",
	sprintf("A person has to confirm who is let in or put out: %s.", [action.named(unnamed)]),
) if {
	"chat.member" in action.classes
	count(unnamed) > 0
}

unnamed := {path |
	some path in strangers
	not is_looked_up(path)
}

# The person named who is meant, and where to look: there stands one address and no other.
is_looked_up(path) if {
	action.remark(path, "lookup") == "user"
	action.remark(path, "alone") == "yes"
	contains(path, "email")
	some name in action.paths("recipient")
	name != path
	not contains(name, "email")
	action.is_own(name)
}
