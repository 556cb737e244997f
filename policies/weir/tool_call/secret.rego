# METADATA
# title: Credentials
# description: |
#   A credential is read when the person names it, and not in a session that has read untrusted content.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: critical
#   owasp: ASI03
package weir.tool_call.secret

import data.weir.action

applies if "secret.read" in action.classes

unnamed if count(action.arguments) == 0

unnamed if {
	some path in action.arguments
	not action.is_own(path)
}

# METADATA
# title: A credential that the person did not name
findings contains action.finding(
	"approve",
	"secret.unnamed",
	"The person did not name this credential.",
	"A person has to confirm that this credential is read.",
) if {
	applies
	unnamed
}

# METADATA
# title: A credential in a session that has read untrusted content
findings contains action.finding(
	"deny",
	"secret.untrusted",
	"The session has read untrusted content, and the person did not name this credential.",
	"Credentials are not read once the session has read what outsiders wrote. Begin a new session.",
) if {
	applies
	unnamed
	"untrusted" in input.session.taint
}
