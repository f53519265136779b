package vm

// suggest gives the visible name that is nearest to one that is not defined,
// or "".
func (vm *VM) suggest(name string) string {
	var names []string
	for _, s := range vm.Globals.Names() {
		names = append(names, s.Name)
	}
	if m := vm.module; m != nil {
		for s, c := range m.Cells {
			if c.V.IsSet() {
				names = append(names, s.Name)
			}
		}
	}
	if vm.fp != nil && vm.fp.fn != nil {
		for _, l := range vm.fp.fn.Proto.Local {
			names = append(names, l.Name.Name)
		}
	}
	return suggestAmong(name, names)
}

// Nearest gives the name that somebody who wrote another one may have meant, ""
// when none is near.
func Nearest(name string, names []string) string { return suggestAmong(name, names) }

// suggestAmong gives the name within two edits (one for short names) that is
// nearest; among equals the alphabetically first.
func suggestAmong(name string, names []string) string {
	best, limit := "", 2
	if len(name) < 4 {
		limit = 1
	}
	bestD := limit + 1
	for _, n := range names {
		if n == name || len(n) == 0 || n[0] == '%' {
			continue
		}
		if d := editDistance(name, n, limit); d < bestD || d == bestD && d <= limit && n < best {
			best, bestD = n, d
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours (Damerau's distance, restricted); beyond limit it gives limit+1.
func editDistance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	prev2, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return min(prev[len(y)], limit+1)
}
