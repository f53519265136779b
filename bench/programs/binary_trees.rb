# Allocation: many short-lived binary trees beside one that stays.
def bottom_up(depth)
  if depth == 0
    []
  else
    [bottom_up(depth - 1), bottom_up(depth - 1)]
  end
end

def count(tree)
  if tree.empty?
    1
  else
    1 + count(tree[0]) + count(tree[1])
  end
end

def main(deepest)
  shallow = 4
  stays = bottom_up(deepest)
  shallow.step(deepest, 2) do |depth|
    rounds = 1 << (deepest - depth + shallow)
    nodes = 0
    rounds.times { nodes += count(bottom_up(depth)) }
    puts "#{rounds} trees of depth #{depth} nodes #{nodes}"
  end
  puts "the tree that stays has #{count(stays)} nodes"
end

main(Integer(ARGV[0] || 14))
