//go:build wasip1

package main

import (
	"bytes"
	"context"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

const (
	evalTimeout = 5 * time.Second
	traceBytes  = 200_000
)

// evaluate answers one query. Built-in errors are errors, as they are in enforcement.
func evaluate(set *policySet, req *Request) Answer {
	compiler, errs := compileStrict(set)
	if len(errs) > 0 {
		return Answer{Errors: errs}
	}
	options := []func(*rego.Rego){
		rego.Query(req.Query),
		rego.Compiler(compiler),
		rego.Capabilities(set.capabilities),
		rego.Store(inmem.NewFromObject(orEmpty(req.Data))),
		rego.StrictBuiltinErrors(true),
		rego.SetRegoVersion(ast.RegoV1),
	}
	if len(req.Input) > 0 {
		var input any
		if err := util.Unmarshal(req.Input, &input); err != nil {
			return Answer{Errors: problems(err)}
		}
		options = append(options, rego.Input(input))
	}
	tracer := topdown.NewBufferTracer()
	if req.Trace {
		options = append(options, rego.QueryTracer(tracer))
	}
	ctx, cancel := context.WithTimeout(context.Background(), evalTimeout)
	defer cancel()
	results, err := rego.New(options...).Eval(ctx)
	answer := Answer{Errors: problems(err)}
	if len(results) > 0 && len(results[0].Expressions) > 0 {
		answer.Defined = true
		answer.Result = results[0].Expressions[0].Value
	}
	if req.Trace {
		var text bytes.Buffer
		topdown.PrettyTraceWithLocation(&text, *tracer)
		if text.Len() > traceBytes {
			text.Truncate(traceBytes)
			text.WriteString("\n… (trace cut)\n")
		}
		answer.Trace = text.String()
	}
	return answer
}
