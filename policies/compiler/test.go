//go:build wasip1

package main

import (
	"context"
	"sort"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

const testTimeout = 5 * time.Second

// TestResult is one test rule's outcome; Outcome is pass, fail, error or skip.
type TestResult struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Outcome string `json:"outcome"`
	Message string `json:"message,omitempty"`
	Output  string `json:"output,omitempty"`
}

// CoverageReport counts lines of policies, tests left out; Percent is 0 to 100.
type CoverageReport struct {
	Percent float64               `json:"percent"`
	Files   map[string]FileReport `json:"files"`
}

// FileReport names the rows that no test reached.
type FileReport struct {
	Percent    float64 `json:"percent"`
	NotCovered []int   `json:"notCovered"`
}

func test(set *policySet, req *Request) Answer {
	if _, errs := compileStrict(set); len(errs) > 0 {
		return Answer{Errors: errs}
	}
	ctx := context.Background()
	store := inmem.NewFromObject(orEmpty(req.Data))
	txn, err := store.NewTransaction(ctx, storage.WriteParams)
	if err != nil {
		return Answer{Errors: problems(err)}
	}
	defer store.Abort(ctx, txn)
	modules := copied(set.modules)
	runner := tester.NewRunner().
		SetCompiler(newCompiler(set)).
		SetStore(store).
		SetModules(modules).
		RaiseBuiltinErrors(true).
		CapturePrintOutput(true).
		SetParallel(1).
		SetTimeout(testTimeout)
	coverage := cover.New()
	if req.Coverage {
		runner = runner.SetCoverageQueryTracer(coverage)
	}
	results, err := runner.RunTests(ctx, txn)
	if err != nil {
		return Answer{Errors: problems(err)}
	}
	answer := Answer{Tests: []TestResult{}}
	for result := range results {
		answer.Tests = append(answer.Tests, testResult(result))
	}
	sort.SliceStable(answer.Tests, func(i, j int) bool {
		a, b := answer.Tests[i], answer.Tests[j]
		return a.File < b.File || a.File == b.File && a.Row < b.Row
	})
	if req.Coverage {
		answer.Coverage = coverageReport(coverage, set.modules)
	}
	return answer
}

func testResult(result *tester.Result) TestResult {
	out := TestResult{
		Package: result.Package,
		Name:    result.Name,
		Outcome: "pass",
		Output:  string(result.Output),
	}
	if result.Location != nil {
		out.File, out.Row = result.Location.File, result.Location.Row
	}
	switch {
	case result.Error != nil:
		out.Outcome, out.Message = "error", result.Error.Error()
	case result.Skip:
		out.Outcome = "skip"
	case result.Fail:
		out.Outcome = "fail"
		if result.FailedAt != nil {
			out.Message = "failed at " + result.FailedAt.Location.String() + ": " + string(result.FailedAt.Location.Text)
		}
	}
	return out
}

func coverageReport(coverage *cover.Cover, modules map[string]*ast.Module) *CoverageReport {
	policies := map[string]*ast.Module{}
	for path, module := range modules {
		if !strings.HasSuffix(path, "_test.rego") {
			policies[path] = module
		}
	}
	report := &CoverageReport{Files: map[string]FileReport{}}
	covered, all := 0, 0
	for path, file := range coverage.Report(policies).Files {
		if policies[path] == nil {
			continue
		}
		rows := []int{}
		for _, gap := range file.NotCovered {
			for row := gap.Start.Row; row <= gap.End.Row; row++ {
				rows = append(rows, row)
			}
		}
		covered += file.CoveredLines
		all += file.CoveredLines + file.NotCoveredLines
		report.Files[path] = FileReport{Percent: file.Coverage, NotCovered: rows}
	}
	report.Percent = 100
	if all > 0 {
		report.Percent = 100 * float64(covered) / float64(all)
	}
	return report
}

func orEmpty(data map[string]any) map[string]any {
	if data == nil {
		return map[string]any{}
	}
	return data
}
