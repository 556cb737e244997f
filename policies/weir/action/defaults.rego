# METADATA
# title: What tools do, by their names
# description: |
#   Which words in a tool's name make it a tool of which class, and which words in an argument's
#   path give it which role. A class is told by one word of each of its lists.
# scope: package
# custom:
#   owner: security
package weir.action.defaults

mail := {"mail", "mails", "email", "emails", "gmail", "outlook", "smtp", "imap", "inbox", "mailbox"}

chat := {"slack", "chat", "teams", "discord", "mattermost", "telegram", "channel", "channels", "dm", "direct"}

calendar := {"calendar", "event", "events", "meeting", "meetings", "appointment", "appointments"}

files := {"file", "files", "document", "documents", "doc", "docs", "folder", "directory", "drive", "sheet", "bucket"}

web := {"web", "webpage", "website", "url", "page", "browser", "http", "https", "site", "link", "webhook"}

reading := {"get", "read", "list", "search", "find", "fetch", "view", "show", "query", "check", "lookup", "history", "describe", "count"}

deleting := {"delete", "remove", "trash", "erase", "purge", "destroy", "drop", "cancel", "unlink", "wipe", "truncate"}

changing := {
	"update", "change", "set", "reset", "edit", "modify", "create", "add", "insert", "write", "append", "put",
	"patch", "move", "rename", "schedule", "reschedule", "invite", "assign", "merge", "close", "approve", "start",
	"stop", "run", "execute", "trigger", "enable", "disable", "submit",
}

sending := {"send", "reply", "forward", "post", "publish", "share", "upload", "respond", "notify", "broadcast"}

# METADATA
# description: Class → lists of words; the name has a word of each.
classes := {
	"mail.send": [sending, mail],
	"mail.delete": [deleting, mail],
	"chat.send": [sending, (chat | {"message", "messages"})],
	"chat.member": [
		{"invite", "add", "remove", "kick", "join"},
		{"user", "users", "member", "members", "guest", "people"},
		(chat | {"workspace", "group"}),
	],
	"chat.read": [reading, {"message", "messages", "inbox", "thread", "history", "conversation"}, chat],
	"calendar.write": [(changing | sending) - {"run", "execute", "start", "stop"}, calendar],
	"calendar.delete": [deleting, calendar],
	"calendar.read": [reading, calendar],
	"files.share": [{"share", "publish", "permission", "permissions", "grant", "expose"}, files],
	"files.delete": [(deleting | {"rm"}), files],
	"files.write": [{"write", "create", "append", "edit", "update", "save", "move", "upload", "put"}, files],
	"web.fetch": [(reading | {"visit", "open", "browse", "navigate", "load", "crawl", "scrape", "goto", "download"}), web],
	"web.send": [(sending | {"put", "submit"}), (web | {"form", "request"})],
	"shell.exec": [{"bash", "shell", "exec", "execute", "terminal", "command", "powershell", "zsh", "script"}],
	"deploy.change": [{"deploy", "rollback", "promote", "rollout", "redeploy", "dispatch", "helm", "kubectl"}],
	"code.push": [{"push"}],
	"secret.read": [(reading | {"reveal", "export"}), {"secret", "secrets", "credential", "credentials", "vault", "password", "passwords", "token", "tokens"}],
	"payment.send": [
		((changing | sending) | {"pay", "transfer", "refund", "make", "initiate"}) - {"close", "stop", "disable"},
		{"money", "payment", "payments", "transfer", "transaction", "transactions", "payout", "wire", "invoice", "funds"},
	],
	"account.change": [
		{"update", "change", "set", "reset", "edit", "modify", "put"},
		{"password", "user", "profile", "account", "credentials", "credential", "mfa", "identity"},
	],
	"booking.make": [{"reserve", "book", "order", "buy", "purchase", "checkout", "subscribe"}],
}

# METADATA
# description: Role → words; one stands in a member's name on the argument's path.
roles := {
	"recipient": {
		"to", "cc", "bcc", "recipient", "recipients", "participant", "participants", "attendee", "attendees",
		"invitee", "invitees", "email", "emails", "addresses", "member", "members", "user", "users", "channel",
		"channels", "guest", "guests", "person", "people", "contact", "contacts", "assignee", "room",
	},
	"link": {"url", "urls", "uri", "href", "link", "links", "website", "webhook", "endpoint", "callback", "host", "domain"},
	"account": {"account", "accounts", "iban", "recipient", "payee", "beneficiary", "destination", "card", "to", "wallet"},
	"amount": {"amount", "total", "sum", "price"},
	"when": {"start", "end", "date", "day", "time", "when", "from", "until"},
	"what": {"title", "summary", "subject", "name"},
	"target": {"id", "ids", "path", "paths", "file", "files", "filename", "name", "names", "key", "resource", "query", "target", "branch"},
	"environment": {"environment", "env", "stage", "cluster", "namespace", "context"},
}

# METADATA
# description: Members that hold prose, whatever words stand on the way to them.
prose := {"body", "text", "content", "message", "description", "note", "notes", "comment", "html", "markdown", "reason", "details"}
