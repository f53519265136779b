-- Table field reads.
local function new(x, y) return {x = x, y = y} end

local function main(n)
  local p = new(3, 4)
  local sum = 0
  for i = 1, n do
    sum = sum + (p.x + p.y + p.x + p.y)
  end
  print("sum " .. sum)
end

main(tonumber(arg[1]) or 8000000)
