# METADATA
# title: Whatever goes out or changes something
# description: |
#   Rules that hold for every class of tool that has an effect: links and credentials in what is
#   written, names that imitate trusted ones, arguments that were not traced to the end.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: high
#   owasp: ASI01
package weir.tool_call.outgoing

import data.weir.action

effects := {
	"mail.send", "mail.delete", "chat.send", "chat.member", "calendar.write", "calendar.delete", "files.share",
	"files.delete", "web.send", "shell.exec", "deploy.change", "code.push", "payment.send", "account.change",
	"booking.make",
}

reaching_others := {"mail.send", "chat.send", "calendar.write", "web.send", "files.share"}

has_effect if count(action.classes & effects) > 0

has_effect if {
	count(action.classes) == 0
	action.changes_something
}

reaches_others if count(action.classes & reaching_others) > 0

reaches_others if {
	count(action.classes) == 0
	action.changes_something
}

# METADATA
# title: A name that imitates a trusted one
findings contains action.finding(
	"deny",
	"flow.lookalike",
	"An argument looks like a trusted name and is another.",
	sprintf("This looks like a name that you know and is another one: %s. Check its letters.", [action.named(action.lookalikes)]),
) if {
	has_effect
	count(action.lookalikes) > 0
}

# METADATA
# title: More arguments than could be traced
findings contains action.finding(
	"deny",
	"flow.incomplete",
	"The call has more arguments than are traced.",
	"This call is too large to be checked. Split it into smaller ones.",
) if {
	has_effect
	action.is_incomplete
}

# METADATA
# title: A link that neither the person nor the directory gave
findings contains action.finding(
	"approve",
	"flow.link",
	"What is written holds a link from an untrusted source.",
	sprintf("A person has to look at the links first: %s. Leave them out, or ask for approval.", [action.named(links)]),
) if {
	reaches_others
	count(links) > 0
}

# Data that go to an address have a rule of their own for it.
links := {path |
	some path in action.mentioned("links")
	not action.is_trusted(path)
	not is_address_of_request(path)
}

is_address_of_request(path) if {
	"web.send" in action.classes
	not action.is_prose(action.base_of(path))
}

# METADATA
# title: A credential in what is written
findings contains action.finding(
	"deny",
	"flow.secret",
	"What is written holds a credential.",
	"Credentials must not be sent. Leave it out and say where it can be found.",
) if {
	has_effect
	count(secrets) > 0
}

secrets := {path |
	some path in action.mentioned("secrets")
	action.origin(path) != "user"
}

# METADATA
# title: The session has seen credentials, and this goes to somebody outside
findings contains action.finding(
	"approve",
	"flow.secrets_seen",
	"The session has read credentials, and this leaves the directory.",
	"The session has read credentials, so a person has to look at what goes to somebody outside.",
) if {
	reaches_others
	"secrets" in input.session.taint
	some path in (action.paths("recipient") | action.paths("link"))
	action.origin(path) != "directory"
}
