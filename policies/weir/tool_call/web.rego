# METADATA
# title: Web
# description: |
#   Pages are opened that the person, the directory or a member of the organisation's own chat
#   named: an address can carry data out. Data go to addresses that the person or the directory gave.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: high
#   owasp: ASI01
package weir.tool_call.web

import data.weir.action

# METADATA
# title: Opening a link that an outsider may have written
findings contains action.finding(
	"approve",
	"web.fetch",
	"The link comes from a source that outsiders write in.",
	sprintf("A person has to confirm that this is opened: %s.", [action.named(unknown_links)]),
) if {
	"web.fetch" in action.classes
	count(unknown_links) > 0
}

unknown_links := {path |
	some path in links
	not action.is_trusted(path)
	not "chat.read" in action.source_classes(path)
}

# METADATA
# title: Sending data to an address that the person did not give
findings contains action.finding(
	"deny",
	"web.send",
	"The address that data would go to is neither the person's nor the directory's.",
	"Data go only to addresses that the person gave or the directory holds.",
) if {
	"web.send" in action.classes
	some path in links
	not action.is_trusted(path)
}

# METADATA
# title: Sending data without an address that can be told
findings contains action.finding(
	"approve",
	"web.no_address",
	"The call has no address that can be told.",
	"A person has to confirm where this goes.",
) if {
	"web.send" in action.classes
	count(links) == 0
}

links := action.paths("link")
