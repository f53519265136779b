package value

import (
	"slices"
	"strings"
)

// NewUnion makes a union of types: unions among them are taken apart,
// duplicates dropped, and the members sorted: applied types first, then the
// user's types, then built-in names, each alphabetically. A union of one is
// that type.
func NewUnion(members ...*Type) *Type {
	var flat []*Type
	for _, m := range members {
		if m.Op == TypeUnion {
			flat = append(flat, m.Args...)
		} else {
			flat = append(flat, m)
		}
	}
	slices.SortStableFunc(flat, func(a, b *Type) int {
		if c := a.rank() - b.rank(); c != 0 {
			return c
		}
		return strings.Compare(a.String(), b.String())
	})
	flat = slices.CompactFunc(flat, (*Type).same)
	if len(flat) == 1 {
		return flat[0]
	}
	return &Type{Header: Header{Kind: KindType}, Op: TypeUnion, Args: flat}
}

// rank is the place of a type's kind in a union.
func (t *Type) rank() int {
	switch t.Op {
	case TypeApplied, TypeFn, TypeUnion:
		return 0
	case TypeClass:
		if t.Class.ForKind == KindUnset {
			return 1
		}
	case TypeEnum:
		return 1
	case TypeNamed:
		if !BuiltinTypeName(t.Name) {
			return 1
		}
	}
	return 2
}

// BuiltinTypeName tells whether a name is that of a built-in kind or of one of
// the built-in groups Any, Numeric and Collection.
func BuiltinTypeName(name string) bool {
	switch name {
	case "":
		return false
	case "Any", "Numeric", "Collection", "Object", "Actor":
		return true
	}
	return slices.Contains(kindNames[:], name)
}

// same tells whether two types are the same, member by member.
func (t *Type) same(u *Type) bool {
	if t == u {
		return true
	}
	if t.Op != u.Op || t.Name != u.Name || t.Class != u.Class || t.Enum != u.Enum ||
		len(t.Args) != len(u.Args) || !slices.Equal(t.Kw, u.Kw) || (t.Ret == nil) != (u.Ret == nil) {
		return false
	}
	for i := range t.Args {
		if !t.Args[i].same(u.Args[i]) {
			return false
		}
	}
	return t.Ret == nil || t.Ret.same(u.Ret)
}

// TypesEquivalent compares two types by their structure; Any is equivalent to
// everything, and the order of a union's members does not count.
func TypesEquivalent(t, u *Type) bool {
	if t.isAny() || u.isAny() {
		return true
	}
	if t.plainName() != u.plainName() || t.Op != u.Op && t.plainName() == "" || t.Enum != u.Enum && t.Op == u.Op {
		return false
	}
	if t.Op == TypeUnion {
		return unionCovers(t, u) && unionCovers(u, t)
	}
	if len(t.Args) != len(u.Args) || !slices.Equal(t.Kw, u.Kw) {
		return false
	}
	for i := range t.Args {
		if !TypesEquivalent(t.Args[i], u.Args[i]) {
			return false
		}
	}
	return t.Ret == nil || u.Ret == nil || TypesEquivalent(t.Ret, u.Ret)
}

func (t *Type) isAny() bool { return t.Op == TypeAny || t.Op == TypeNamed && t.Name == "Any" }

// plainName is the name of a type that is known by one, else "".
func (t *Type) plainName() string {
	switch t.Op {
	case TypeClass:
		return t.Class.Name
	case TypeEnum:
		return t.Enum.Name
	}
	return t.Name
}

func unionCovers(t, u *Type) bool {
	for _, m := range u.Args {
		if !slices.ContainsFunc(t.Args, func(n *Type) bool { return TypesEquivalent(m, n) }) {
			return false
		}
	}
	return true
}

// String gives the type in type syntax.
func (t *Type) String() string { return string(t.Append(nil)) }

// Append appends the type in type syntax.
func (t *Type) Append(dst []byte) []byte {
	switch t.Op {
	case TypeAny:
		if t.Name == "" {
			return append(dst, "Any"...)
		}
		return append(dst, t.Name...)
	case TypeUnion:
		dst = append(dst, '(')
		for i, m := range t.Args {
			if i > 0 {
				dst = append(dst, " | "...)
			}
			dst = m.Append(dst)
		}
		return append(dst, ')')
	case TypeApplied:
		dst = append(append(dst, '('), t.Name...)
		for _, a := range t.Args {
			dst = a.Append(append(dst, ' '))
		}
		return append(dst, ')')
	case TypeFn:
		return t.appendFn(dst)
	}
	return append(dst, t.plainName()...)
}

func (t *Type) appendFn(dst []byte) []byte {
	dst = append(dst, "(Fn ["...)
	positional := len(t.Args) - len(t.Kw)
	for i, a := range t.Args {
		if i > 0 {
			dst = append(dst, ' ')
		}
		if i >= positional {
			dst = append(append(dst, '^'), t.Kw[i-positional].Name...)
			dst = append(dst, ' ')
		}
		dst = a.Append(dst)
	}
	dst = append(dst, ']')
	if t.Ret != nil {
		dst = t.Ret.Append(append(dst, " -> "...))
	}
	return append(dst, ')')
}
