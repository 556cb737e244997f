# METADATA
# title: Patterns
# description: |
#   Names against patterns in which `*` stands for any run of characters, `/`, `.` and `:`
#   included. Not glob.match: that knows more signs, and would read `[` in a model's name as one.
# scope: package
# custom:
#   owner: weir
package weir.pattern

# METADATA
# description: Whether a name matches one of the patterns. What is no string matches none.
any_match(patterns, name) if {
	is_string(name)
	some pattern in patterns
	matches(pattern, name)
}

# METADATA
# description: Whether a name matches a pattern.
matches(pattern, name) if {
	pattern == "*"
} else if {
	pattern == name
} else if {
	# Beginning and end: the usual pattern has one star.
	parts := split(pattern, "*")
	count(parts) == 2
	startswith(name, parts[0])
	endswith(name, parts[1])
	count(name) >= count(parts[0]) + count(parts[1])
} else if {
	# Several stars are rare; only they are worth a regular expression.
	count(split(pattern, "*")) > 2
	regex.match(concat("", ["^(?s:", strings.replace_n(regex_signs, pattern), ")$"]), name)
}

regex_signs := {
	"\\": "\\\\", ".": "\\.", "+": "\\+", "?": "\\?", "(": "\\(", ")": "\\)", "[": "\\[", "]": "\\]",
	"{": "\\{", "}": "\\}", "|": "\\|", "^": "\\^", "$": "\\$", "*": ".*",
}
