-- Method calls through a metatable.
local Counter = {}
Counter.__index = Counter
function Counter.new() return setmetatable({n = 0}, Counter) end
function Counter:add(k) self.n = self.n + k return self.n end

local function main(n)
  local c = Counter.new()
  for i = 1, n do
    c:add(i)
  end
  print("n " .. c.n)
end

main(tonumber(arg[1]) or 8000000)
