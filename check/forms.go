package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gene/value"
)

// headName gives the name of a Gene's head when that is a symbol, else "".
func headName(g *value.Gene) string { return symName(g.Type) }

func childName(g *value.Gene, i int) string {
	if i < len(g.Children) {
		return symName(g.Children[i])
	}
	return ""
}

func symName(v value.Value) string {
	if v.Kind() == value.KindSymbol {
		return v.AsSymbol().Name
	}
	return ""
}

// textOf gives the text of a name written as a symbol or a string.
func textOf(v value.Value) string {
	if v.Kind() == value.KindString {
		return v.AsString()
	}
	return symName(v)
}

func isAssignOp(s string) bool {
	switch s {
	case "=", "+=", "-=", "*=", "/=", "%=":
		return true
	}
	return false
}

// isMacro tells whether a call by this head is the call of a macro.
func isMacro(head value.Value) bool {
	s := symName(head)
	if head.Kind() == value.KindPath {
		parts := head.AsPath().Parts
		s = parts[len(parts)-1]
	}
	return len(s) > 1 && strings.HasSuffix(s, "!") && s[0] != '.' && s[0] != '<'
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// hasSpread tells whether a list of arguments splices an array.
func hasSpread(vs []value.Value) bool {
	for _, v := range vs {
		s := symName(v)
		if v.Kind() == value.KindPath {
			p := v.AsPath().Parts
			s = p[len(p)-1]
		}
		if strings.HasSuffix(s, "...") {
			return true
		}
	}
	return false
}

// hasSpreadProps tells whether a map is spliced into the keywords.
func hasSpreadProps(m *value.Map) bool {
	for _, e := range m.Entries() {
		if e.Key != nil && strings.HasPrefix(e.Key.Name, "...") {
			return true
		}
	}
	return false
}

// splitGeneric splits name:T:U.
func splitGeneric(s string) (string, []string) {
	if len(s) < 2 || !strings.Contains(s[1:], ":") {
		return s, nil
	}
	parts := strings.Split(s, ":")
	return parts[0], parts[1:]
}

func truthyProp(g *value.Gene, key string) bool {
	v, ok := g.Props.GetText(key)
	return ok && v.Truthy()
}

// Places.

func kidPos(g *value.Gene, i int) value.Pos {
	if g.Loc != nil && i < len(g.Loc.Children) {
		return g.Loc.Children[i]
	}
	return value.Pos{}
}

func propPos(g *value.Gene, i int) value.Pos {
	if g.Loc != nil && i < len(g.Loc.Props) {
		return g.Loc.Props[i]
	}
	return value.Pos{}
}

func headPos(g *value.Gene) value.Pos {
	if g.Loc != nil {
		return g.Loc.Type
	}
	return value.Pos{}
}

func genePos(g *value.Gene) value.Pos {
	if g.Loc != nil {
		return g.Loc.Pos
	}
	return value.Pos{}
}

// itemPos gives the place of element i of an array.
func (c *checker) itemPos(a *value.Array, i int) value.Pos {
	if l := c.file.Locs[a.Value().P]; l != nil && i < len(l.Children) {
		return l.Children[i]
	}
	return value.Pos{}
}

// entryPos gives the place of the value of entry i of a map.
func (c *checker) entryPos(m *value.Map, i int) value.Pos {
	if l := c.file.Locs[m.Value().P]; l != nil && i < len(l.Props) {
		return l.Props[i]
	}
	return value.Pos{}
}
