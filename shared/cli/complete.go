package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completeFlag, as the first argument, makes a program print candidates for
// the last of the words that follow: one a line, "word\tdescription". The
// line ":files" asks the shell to offer file names; a word that ends in a dot
// goes on, so no blank is put behind it. Completion scripts call it;
// docs/new-command.md documents it.
const completeFlag = "--complete"

// Completer is a Command that knows candidates for its positionals.
type Completer interface {
	// Complete gives the words that start with word.
	Complete(ctx context.Context, io IO, word string) []string
}

func (p *program) complete(ctx context.Context, parser *kong.Kong, words []string) error {
	if len(words) == 0 {
		words = []string{""}
	}
	node, before, word := parser.Model.Node, "", words[len(words)-1]
	for _, w := range words[:len(words)-1] {
		before = w
		if child := childNamed(node, w); child != nil {
			node = child
		}
	}
	for _, candidate := range p.candidates(ctx, node, before, word) {
		if strings.HasPrefix(candidate, word) || candidate == filesDirective {
			fmt.Fprintln(p.io.Out, candidate)
		}
	}
	return nil
}

const filesDirective = ":files"

func (p *program) candidates(ctx context.Context, node *kong.Node, before, word string) []string {
	flags := allFlags(node)
	if name, _, found := strings.Cut(word, "="); found && strings.HasPrefix(name, "--") {
		return prefixed(name+"=", flagValues(flagNamed(flags, name[2:])))
	}
	if strings.HasPrefix(before, "-") && takesNext(flags, before) {
		if name, long := strings.CutPrefix(before, "--"); long {
			return flagValues(flagNamed(flags, name))
		}
		return flagValues(flagShort(flags, []rune(before)[len([]rune(before))-1]))
	}
	if strings.HasPrefix(word, "-") {
		return flagNames(flags)
	}
	return p.positionals(ctx, node, word)
}

func (p *program) positionals(ctx context.Context, node *kong.Node, word string) []string {
	var candidates []string
	for _, child := range node.Children {
		if child.Type == kong.CommandNode && !child.Hidden {
			candidates = append(candidates, child.Name+"\t"+child.Help)
		}
	}
	if node.Target.CanAddr() {
		if completer, ok := node.Target.Addr().Interface().(Completer); ok {
			candidates = append(candidates, completer.Complete(ctx, p.io, word)...)
		}
	}
	return candidates
}

func childNamed(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Type == kong.CommandNode && child.Name == name {
			return child
		}
	}
	return nil
}

func allFlags(node *kong.Node) []*kong.Flag {
	var flags []*kong.Flag
	for ; node != nil; node = node.Parent {
		flags = append(flags, node.Flags...)
	}
	return flags
}

func flagNames(flags []*kong.Flag) []string {
	var names []string
	for _, flag := range flags {
		if !flag.Hidden {
			names = append(names, "--"+flag.Name+"\t"+flag.Help)
		}
	}
	return names
}

// flagValues are the words a flag's value can be: those of its enum, else
// files where its placeholder says that it is a path.
func flagValues(flag *kong.Flag) []string {
	switch {
	case flag == nil:
		return nil
	case flag.Enum != "":
		return slices.DeleteFunc(flag.EnumSlice(), func(word string) bool { return word == "" }) // "" is for none given
	case flag.PlaceHolder == "PATH":
		return []string{filesDirective}
	}
	return nil
}

func prefixed(prefix string, words []string) []string {
	for i, word := range words {
		if word != filesDirective {
			words[i] = prefix + word
		}
	}
	return words
}
