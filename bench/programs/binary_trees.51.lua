-- Allocation: many short-lived binary trees beside one that stays.
-- For Lua 5.1, which has no shift operators.
local function bottom_up(depth)
  if depth == 0 then
    return {}
  else
    return { bottom_up(depth - 1), bottom_up(depth - 1) }
  end
end

local function count(tree)
  if tree[1] then
    return 1 + count(tree[1]) + count(tree[2])
  else
    return 1
  end
end

local function main(deepest)
  local shallow = 4
  local stays = bottom_up(deepest)
  for depth = shallow, deepest, 2 do
    local rounds = 2 ^ (deepest - depth + shallow)
    local nodes = 0
    for _ = 1, rounds do
      nodes = nodes + count(bottom_up(depth))
    end
    print(rounds .. " trees of depth " .. depth .. " nodes " .. nodes)
  end
  print("the tree that stays has " .. count(stays) .. " nodes")
end

main(tonumber(arg[1]) or 14)
