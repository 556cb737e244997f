package weir.tool_call

import data.weir.tool_call.account
import data.weir.tool_call.booking
import data.weir.tool_call.calendar
import data.weir.tool_call.chat
import data.weir.tool_call.deploy
import data.weir.tool_call.files
import data.weir.tool_call.mail
import data.weir.tool_call.other
import data.weir.tool_call.outgoing
import data.weir.tool_call.payment
import data.weir.tool_call.secret
import data.weir.tool_call.shell
import data.weir.tool_call.web

# METADATA
# title: What the starter policies find
# description: They only add denials and questions; who may use a tool at all is said elsewhere.
findings contains finding if {
	some found in [
		account.findings, booking.findings, calendar.findings, chat.findings, deploy.findings, files.findings,
		mail.findings, other.findings, outgoing.findings, payment.findings, secret.findings, shell.findings,
		web.findings,
	]
	some finding in found
}
