package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// plainOptions rewrites the forms --name:value and -e:value, which the flag
// parser doesn't know, into those with an equals sign. It leaves alone what is
// the value of an option and what belongs to the program.
func plainOptions(root *cobra.Command, args []string) []string {
	cmd, _, err := root.Find(args)
	if err != nil || cmd == root {
		return args
	}
	flags := cmd.Flags()
	plain := append([]string(nil), args...)
	seenCommand := false
	for n := 0; n < len(plain); n++ {
		word := plain[n]
		switch {
		case word == "--":
			return plain
		case len(word) < 2 || word[0] != '-':
			if seenCommand && cmd.Annotations[passesArgs] != "" {
				return plain
			}
			seenCommand = true
		default:
			plain[n] = withEquals(flags, word)
			if takesNext(flags, plain[n]) {
				n++
			}
		}
	}
	return plain
}

// passesArgs marks a command whose words after the first belong to a program.
const passesArgs = "passes-args"

// lookup finds the option that a word names, and the length of the name with
// its dashes.
func lookup(flags *pflag.FlagSet, word string) (f *pflag.Flag, end int) {
	if strings.HasPrefix(word, "--") {
		end = len(word)
		if n := strings.IndexAny(word, ":="); n >= 0 {
			end = n
		}
		return flags.Lookup(word[2:end]), end
	}
	return flags.ShorthandLookup(word[1:2]), 2
}

func withEquals(flags *pflag.FlagSet, word string) string {
	f, end := lookup(flags, word)
	if f == nil || end >= len(word) || word[end] != ':' {
		return word
	}
	return word[:end] + "=" + word[end+1:]
}

// takesNext tells whether the value of an option is the next word.
func takesNext(flags *pflag.FlagSet, word string) bool {
	f, end := lookup(flags, word)
	return f != nil && f.NoOptDefVal == "" && end == len(word)
}
