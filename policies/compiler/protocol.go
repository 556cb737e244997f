//go:build wasip1

package main

import (
	"encoding/json"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Request is what the host asks. Files maps paths to Rego sources.
type Request struct {
	Op           string                     `json:"op"`
	Files        map[string]string          `json:"files"`
	Capabilities json.RawMessage            `json:"capabilities"`
	Schemas      map[string]json.RawMessage `json:"schemas"`
	Entrypoints  []string                   `json:"entrypoints"`
	Query        string                     `json:"query"`
	Input        json.RawMessage            `json:"input"`
	Data         map[string]any             `json:"data"`
	Trace        bool                       `json:"trace"`
	Coverage     bool                       `json:"coverage"`
}

// Problem is one error with its place; rows and columns count from 1, 0 means unknown.
type Problem struct {
	File    string `json:"file"`
	Row     int    `json:"row"`
	Column  int    `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Answer is what the host gets: Errors, or the members that belong to the operation.
type Answer struct {
	Errors   []Problem         `json:"errors"`
	Wasm     []byte            `json:"wasm,omitempty"`
	Bundle   []byte            `json:"bundle,omitempty"`
	Tests    []TestResult      `json:"tests,omitempty"`
	Coverage *CoverageReport   `json:"coverage,omitempty"`
	Result   any               `json:"result,omitempty"`
	Defined  bool              `json:"defined,omitempty"`
	Trace    string            `json:"trace,omitempty"`
	Files    map[string]string `json:"files,omitempty"`
	// Capabilities is what this version of OPA can do, natively.
	Capabilities *ast.Capabilities `json:"capabilities,omitempty"`
}

func problems(err error) []Problem {
	if err == nil {
		return nil
	}
	var many ast.Errors
	if errors.As(err, &many) {
		out := make([]Problem, 0, len(many))
		for _, one := range many {
			out = append(out, at(one.Location, one.Code, one.Message+details(one)))
		}
		return out
	}
	var one *ast.Error
	if errors.As(err, &one) {
		return []Problem{at(one.Location, one.Code, one.Message+details(one))}
	}
	var runtime *topdown.Error
	if errors.As(err, &runtime) {
		return []Problem{at(runtime.Location, runtime.Code, runtime.Message)}
	}
	return []Problem{{Code: "error", Message: err.Error()}}
}

func details(err *ast.Error) string {
	text := ""
	if err.Details != nil {
		for _, line := range err.Details.Lines() {
			text += "\n" + line
		}
	}
	return text
}

func at(loc *ast.Location, code, message string) Problem {
	if loc == nil {
		return Problem{Code: code, Message: message}
	}
	return Problem{File: loc.File, Row: loc.Row, Column: loc.Col, Code: code, Message: message}
}
