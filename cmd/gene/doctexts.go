package main

// The help for what is no native, and so has none beside it.

// formDocs is the help of the special forms.
var formDocs = map[string]string{
	"var":               "Declares a variable: (var name value), or several by a pattern: (var [a b] value).",
	"let":               "Declares a name that can't be assigned again: (let name value).",
	"do":                "Evaluates forms in a scope of their own and gives the last value.",
	"if":                "(if condition then... elif condition then... else other...).",
	"ifel":              "Gives one of two values: (ifel condition then else).",
	"if_not":            "(if_not condition forms...): like if, with the condition negated.",
	"while":             "Repeats forms as long as a condition holds.",
	"loop":              "Repeats forms until break, return or an exception.",
	"repeat":            "Repeats forms so many times: (repeat n forms...).",
	"for":               "Goes through a collection: (for x in xs forms...), (for k v in map forms...).",
	"break":             "Leaves the innermost loop.",
	"continue":          "Goes on with the next round of the innermost loop.",
	"return":            "Leaves the function with a value.",
	"case":              "Branches by patterns: (case value when pattern forms... else forms...).",
	"fn":                "Makes a function: (fn name [params] body...), or one without a name.",
	"block":             "Makes a block, a function that belongs to its surroundings.",
	"class":             "Defines a class: (class Name < Parent members...).",
	"object":            "Defines a class and makes its only instance.",
	"new":               "Makes an instance: (new Class args...).",
	"ns":                "Defines a namespace.",
	"interface":         "Defines an interface.",
	"implement":         "Says how a class implements an interface.",
	"enum":              "Defines an enumeration, whose variants may hold values.",
	"type":              "Gives a type a name: (type Name Type).",
	"typeof":            "The name of a value's type.",
	"method":            "Defines a method in a class: (method name [params] body...).",
	"ctor":              "Defines the constructor of a class: (ctor [params] body...).",
	"field":             "Declares a field of a class and its type.",
	"prop":              "Declares a property of a class.",
	"on_method_missing": "Defines in a class what is called for a method that it lacks.",
	"try":               "Handles exceptions: (try forms... catch Class forms... finally forms...).",
	"throw":             "Throws an exception; a text becomes the message of one.",
	"async":             "Runs a form as a task of its own and gives its future.",
	"await":             "Waits for futures and gives their values: (await ^timeout ms future...).",
	"yield":             "Gives a value to who runs the generator.",
	"eval":              "Evaluates forms given as data, in the current scope.",
	"import":            "Makes names of another module known: (import a b from \"module\").",
	"export":            "Says which names of a module can be imported.",
	"comptime":          "Evaluates forms while the module is compiled.",
	"range":             "A range of numbers: (range from to step).",
	"@":                 "Makes a selector: (@ \"a\" 0).",
	"$caller_eval":      "Evaluates a macro's argument where the macro was called.",
	"$render":           "A quoted template with its unquotes evaluated.",
	"$with":             "Evaluates forms with self being a value, and gives the last value.",
	"$tap":              "Evaluates forms with self being a value, and gives that value.",
	"$set":              "Assigns a part of a value by a selector.",
	"$if_main":          "Evaluates forms if the module is the program that was started.",
	"$dep":              "Declares a package that the module depends on, and where it is.",
	"$repl":             "Evaluates forms as they are typed, in the current scope; gives the last value.",
	"$ex":               "The exception that is being handled.",
	"$ns":               "The namespace of the module.",
	"$pkg":              "The package of the module.",
	"$duration":         "The time since $duration_start.",
	"$duration_start":   "Starts measuring for $duration.",
}

// namespaceDocs is the help of the namespaces.
var namespaceDocs = map[string]string{
	"math": "Roots, powers, rounding, logarithms and trigonometry.", "io": "Paths, files and what belongs to them.",
	"time": "Clocks.", "system": "Processes and the surroundings of the program.", "json": "JSON text from values and back.",
	"serdes": "Values as text, and back.", "genex": "Tools beyond the language: tests, logging, HTML, databases.",
	"genex/http": "Requests and servers of the web.", "genex/test": "Tests in programs.", "net": "Connections: TCP, TLS, unix sockets, datagrams, name look-ups.", "genex/html": "HTML from values.", "genex/sqlite": "SQLite databases.", "genex/postgres": "PostgreSQL databases.", "genex/logging": "Log messages with levels and sinks.",
	"actor": "Tasks that own their state and are sent messages.", "gdat": "Values in files of Gene text.",
	"genex/html/tags": "A function for each HTML tag.", "os": "Shell commands.",
	"base64": "Bytes as text of 64 letters, and back.",
}

// dollarDocs is the help of the names with $ that are values.
var dollarDocs = map[string]string{
	"args": "The arguments of the program.", "program": "The file name of the program, as it was given.",
	"env": "The environment, as a map.", "app": "The running program.",
}

// classDocs is the help of the kinds and classes whose names don't say it all.
var classDocs = map[string]string{
	"Object": "What all classes descend from.", "Int": "A whole number of 64 bits.", "Float": "A number with a fraction.",
	"String": "A text; it can't be changed.", "Char": "One character.", "Symbol": "A name.", "Bool": "true or false.",
	"Nil": "Nothing: nil.", "Void": "The absence of a value: void.", "Array": "A list of values: [1 2].",
	"Map": "Values by names, in order: {^a 1}.", "HashMap": "Values by any values: {{1 \"one\"}}.", "HashSet": "A set of values.",
	"Gene": "An expression: a type, properties and children.", "Range": "The numbers between two bounds.",
	"Date": "A day.", "DateTime": "A day and a time.", "Time": "A time of day.", "Bytes": "A sequence of bytes.",
	"Regexp": "A regular expression: #/a+/i.", "RegexpMatch": "Where a regular expression matched.", "Selector": "A path into values.",
	"Function": "A function, macro, method or native.", "Class": "A class.", "Namespace": "Names with values.",
	"Future": "A value that is still to come.", "Generator": "A function that gives values one after the other.",
	"Iterator": "What goes through a collection.", "Enum": "An enumeration.", "Interface": "A set of methods that classes promise.",
	"Exception": "What is thrown.",
}
