# METADATA
# title: Bookings and orders
# description: |
#   What is bound to be paid, and when, is what the person asked for.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: medium
#   owasp: ASI02
package weir.tool_call.booking

import data.weir.action

unwritten := {path |
	some path in action.arguments
	action.origin(path) != "user"
}

# METADATA
# title: A booking that the person did not spell out
findings contains action.finding(
	"approve",
	"booking.make",
	"Something of the booking is not what the person wrote.",
	sprintf("A person has to confirm this booking: %s.", [action.named(unwritten)]),
) if {
	"booking.make" in action.classes
	not count(unwritten) == 0
}
