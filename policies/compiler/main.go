//go:build wasip1

// Weir's policy compiler: OPA's Go library behind one WebAssembly export. The host writes a JSON
// request into memory that allocate gave it, calls handle, and reads the JSON answer at result.
package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"unsafe"

	"github.com/open-policy-agent/opa/v1/ast"
)

var request, answer []byte

func main() {}

// Collecting garbage stops the one thread there is, and most of what lives is OPA's own tables.
func init() { debug.SetGCPercent(400) }

//go:wasmexport allocate
func allocate(size uint32) unsafe.Pointer {
	request = make([]byte, size+1)
	return unsafe.Pointer(&request[0])
}

// handle works on the request in memory and returns the length of its answer.
//
//go:wasmexport handle
func handle() uint32 {
	answer = respond(request[:len(request)-1])
	request = nil
	return uint32(len(answer))
}

//go:wasmexport result
func result() unsafe.Pointer {
	return unsafe.Pointer(&answer[0])
}

func respond(body []byte) (out []byte) {
	defer func() {
		if recovered := recover(); recovered != nil {
			out = encode(Answer{Errors: []Problem{{Code: "internal_error", Message: fmt.Sprint(recovered)}}})
		}
	}()
	var req Request
	if err := json.Unmarshal(body, &req); err != nil {
		return encode(Answer{Errors: problems(err)})
	}
	return encode(run(&req))
}

func run(req *Request) Answer {
	if req.Op == "build" {
		req.Files = withoutTests(req.Files)
	}
	set, errs := parse(req)
	if len(errs) > 0 {
		return Answer{Errors: errs}
	}
	switch req.Op {
	case "check":
		_, errs = compileStrict(set)
		return Answer{Errors: errs}
	case "build":
		return build(set, req)
	case "test":
		return test(set, req)
	case "eval":
		return evaluate(set, req)
	case "fmt":
		return formatAll(req)
	case "capabilities":
		return Answer{Capabilities: ast.CapabilitiesForThisVersion()}
	}
	return Answer{Errors: []Problem{{Code: "unknown_operation", Message: "unknown operation " + req.Op}}}
}

func encode(a Answer) []byte {
	out, err := json.Marshal(a)
	if err != nil {
		out, _ = json.Marshal(Answer{Errors: []Problem{{Code: "internal_error", Message: err.Error()}}})
	}
	return out
}
