-- Exceptions: thrown three calls deep, caught by class, thrown again.
local Refused = {}
Refused.__index = Refused
function Refused.new(message, amount)
  return setmetatable({ message = message, amount = amount }, Refused)
end

local function check(n)
  if n % 3 == 0 then
    error(Refused.new("multiple of three", n))
  end
  return n * 2
end

local function relay(n) return check(n) + 1 end

local function attempt(n)
  local ok, result = pcall(relay, n)
  if ok then return result end
  if getmetatable(result) ~= Refused then error(result, 0) end
  if result.amount % 2 == 0 then
    error(result)
  end
  return result.amount % 7
end

local function main(n)
  local sum = 0
  local rethrown = 0
  for i = 1, n do
    local ok, result = pcall(attempt, i)
    if ok then
      sum = sum + result
    else
      rethrown = rethrown + 1
      sum = sum - result.amount % 5
    end
  end
  print("sum " .. sum .. " rethrown " .. rethrown)
end

main(tonumber(arg[1]) or 1200000)
