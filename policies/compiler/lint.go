//go:build wasip1

package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Forms of sprintf that the Go engine and the one in the proxy render alike.
var (
	safeFormat = regexp.MustCompile(`^([^%]|%%|%s|%d)*$`)
	verb       = regexp.MustCompile(`%[sd]`)
)

// lint finds what the two engines would decide differently: tests that pass here would then say
// nothing about enforcement.
func lint(modules map[string]*ast.Module) []Problem {
	var found []Problem
	add := func(loc *ast.Location, message string) {
		found = append(found, at(loc, "weir_lint_error", message))
	}
	for _, module := range modules {
		ast.WalkTerms(module, func(term *ast.Term) bool {
			if call, ok := term.Value.(ast.Call); ok {
				lintCall(call, term.Location, add)
			}
			return false
		})
		ast.WalkWiths(module, func(with *ast.With) bool {
			if name := with.Value.String(); name == "sprintf" || name == "glob.match" {
				add(with.Location, name+" cannot stand in for another function: its arguments could not be checked")
			}
			return false
		})
		ast.WalkExprs(module, func(expr *ast.Expr) bool {
			if terms, ok := expr.Terms.([]*ast.Term); ok {
				lintCall(terms, expr.Location, add)
			}
			return false
		})
	}
	return found
}

func lintCall(terms []*ast.Term, loc *ast.Location, add func(*ast.Location, string)) {
	if len(terms) < 2 {
		return
	}
	switch terms[0].String() {
	case "sprintf":
		lintFormat(terms, loc, add)
	case "glob.match":
		if len(terms) > 2 && !singleCharacters(terms[2]) {
			add(loc, "glob.match takes a literal list of one-character delimiters: longer ones never match in enforcement")
		}
	}
}

func lintFormat(terms []*ast.Term, loc *ast.Location, add func(*ast.Location, string)) {
	format, literal := terms[1].Value.(ast.String)
	if !literal || !safeFormat.MatchString(string(format)) {
		add(loc, "sprintf takes a literal format with %s and %d only: other forms differ between engines; use concat or %s of a string")
		return
	}
	verbs := len(verb.FindAllString(strings.ReplaceAll(string(format), "%%", ""), -1))
	if len(terms) < 3 {
		return
	}
	values, literal := terms[2].Value.(*ast.Array)
	if !literal || values.Len() != verbs {
		add(loc, fmt.Sprintf("sprintf takes a literal list of as many values as its format has places, here %d: engines fill the rest differently", verbs))
	}
}

func singleCharacters(term *ast.Term) bool {
	delimiters, ok := term.Value.(*ast.Array)
	if !ok {
		return false
	}
	fine := true
	delimiters.Foreach(func(each *ast.Term) {
		text, isString := each.Value.(ast.String)
		fine = fine && isString && utf8.RuneCountInString(string(text)) == 1
	})
	return fine
}
