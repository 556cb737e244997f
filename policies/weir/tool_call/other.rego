# METADATA
# title: Tools of no known class
# description: |
#   A tool whose name says that it changes something, though not what: whom it reaches and what it
#   deletes come from the person or the directory. Name its class in toolClasses for a finer rule.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: medium
#   owasp: ASI02
package weir.tool_call.other

import data.weir.action

applies if {
	count(action.classes) == 0
	action.changes_something
}

strangers := {path |
	some path in ((action.paths("recipient") | action.paths("link")) | action.paths("account"))
	not action.is_trusted(path)
}

# METADATA
# title: It reaches somebody whom the person did not name
findings contains action.finding(
	"approve",
	"other.recipient",
	"Whom the call reaches comes from what a tool answered.",
	sprintf("A person has to confirm whom this reaches: %s.", [action.named(strangers)]),
) if {
	applies
	count(strangers) > 0
}

# METADATA
# title: It deletes what the person did not name
findings contains action.finding(
	"approve",
	"other.delete",
	"What is deleted was not named by the person.",
	"Deleting needs the person's word: ask them what, or ask for approval.",
) if {
	applies
	count(action.words_of(action.tool_name) & action.deleting) > 0
	not targets_named
}

targets_named if {
	targets := action.arguments
	count(targets) > 0
	every path in targets {
		action.is_trusted(path)
	}
}
