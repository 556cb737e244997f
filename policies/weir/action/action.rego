# METADATA
# title: Actions
# description: |
#   What a tool call would do (classes), which of its arguments decide on whom and what it strikes
#   (roles), and where each of those came from. The defaults go by names; data.weir.toolClasses
#   says of named tools what they really are, and data.weir.flow holds the limits.
# scope: package
# schemas:
#   - input: schema.input
# custom:
#   owner: security
package weir.action

import data.weir.action.defaults
import data.weir.pattern

# The tool as patterns in data.weir.toolClasses name it.
tool_name := concat("/", [input.tool.server, input.tool.name]) if input.tool.server != ""

tool_name := input.tool.name if input.tool.server == ""

# METADATA
# description: The classes of the tool that is called.
classes := classes_of(tool_name)

# METADATA
# description: The classes of a tool by its name; what is configured replaces what the name suggests.
classes_of(name) := {class |
	some pattern_, listed in configured
	pattern.matches(pattern_, name)
	some class in listed
} if {
	is_configured(name)
}

classes_of(name) := {class |
	words := words_of(name)
	some class, lists in defaults.classes
	every list in lists {
		count(list & words) > 0
	}
} if {
	not is_configured(name)
}

default configured := {}

configured := data.weir.toolClasses

is_configured(name) if {
	some pattern_, _ in configured
	pattern.matches(pattern_, name)
}

# METADATA
# description: Whether the tool changes something at all, though no class says what.
changes_something if {
	count(words_of(tool_name) & ((defaults.changing | defaults.sending) | defaults.deleting)) > 0
}

# METADATA
# description: The words of a name, however it is written.
words_of(name) := {lower(found[0]) |
	some found in regex.find_all_string_submatch_n(`[A-Z]+[a-z]*|[a-z]+|[0-9]+`, substring(name, 0, 256), 64)
}

provenance := input.tool.provenance

# METADATA
# description: Paths of the arguments that have a role by their name, or by what they hold.
paths(role) := {path |
	some path in values
	count(words_of(path) & defaults.roles[role]) > 0
	not is_prose(path)
	not is_mention(path)
} | held(role)

# An address or a link under a name that nobody thought of is one all the same.
held(role) := {path |
	some path in mentioned(held_in[role])
	not is_prose(base_of(path))
} if {
	held_in[role]
} else := set()

held_in := {"recipient": "addresses", "link": "links"}

base_of(path) := base if {
	some list in ["links", "addresses", "accounts", "secrets"]
	parts := split(path, concat("", [".", list, "["]))
	count(parts) > 1
	base := concat(concat("", [".", list, "["]), array.slice(parts, 0, count(parts) - 1))
} else := path

# METADATA
# description: Paths of links, accounts or secrets that stand in prose.
mentioned(list) := {path |
	some path in values
	contains(path, concat("", [".", list, "["]))
	is_mention(path)
}

# METADATA
# description: Paths of all arguments, without remarks on them.
values := {path |
	some path, _ in provenance
	not is_remark(path)
}

# A member whose name has an @ is quoted, so that it ends otherwise.
is_remark(path) if {
	parts := split(path, "@")
	count(parts) > 1
	parts[count(parts) - 1] in remarks
}

remarks := {"field", "lookup", "alone", "confirmed", "lookalike", "short", "incomplete"}

# METADATA
# description: Paths of all arguments that are no mention in another.
arguments := {path | some path in values; not is_mention(path)}

is_mention(path) if {
	some list in ["links", "addresses", "accounts", "secrets"]
	parts := split(path, concat("", [".", list, "["]))
	count(parts) > 1
	provenance[parts[0]]
}

is_prose(path) if {
	names := split(path, ".")
	last := split(names[count(names) - 1], "[")[0]
	count(words_of(last) & defaults.prose) > 0
}

# METADATA
# description: Where a value came from; what nothing is known of is unknown.
origin(path) := object.get(provenance, path, "unknown")

# METADATA
# description: A remark on a value, such as the member of the result that it stood in; empty = none.
remark(path, name) := object.get(provenance, concat("@", [path, name]), "")

# METADATA
# description: The person wrote it first, and it is long enough to mean one thing only.
is_own(path) if {
	origin(path) == "user"
	not is_short(path)
}

# METADATA
# description: The person, the directory, or the person after a tool had said it.
is_trusted(path) if is_own(path)

is_trusted(path) if origin(path) == "directory"

is_trusted(path) if {
	remark(path, "confirmed") == "user"
	not is_short(path)
}

# METADATA
# description: A source that can be named, so a human can judge what it said.
is_from_tool(path) if startswith(origin(path), "tool:")

is_from_tool(path) if origin(path) == "system"

# METADATA
# description: |
#   Classes of the tool that a value came from; none where it came from no tool. Never undefined:
#   `not "x" in source_classes(y)` would then fail with it.
source_classes(path) := classes_of(split(trim_prefix(origin(path), "tool:"), "#")[0]) if {
	startswith(origin(path), "tool:")
} else := set()

# What stands in most texts, such as a number of two digits, says nothing by standing there.
is_short(path) if remark(path, "short") != ""

# METADATA
# description: The value of a member of the arguments; null for what is nested deeper.
argument(path) := object.get(input.tool.args, path, null)

# METADATA
# description: More arguments than are traced, so what is known of them is not all.
is_incomplete if provenance["@incomplete"]

# METADATA
# description: Values that look like trusted ones and are others.
lookalikes := {path |
	some path in values
	remark(path, "lookalike") != ""
}

# METADATA
# description: A limit from data.weir.flow, or the default.
limit(name, otherwise) := object.get(limits, name, otherwise)

default limits := {}

limits := data.weir.flow

# METADATA
# description: The paths in a message, the first few, so that it stays short.
named(found) := concat(", ", array.slice(sort([substring(path, 0, 60) | some path in found]), 0, 5))

# METADATA
# description: A finding as data.weir.lattice takes it.
finding(effect, id, reason, message) := {
	"effect": effect,
	"id": id,
	"reason": reason,
	"owner": "security",
	"message": message,
	"obligations": [],
}

# METADATA
# description: Words that delete.
deleting := defaults.deleting
