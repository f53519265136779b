package compiler

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"gene/value"
)

// formText gives a form as text, for messages: as it would be written, with
// /x spelled self/x.
func formText(v value.Value) string {
	var b strings.Builder
	writeForm(&b, v, 0)
	return b.String()
}

func writeForm(b *strings.Builder, v value.Value, depth int) {
	if depth > 50 {
		b.WriteString("...")
		return
	}
	switch v.Kind() {
	case value.KindNil:
		b.WriteString("nil")
	case value.KindVoid:
		b.WriteString("void")
	case value.KindNotFound:
		b.WriteString("not_found")
	case value.KindBool:
		b.WriteString(strconv.FormatBool(v.AsBool()))
	case value.KindInt:
		b.WriteString(strconv.FormatInt(v.AsInt(), 10))
	case value.KindFloat:
		b.WriteString(floatText(v.AsFloat()))
	case value.KindChar:
		b.WriteString("'" + string(v.AsChar()) + "'")
	case value.KindString:
		b.WriteString(`"` + v.AsString() + `"`)
	case value.KindSymbol:
		b.WriteString(v.AsSymbol().Name)
	case value.KindPath:
		p := strings.Join(v.AsPath().Parts, "/")
		if strings.HasPrefix(p, "/") {
			p = "self" + p
		}
		b.WriteString(p)
	case value.KindArray:
		writeSeq(b, "[", v.AsArray().Items, "]", depth)
	case value.KindMap:
		b.WriteString("{")
		writeProps(b, v.AsMap(), "", depth)
		b.WriteString("}")
	case value.KindUnquote:
		b.WriteString("%")
		writeForm(b, v.AsUnquote().Form, depth+1)
	case value.KindGene:
		writeGene(b, v.AsGene(), depth)
	default:
		b.WriteString("<" + strings.ToLower(kindName(v)) + ">")
	}
}

func floatText(x float64) string {
	s := strconv.FormatFloat(x, 'g', -1, 64)
	if !strings.ContainsAny(s, ".eIN") {
		s += ".0"
	}
	return s
}

func writeGene(b *strings.Builder, g *value.Gene, depth int) {
	switch {
	case quoted(g.Value()) != nil:
		b.WriteString("`")
		writeForm(b, g.Children[0], depth+1)
		return
	case g.Type == value.SymInterp.Value():
		b.WriteString(`#"`)
		for _, c := range g.Children {
			if c.Kind() == value.KindString {
				b.WriteString(c.AsString())
				continue
			}
			b.WriteString("#{")
			writeForm(b, c, depth+1)
			b.WriteString("}")
		}
		b.WriteString(`"`)
		return
	case g.Type == value.SymHashMap.Value():
		writeSeq(b, "{{", g.Children, "}}", depth)
		return
	}
	b.WriteString("(")
	writeForm(b, g.Type, depth+1)
	writeProps(b, g.Props, " ", depth)
	if len(g.Children) > 0 {
		b.WriteString(" ")
	}
	writeSeq(b, "", g.Children, ")", depth)
}

func writeSeq(b *strings.Builder, open string, vs []value.Value, end string, depth int) {
	b.WriteString(open)
	for i, v := range vs {
		if i > 0 {
			b.WriteString(" ")
		}
		writeForm(b, v, depth+1)
	}
	b.WriteString(end)
}

func writeProps(b *strings.Builder, m *value.Map, before string, depth int) {
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		b.WriteString(before + "^" + e.Key.Name + " ")
		writeForm(b, e.Val, depth+1)
		before = " "
	}
}

var kindNames = map[value.Kind]string{
	value.KindNil: "Nil", value.KindVoid: "Void", value.KindNotFound: "NotFound", value.KindBool: "Bool",
	value.KindInt: "Int", value.KindFloat: "Float", value.KindChar: "Char", value.KindString: "String",
	value.KindSymbol: "Symbol", value.KindPath: "ComplexSymbol", value.KindArray: "Array", value.KindMap: "Map",
	value.KindGene: "Gene", value.KindRegexp: "Regexp", value.KindDate: "Date", value.KindDateTime: "DateTime",
	value.KindTime: "Time", value.KindBytes: "Bytes", value.KindUnquote: "Unquote",
}

// kindName gives the type name of a form, for messages.
func kindName(v value.Value) string {
	if s, ok := kindNames[v.Kind()]; ok {
		return s
	}
	return fmt.Sprintf("kind %d", v.Kind())
}

func sortVars(vs []Var) {
	sort.Slice(vs, func(i, j int) bool { return vs[i].Name.Name < vs[j].Name.Name })
}

func sortEnums(es []*enumInfo) {
	sort.Slice(es, func(i, j int) bool { return es[i].name < es[j].name })
}
