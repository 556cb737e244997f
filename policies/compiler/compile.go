//go:build wasip1

package main

import (
	"bytes"
	"context"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/util"
)

const errorLimit = 50

type policySet struct {
	modules      map[string]*ast.Module
	sources      map[string]string
	capabilities *ast.Capabilities
	schemas      *ast.SchemaSet
}

// The host sends the same capabilities with every request, and reading them takes longer than
// checking a policy.
var (
	knownCapabilities     *ast.Capabilities
	knownCapabilitiesJSON []byte
)

func loadCapabilities(raw []byte) (*ast.Capabilities, error) {
	if len(raw) == 0 {
		return ast.CapabilitiesForThisVersion(), nil
	}
	if !bytes.Equal(raw, knownCapabilitiesJSON) {
		capabilities, err := ast.LoadCapabilitiesJSON(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		knownCapabilities, knownCapabilitiesJSON = capabilities, bytes.Clone(raw)
	}
	return knownCapabilities, nil
}

const maxKnownModules = 2000

type source struct{ path, text string }

// Parsed modules by what they were parsed from: whoever edits a policy changes one file of many.
// Nobody changes them: everything that compiles takes copies.
var (
	knownModules     = map[source]*ast.Module{}
	knownModulesWith *ast.Capabilities
)

func parseModule(path, text string, capabilities *ast.Capabilities) (*ast.Module, error) {
	if capabilities != knownModulesWith || len(knownModules) >= maxKnownModules {
		knownModules, knownModulesWith = map[source]*ast.Module{}, capabilities
	}
	if module := knownModules[source{path, text}]; module != nil {
		return module, nil
	}
	module, err := ast.ParseModuleWithOpts(path, text, ast.ParserOptions{
		Capabilities:      capabilities,
		ProcessAnnotation: true,
		RegoVersion:       ast.RegoV1,
	})
	if err == nil {
		knownModules[source{path, text}] = module
	}
	return module, err
}

func parse(req *Request) (*policySet, []Problem) {
	set := &policySet{modules: map[string]*ast.Module{}, sources: req.Files, schemas: ast.NewSchemaSet()}
	capabilities, err := loadCapabilities(req.Capabilities)
	if err != nil {
		return nil, problems(err)
	}
	set.capabilities = capabilities
	for name, raw := range req.Schemas {
		var schema any
		if err := util.Unmarshal(raw, &schema); err != nil {
			return nil, problems(err)
		}
		set.schemas.Put(ast.SchemaRootRef.Append(ast.StringTerm(name)), schema)
	}
	var errs []Problem
	for _, path := range sortedKeys(req.Files) {
		module, err := parseModule(path, req.Files[path], set.capabilities)
		if err != nil {
			errs = append(errs, problems(err)...)
			continue
		}
		set.modules[path] = module
	}
	return set, errs
}

func newCompiler(set *policySet) *ast.Compiler {
	return ast.NewCompiler().
		WithCapabilities(set.capabilities).
		WithSchemas(set.schemas).
		WithUseTypeCheckAnnotations(true).
		WithStrict(true).
		WithDefaultRegoVersion(ast.RegoV1).
		SetErrorLimit(errorLimit)
}

func copied(modules map[string]*ast.Module) map[string]*ast.Module {
	out := make(map[string]*ast.Module, len(modules))
	for path, module := range modules {
		out[path] = module.Copy()
	}
	return out
}

func compileStrict(set *policySet) (*ast.Compiler, []Problem) {
	if errs := lint(set.modules); len(errs) > 0 {
		return nil, errs
	}
	compiler := newCompiler(set)
	compiler.Compile(copied(set.modules))
	if compiler.Failed() {
		return nil, problems(compiler.Errors)
	}
	return compiler, nil
}

func withoutTests(files map[string]string) map[string]string {
	out := make(map[string]string, len(files))
	for path, source := range files {
		if !strings.HasSuffix(path, "_test.rego") {
			out[path] = source
		}
	}
	return out
}

// build compiles into one policy.wasm, inside an OPA bundle. The files hold no tests.
func build(set *policySet, req *Request) Answer {
	if _, errs := compileStrict(set); len(errs) > 0 {
		return Answer{Errors: errs}
	}
	input := &bundle.Bundle{Data: req.Data, Manifest: bundle.Manifest{}}
	if input.Data == nil {
		input.Data = map[string]any{}
	}
	input.Manifest.Init()
	for _, path := range sortedKeys(req.Files) {
		input.Modules = append(input.Modules, bundle.ModuleFile{
			URL: path, Path: path, Raw: []byte(req.Files[path]), Parsed: set.modules[path].Copy(),
		})
	}
	compiler := compile.New().
		WithBundle(input).
		WithTarget(compile.TargetWasm).
		WithEntrypoints(req.Entrypoints...).
		WithCapabilities(set.capabilities).
		WithRegoVersion(ast.RegoV1)
	if err := compiler.Build(context.Background()); err != nil {
		return Answer{Errors: problems(err)}
	}
	built := compiler.Bundle()
	var archive bytes.Buffer
	if err := bundle.NewWriter(&archive).Write(*built); err != nil {
		return Answer{Errors: problems(err)}
	}
	if len(built.WasmModules) != 1 {
		return Answer{Errors: []Problem{{Code: "build_error", Message: "the build made no policy.wasm"}}}
	}
	return Answer{Wasm: built.WasmModules[0].Raw, Bundle: archive.Bytes()}
}

func formatAll(req *Request) Answer {
	files := map[string]string{}
	for _, path := range sortedKeys(req.Files) {
		out, err := format.SourceWithOpts(path, []byte(req.Files[path]), format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			return Answer{Errors: problems(err)}
		}
		files[path] = string(out)
	}
	return Answer{Files: files}
}

func sortedKeys(files map[string]string) []string {
	keys := make([]string, 0, len(files))
	for key := range files {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
