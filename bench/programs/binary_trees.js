// Allocation: many short-lived binary trees beside one that stays.
function bottomUp(depth) {
  if (depth === 0) {
    return [];
  }
  return [bottomUp(depth - 1), bottomUp(depth - 1)];
}

function count(tree) {
  if (tree[0]) {
    return 1 + count(tree[0]) + count(tree[1]);
  }
  return 1;
}

function main(deepest) {
  const shallow = 4;
  const stays = bottomUp(deepest);
  for (let depth = shallow; depth <= deepest; depth += 2) {
    const rounds = 1 << (deepest - depth + shallow);
    let nodes = 0;
    for (let i = 0; i < rounds; i++) {
      nodes += count(bottomUp(depth));
    }
    console.log(`${rounds} trees of depth ${depth} nodes ${nodes}`);
  }
  console.log(`the tree that stays has ${count(stays)} nodes`);
}

main(Number(process.argv[2] ?? 14));
