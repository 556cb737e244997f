package weir.pattern_test

import data.weir.pattern

test_matches if {
	every pair in [
		["*", "any/thing:at.all"], ["*", ""], ["gpt-5", "gpt-5"], ["gpt-*", "gpt-5.1-mini"],
		["*-mini", "gpt-5-mini"], ["claude-*-5", "claude-opus-5"], ["*/*", "openai/gpt"],
		["a*b*c", "a/b\nc"], ["a.*b*", "a.xb"], ["m[1]*x*", "m[1]-x"], ["gpt-*", "gpt-"],
	] {
		pattern.matches(pair[0], pair[1])
	}
}

test_does_not_match if {
	every pair in [
		["gpt-5", "gpt-5.1"], ["gpt-*", "xgpt-5"], ["*-mini", "mini"], ["ab*ba", "aba"],
		["a.*b*", "axxb"], ["a*b*c", "acb"], ["", "x"], ["m[1]*x*", "m1-x"], ["gpt", "GPT"],
	] {
		not pattern.matches(pair[0], pair[1])
	}
}

test_any_of_several if {
	pattern.any_match(["a", "b*"], "bc")
	not pattern.any_match(["a", "b*"], "c")
	not pattern.any_match([], "c")
}

test_what_is_no_string_matches_nothing if {
	every name in [5, null, {}, ["x"], true] {
		not pattern.any_match(["*", "a*b*c", "x"], name)
	}
}
