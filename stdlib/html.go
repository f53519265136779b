package stdlib

import (
	"html"
	"strings"

	"gene/value"
	"gene/vm"
)

// htmlTags are the tags with a function, those of htmlVoid without content.
const (
	htmlTags = `HTML HEAD TITLE BODY DIV SPAN P H1 H2 H3 UL OL LI FORM BUTTON LABEL A TABLE TR TD TH
		HEADER FOOTER SCRIPT STYLE SVG`
	htmlVoid = `INPUT IMG LINK META LINE`
)

// defineHTML defines genex/html (13.14).
func (l *library) defineHTML(ns *value.Namespace) error {
	l.functions(ns, []entry{{"extract_text", "The text of an HTML document, without tags.", extractText}})
	tags := value.NewNamespace("tags", nil)
	ns.Set(value.Intern("tags"), tags.Value())
	for _, name := range strings.Fields(htmlTags) {
		l.kwFunctions(tags, []kwEntry{{name, "An element with its attributes and content.", htmlTag(strings.ToLower(name), false)}})
	}
	for _, name := range strings.Fields(htmlVoid) {
		l.kwFunctions(tags, []kwEntry{{name, "An element with its attributes; it has no content.", htmlTag(strings.ToLower(name), true)}})
	}
	return nil
}

// htmlTag makes the function of a tag.
func htmlTag(tag string, void bool) vm.NativeKwFn {
	return func(m *VM, args []Value, kw *value.Map) (Value, error) {
		if void && len(args) > 0 {
			return argError(m, "%s has no content", strings.ToUpper(tag))
		}
		var names []string
		var parts []Value // values of the attributes, then the children
		for _, e := range kw.Entries() {
			if e.Key == nil || e.Val.IsNil() || e.Val.IsVoid() {
				continue
			}
			if !attributeName(e.Key.Name) {
				return argError(m, "'%s' is no name of an attribute", e.Key.Name)
			}
			names = append(names, e.Key.Name)
			parts = append(parts, e.Val)
		}
		parts = append(parts, args...)
		return m.Texts(parts, vm.TextPrint, func(texts []string) (Value, error) {
			return value.Str(element(tag, names, texts, void)), nil
		})
	}
}

// attributeName tells whether a text can be the name of an attribute.
func attributeName(s string) bool {
	return s != "" && !strings.ContainsAny(s, " \t\n\r\f\"'<>/=")
}

// element writes an element; texts begins with the values of the attributes.
func element(tag string, names, texts []string, void bool) string {
	var b strings.Builder
	b.WriteString("<" + tag)
	for i, name := range names {
		b.WriteString(" " + name + `="` + strings.ReplaceAll(texts[i], `"`, "&quot;") + `"`)
	}
	if void {
		b.WriteString(" />")
		return b.String()
	}
	b.WriteString(">")
	for _, s := range texts[len(names):] {
		b.WriteString(s)
	}
	b.WriteString("</" + tag + ">")
	return b.String()
}

func extractText(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "extract_text requires a string")
	}
	return value.Str(html.UnescapeString(stripTags(s))), nil
}

// stripTags leaves out tags, comments, and what scripts and styles hold. A <
// that begins none of them is text.
func stripTags(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		n := markupLen(s)
		if n == 0 {
			b.WriteByte('<')
			n = 1
		}
		s = s[n:]
	}
}

// markupLen is the length of the markup at the start of s, 0 when there is
// none.
func markupLen(s string) int {
	if strings.HasPrefix(s, "<!--") {
		return upTo(s, "-->")
	}
	if len(s) < 2 || s[1] != '/' && s[1] != '!' && s[1] != '?' && (s[1]|0x20 < 'a' || s[1]|0x20 > 'z') {
		return 0
	}
	n := tagLen(s)
	for _, raw := range []string{"script", "style"} {
		if len(s) > len(raw)+1 && strings.EqualFold(s[1:len(raw)+1], raw) && strings.IndexByte(" \t\r\n>/", s[len(raw)+1]) >= 0 {
			return n + rawLen(s[n:], "</"+raw)
		}
	}
	return n
}

func upTo(s, end string) int {
	if i := strings.Index(s, end); i >= 0 {
		return i + len(end)
	}
	return len(s)
}

// tagLen is the length of a tag; a > in a quoted attribute doesn't end it.
func tagLen(s string) int {
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(s)
}

// rawLen is the length of what stands before an end tag, whatever its case.
func rawLen(s, end string) int {
	for i := 0; i+len(end) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(end)], end) {
			return i
		}
	}
	return len(s)
}
