# METADATA
# title: Files
# description: |
#   Files are shared with those whom the person or the directory names, and deleted when the person
#   named them. Places from which programs start are written to on the person's word only.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
#   severity: high
#   owasp: ASI02
package weir.tool_call.files

import data.weir.action

strangers := {path |
	some path in action.paths("recipient")
	not action.is_trusted(path)
}

# METADATA
# title: A file is shared with somebody whom the person did not name
findings contains action.finding(
	"approve",
	"files.share",
	"Who gets the file comes from what a tool answered, or cannot be told.",
	sprintf("A person has to confirm who gets this file: %s.", [action.named(strangers)]),
) if {
	"files.share" in action.classes
	not shares_with_known
}

shares_with_known if {
	count(action.paths("recipient")) > 0
	count(strangers) == 0
}

# METADATA
# title: Deleting a file that the person did not name
findings contains action.finding(
	"approve",
	"files.delete",
	"What is deleted was not named by the person.",
	"Deleting a file needs the person's word: ask them which, or ask for approval.",
) if {
	"files.delete" in action.classes
	not targets_named
}

targets_named if {
	targets := action.paths("target")
	count(targets) > 0
	every path in targets {
		action.is_trusted(path)
	}
}

# METADATA
# title: Writing where programs start from
findings contains action.finding(
	"approve",
	"files.sensitive_path",
	"The file starts programs or opens doors, and the person did not name it.",
	"A person has to confirm changes to this file: programs start from it.",
) if {
	"files.write" in action.classes
	some path in action.paths("target")
	not action.is_trusted(path)
	value := action.argument(path)
	is_string(value)
	regex.match(`(?i)(^|[/\\\\])(\.ssh|\.git[/\\\\](hooks|config)|\.github|\.bashrc|\.zshrc|\.profile|\.npmrc|\.netrc|\.aws|\.kube|crontab|cron\.[a-z]+|systemd|authorized_keys|sudoers|passwd|shadow)`, value)
}
