# METADATA
# title: One's own accounts
# description: |
#   Passwords, addresses and other facts of a person's own account change on that person's word.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: critical
#   owasp: ASI03
package weir.tool_call.account

import data.weir.action

applies if "account.change" in action.classes

unwritten := {path |
	some path in action.arguments
	action.origin(path) != "user"
}

# METADATA
# title: A change that the person did not write
findings contains action.finding(
	"approve",
	"account.change",
	"A new value of the account is not the person's.",
	sprintf("A person has to confirm this change of their account: %s.", [action.named(unwritten)]),
) if {
	applies
	count(unwritten) > 0
}

# METADATA
# title: A credential that the person did not write
findings contains action.finding(
	"deny",
	"account.credential",
	"A credential would be set to what the person did not write.",
	"Passwords are set to what the person wrote and to nothing else.",
) if {
	applies
	some path in unwritten
	count(action.words_of(path) & {"password", "passphrase", "pin", "mfa", "secret", "token"}) > 0
}
