# Strings: build, join, split, replace, find, cut, change case.
import sys


def build_line(i):
    words = []
    for k in range(1, 11):
        words.append(f"w{(i * k) % 97}")
    return " ".join(words)


def initials(words):
    out = ""
    for w in words:
        out = out + w[:1]
    return out


def main(n):
    sizes = 0
    found = 0
    last = ""
    for i in range(1, n + 1):
        line = build_line(i)
        words = line.split(" ")
        upper = line.upper()
        long = upper.replace("W", "word-")
        if long.find("word-42") >= 0:
            found += 1
        last = initials(words) + long[:10]
        sizes += len(words) + len(long) + len(last)
    print("sizes", sizes, "found", found, "last", last)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 60000)
