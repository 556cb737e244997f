-- The request comes through the environment; the result goes out as one line of JSON.
wrk.method = "POST"
wrk.path = "/v1/chat/completions"
wrk.body = os.getenv("BENCH_BODY")
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer " .. os.getenv("BENCH_KEY")

done = function(summary)
  local e = summary.errors
  io.write(string.format(
    '\n{"completed":%d,"seconds":%.6f,"failed":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\n',
    summary.requests, summary.duration / 1e6, e.connect, e.read, e.write, e.status, e.timeout))
end
