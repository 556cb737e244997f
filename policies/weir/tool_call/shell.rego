# METADATA
# title: Shell
# description: |
#   What patterns say of a command is a hint, not a boundary: the boundary is the sandbox. Commands
#   that destroy or that fetch and run are asked about; after untrusted content, every one is that the
#   person did not write.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: critical
#   owasp: ASI05
package weir.tool_call.shell

import data.weir.action

applies if "shell.exec" in action.classes

commands := {value |
	walk(input.tool.args, [_, value])
	is_string(value)
}

unwritten if {
	some path in action.arguments
	not action.is_own(path)
}

# METADATA
# title: A command after untrusted content
findings contains action.finding(
	"approve",
	"shell.untrusted",
	"The session has read untrusted content, and the person did not write this command.",
	"A person has to confirm commands once the session has read what outsiders wrote.",
) if {
	applies
	"untrusted" in input.session.taint
	unwritten
}

# METADATA
# title: A command that destroys, hides or fetches what it runs
findings contains action.finding(
	"approve",
	"shell.dangerous",
	"The command destroys, hides or fetches what it runs.",
	"A person has to confirm this command.",
) if {
	applies
	some command in commands
	some pattern_ in dangerous
	regex.match(pattern_, command)
}

dangerous := [
	`(?i)\brm\s+(-[a-z]*\s+)*-[a-z]*[rf]`,
	`(?i)\b(mkfs|shred|wipefs|fdisk)\b|\bdd\s+.*of=`,
	`(?i)\b(curl|wget|fetch)\b.*\|\s*(sudo\s+)?(ba|z|da)?sh\b`,
	`(?i)\bbase64\s+(-d|--decode)|\beval\b|\bxxd\s+-r`,
	`(?i)\bgit\s+push\b.*(--force|\s-[a-z]*f|--mirror|--delete|\s\+)`,
	`(?i)\b(sudo|su|chmod\s+([0-7]*7|a?\+s)|chown)\b`,
	`(?i)\b(terraform|pulumi)\s+(apply|destroy)|\bkubectl\s+(delete|apply|drain|scale)|\bhelm\s+(upgrade|uninstall|rollback)`,
	`(?i)\b(drop|truncate)\s+(table|database|schema)\b`,
	`/dev/tcp/|\bnc\b.*\s-e\b|\bsocat\b`,
]

# METADATA
# title: A command that nobody can read
findings contains action.finding(
	"approve",
	"shell.no_command",
	"The call holds no command that can be read.",
	"A person has to confirm this command.",
) if {
	applies
	count(commands) == 0
}
