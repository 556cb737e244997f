# METADATA
# title: Calendar
# description: |
#   Invitations go to those whom the person or the directory names, or who are in an event that the
#   person named. Of an entry in one's own calendar the time or the title is the person's.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: medium
#   owasp: ASI01
package weir.tool_call.calendar

import data.weir.action

applies if "calendar.write" in action.classes

strangers := {path |
	some path in action.paths("recipient")
	not action.is_trusted(path)
	not is_of_named_event(path)
}

# METADATA
# title: Somebody is invited whom the person did not name
findings contains action.finding(
	"approve",
	"calendar.participant",
	"Who is invited comes from what a tool answered.",
	sprintf("A person has to confirm who is invited: %s.", [action.named(strangers)]),
) if {
	applies
	count(strangers) > 0
}

# METADATA
# title: An entry of which neither time nor title is the person's
findings contains action.finding(
	"approve",
	"calendar.entry",
	"Neither the time nor the title of the entry is the person's.",
	"A person has to confirm this entry: nobody asked for that time or title.",
) if {
	applies
	not says_when
	not says_what
	not only_invites
}

# METADATA
# title: Cancelling what the person did not name
findings contains action.finding(
	"approve",
	"calendar.delete",
	"What is cancelled was not named by the person.",
	"Cancelling an event needs the person's word: ask them which, or ask for approval.",
) if {
	"calendar.delete" in action.classes
	not targets_named
}

# Not what an event's text says: that anybody could have written.
is_of_named_event(path) if {
	"calendar.read" in action.source_classes(path)
	action.remark(path, "field") in {"participants", "attendees", "invitees"}
	action.remark(path, "lookup") == "user"
}

says_when if {
	whens := action.paths("when")
	count(whens) > 0
	every path in whens {
		action.is_trusted(path)
	}
}

says_what if {
	whats := action.paths("what")
	count(whats) > 0
	every path in whats {
		action.is_trusted(path)
	}
}

only_invites if {
	count(action.paths("when") | action.paths("what")) == 0
	count(action.paths("recipient")) > 0
}

targets_named if {
	targets := action.paths("target")
	count(targets) > 0
	every path in targets {
		action.is_trusted(path)
	}
}
