# METADATA
# title: Mail
# description: |
#   Recipients come from the person or the directory. A session may draft whatever it likes: only
#   sending is decided here.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: high
#   owasp: ASI01
package weir.tool_call.mail

import data.weir.action

applies if "mail.send" in action.classes

strangers := {path |
	some path in action.paths("recipient")
	not action.is_trusted(path)
}

# METADATA
# title: A recipient that a tool's answer named
findings contains action.finding(
	"approve",
	"mail.recipient",
	"A recipient comes from what a tool answered.",
	sprintf("A person has to confirm who gets this mail: %s.", [action.named(strangers)]),
) if {
	applies
	count(strangers) > 0
}

# METADATA
# title: Nobody can tell who the mail goes to
findings contains action.finding(
	"approve",
	"mail.no_recipient",
	"The call has no recipient that can be told.",
	"A person has to confirm who gets this mail.",
) if {
	applies
	count(action.paths("recipient")) == 0
}

# METADATA
# title: Deleting mail that the person did not name
findings contains action.finding(
	"approve",
	"mail.delete",
	"What is deleted was not named by the person.",
	"Deleting mail needs the person's word: ask them which, or ask for approval.",
) if {
	"mail.delete" in action.classes
	not targets_named
}

targets_named if {
	targets := action.paths("target")
	count(targets) > 0
	every path in targets {
		action.is_trusted(path)
	}
}
