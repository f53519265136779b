-- Float arithmetic in locals: the Mandelbrot set on a square grid.
local function escape(cr, ci, limit)
  local zr = 0.0
  local zi = 0.0
  local zr2 = 0.0
  local zi2 = 0.0
  local k = 0
  while k < limit and zr2 + zi2 <= 4.0 do
    zi = 2.0 * zr * zi + ci
    zr = zr2 - zi2 + cr
    zr2 = zr * zr
    zi2 = zi * zi
    k = k + 1
  end
  return k
end

local function main(size)
  local limit = 50
  local inside = 0
  local steps = 0
  for row = 1, size do
    local ci = 2.0 * row / size - 1.0
    for col = 1, size do
      local k = escape(2.0 * col / size - 1.5, ci, limit)
      steps = steps + k
      if k == limit then
        inside = inside + 1
      end
    end
  end
  print("inside " .. inside .. " steps " .. steps)
end

main(tonumber(arg[1]) or 600)
