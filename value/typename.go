package value

// kindNames are the type names of the kinds that have one of their own.
var kindNames = [NumKinds]string{
	KindNil: "Nil", KindVoid: "Void", KindNotFound: "NotFound", KindBool: "Bool",
	KindInt: "Int", KindFloat: "Float", KindChar: "Char", KindString: "String",
	KindSymbol: "Symbol", KindPath: "ComplexSymbol", KindArray: "Array", KindMap: "Map",
	KindHashMap: "HashMap", KindHashSet: "HashSet", KindGene: "Gene", KindRange: "Range",
	KindRegexp: "Regexp", KindMatch: "RegexpMatch", KindDate: "Date",
	KindDateTime: "DateTime", KindTime: "Time", KindBytes: "Bytes",
	KindSelector: "Selector", KindFunction: "Function", KindBlock: "Block",
	KindNative: "Function", KindClass: "Class", KindInterface: "Interface",
	KindAdapter: "Adapter", KindNamespace: "Namespace", KindEnum: "Enum",
	KindFuture: "Future", KindGenerator: "Generator", KindIterator: "Iterator",
	KindType: "Type", KindUnquote: "Unquote", KindInstance: "Object",
	KindVariant: "Enum", KindEnumValue: "Enum", KindCell: "Internal", KindInternal: "Internal",
}

// KindName is the type name of the values of a kind; instances and enum values
// have names of their own, which TypeName gives.
func KindName(k Kind) string { return kindNames[k] }

// TypeName is the type name of a value, what typeof gives and messages say: for
// an instance the name of its class, for a variant or value of an enum the
// enum's.
func TypeName(v Value) string {
	switch k := v.Kind(); k {
	case KindInstance:
		return v.AsInstance().Class().Name
	case KindVariant:
		return v.AsVariant().Enum.Name
	case KindEnumValue:
		return v.AsEnumValue().Variant.Enum.Name
	default:
		return kindNames[k]
	}
}
