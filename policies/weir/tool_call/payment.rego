# METADATA
# title: Payments
# description: |
#   Money goes to accounts that the person wrote or has paid before, in amounts that the person wrote
#   or that are small. What is no number is no amount.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: critical
#   owasp: ASI02
package weir.tool_call.payment

import data.weir.action

applies if "payment.send" in action.classes

strangers := {path |
	some path in action.paths("account")
	not is_known(path)
}

# That the person repeats what a tool said is not enough for money.
is_known(path) if action.is_own(path)

is_known(path) if action.origin(path) == "directory"

# METADATA
# title: An account that a tool's answer named
findings contains action.finding(
	"approve",
	"payment.account",
	"The account comes from what a tool answered.",
	"A person has to confirm the account that the money goes to.",
) if {
	applies
	some path in strangers
	action.is_from_tool(path)
}

# METADATA
# title: An account that nobody named
findings contains action.finding(
	"deny",
	"payment.unknown_account",
	"Nobody has named the account, neither the person nor any tool.",
	"Nobody has named this account. Ask the person to write it.",
) if {
	applies
	some path in strangers
	not action.is_from_tool(path)
}

# METADATA
# title: Money moves and nobody can tell where to
findings contains action.finding(
	"approve",
	"payment.no_account",
	"The call has no account that can be told.",
	"A person has to confirm the account that the money goes to.",
) if {
	applies
	count(action.paths("account")) == 0
	not changes_existing
}

# A standing order that is changed keeps its account unless the call names another.
changes_existing if count(action.words_of(action.tool_name) & {"update", "edit", "modify", "change"}) > 0

# METADATA
# title: An amount that is neither the person's nor small
findings contains action.finding(
	"approve",
	"payment.amount",
	"The amount is not the person's, and not within the limit for such.",
	sprintf("A person has to confirm amounts above %d that they did not write.", [unconfirmed_max]),
) if {
	applies
	some path in action.paths("amount")
	not is_fine(path)
}

is_fine(path) if {
	amount := action.argument(path)
	is_number(amount)
	amount > 0
	amount <= unconfirmed_max
}

is_fine(path) if {
	amount := action.argument(path)
	is_number(amount)
	amount > 0
	action.origin(path) == "user"
}

unconfirmed_max := value if {
	value := action.limit("unconfirmedAmountMax", 2000)
	is_number(value)
}
