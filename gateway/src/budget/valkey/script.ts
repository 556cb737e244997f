/**
 * What Valkey does with one message, all of it or nothing: takes the spender's positions, decides
 * each want over all of its counters. The arithmetic is that of ../decide.ts; a test holds the two
 * against each other.
 *
 * A counter is a hash: `base` (known from the ledger alone), `warned`, and for each spender
 * `p:<id>` = spent,held,time. What is held counts only while its spender is heard of.
 */
const common = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function whole(number) return string.format('%.0f', number) end
local counters = {}
local function load(index, spender, leaseMs)
  local counter = counters[index]
  if counter then return counter end
  counter = { base = 0, spent = 0, held = 0, mySpent = 0, myHeld = 0, others = 0, warned = false }
  local fields = redis.call('HGETALL', KEYS[index])
  for at = 1, #fields, 2 do
    local name, value = fields[at], fields[at + 1]
    if name == 'base' then counter.base = tonumber(value)
    elseif name == 'warned' then counter.warned = true
    else
      local spent, held, toldAt = string.match(value, '^(%d+),(%d+),(%d+)$')
      if string.sub(name, 3) == spender then
        counter.mySpent = tonumber(spent)
        counter.myHeld = tonumber(held)
      else
        counter.spent = counter.spent + tonumber(spent)
        if tonumber(toldAt) + leaseMs > now then
          counter.held = counter.held + tonumber(held)
          counter.others = counter.others + 1
        end
      end
    end
  end
  counter.spent = counter.spent + counter.base
  counters[index] = counter
  return counter
end
local function spentOf(counter) return counter.spent + counter.mySpent end
local function totalOf(counter) return spentOf(counter) + counter.held + counter.myHeld end
`;

/**
 * KEYS: meta, then the counters. ARGV: spender, lease and warm-up in milliseconds, the server's run
 * id, the message as JSON. After the server has started anew its counters are not believed until
 * every spender has had the time to say again what it has spent.
 */
export const exchangeScript = `${common}
local spender, leaseMs, warmMs, run = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local message = cjson.decode(ARGV[5])
if redis.call('HGET', KEYS[1], 'run') ~= run then
  redis.call('HSET', KEYS[1], 'run', run, 'since', whole(now))
end
local since = tonumber(redis.call('HGET', KEYS[1], 'since'))
local isWarming = now - since < warmMs
local touched = {}
local function touch(index, expiresAt)
  touched[index] = math.max(touched[index] or 0, expiresAt)
end
for _, position in ipairs(message.positions) do
  local counter = load(position.k, spender, leaseMs)
  counter.mySpent, counter.myHeld = position.s, position.h
  touch(position.k, position.x)
end
local function hasRoom(charge, total)
  if charge.f or charge.a == 0 then return true end
  if charge.m then return total + charge.a <= charge.l end
  return total < charge.l
end
local function slackFor(charge, total, spenders)
  local most = charge.a * 32
  if charge.f and total >= charge.l then return most end
  local slack = math.min(most, math.floor((charge.l - total - charge.a) / (4 * (spenders + 1))))
  if slack < charge.a then return 0 end
  return slack
end
local function decide(want)
  for at, charge in ipairs(want) do
    local counter = load(charge.k, spender, leaseMs)
    if not hasRoom(charge, totalOf(counter)) then
      return { 0, at - 1, whole(spentOf(counter)), whole(totalOf(counter)) }
    end
  end
  local answer = { 1 }
  for _, charge in ipairs(want) do
    local counter = load(charge.k, spender, leaseMs)
    local total = totalOf(counter)
    local warns = 0
    if charge.f and not counter.warned and total >= charge.l then
      counter.warned = true
      redis.call('HSET', KEYS[charge.k], 'warned', '1')
      warns = 1
    end
    local grant = charge.a + slackFor(charge, total, counter.others + 1)
    counter.myHeld = counter.myHeld + grant
    touch(charge.k, charge.x)
    table.insert(answer, whole(grant))
    table.insert(answer, whole(spentOf(counter)))
    table.insert(answer, whole(total + grant))
    table.insert(answer, warns)
  end
  return answer
end
local answers = {}
if not isWarming then
  for at, want in ipairs(message.wants) do answers[at] = decide(want) end
end
local totals = {}
for index, expiresAt in pairs(touched) do
  local counter = load(index, spender, leaseMs)
  redis.call('HSET', KEYS[index], 'p:' .. spender,
    whole(counter.mySpent) .. ',' .. whole(counter.myHeld) .. ',' .. whole(now))
  redis.call('PEXPIREAT', KEYS[index], whole(expiresAt + 3600000))
  table.insert(totals, index)
  table.insert(totals, whole(totalOf(counter)))
end
return { isWarming and 1 or 0, whole(since), answers, totals }
`;

/** KEYS: counters. ARGV: lease in milliseconds, then for each counter what the ledger knows and its end. */
export const seedScript = `${common}
local leaseMs = tonumber(ARGV[1])
for index = 1, #KEYS do
  local counter = load(index, '', leaseMs)
  local missing = tonumber(ARGV[index * 2]) - totalOf(counter)
  if missing > 0 then
    redis.call('HSET', KEYS[index], 'base', whole(counter.base + missing))
    redis.call('PEXPIREAT', KEYS[index], whole(tonumber(ARGV[index * 2 + 1]) + 3600000))
  end
end
return #KEYS
`;
