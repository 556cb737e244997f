-- The request comes through a file and the environment; the result goes out as one line of JSON.
local file = io.open(os.getenv("BENCH_BODY_FILE"), "rb")
wrk.method = "POST"
wrk.path = os.getenv("BENCH_PATH")
wrk.body = file:read("*a")
file:close()
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer " .. os.getenv("BENCH_KEY")

done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"completed":%d,"seconds":%.6f,"p50Ms":%.3f,"failed":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000,
    e.connect, e.read, e.write, e.status, e.timeout))
end
