# Allocation: many short-lived binary trees beside one that stays.
import sys


def bottom_up(depth):
    if depth == 0:
        return []
    return [bottom_up(depth - 1), bottom_up(depth - 1)]


def count(tree):
    if tree:
        return 1 + count(tree[0]) + count(tree[1])
    return 1


def main(deepest):
    shallow = 4
    stays = bottom_up(deepest)
    for depth in range(shallow, deepest + 1, 2):
        rounds = 1 << (deepest - depth + shallow)
        nodes = 0
        for _ in range(rounds):
            nodes += count(bottom_up(depth))
        print(rounds, "trees of depth", depth, "nodes", nodes)
    print("the tree that stays has", count(stays), "nodes")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 14)
