package shared_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers: a package imports only packages of lower layers. docs/design.md
// draws them.
var layers = map[string]int{
	"exit": 0, "version": 0, "atomicfile": 0, "openfile": 0, "lock": 0, "run": 0, "boot": 0, "discreet": 0,
	"home": 1, "tree": 1, "facts": 1, "azure": 1, "message": 1, "keepalive": 1, "subcmd": 1, "journal": 1, "record": 1, "spec": 1,
	"outbox": 2, "courier": 2, "locker": 2, "check": 2,
	"delivery": 3, "fetch": 3,
	"cli":     4,
	"clitest": 5,
}

// source is a parsed Go file of the repository.
type source struct {
	path string // from the repository's root, with slashes
	file *ast.File
	set  *token.FileSet
}

func (s source) folder() string { return filepath.ToSlash(filepath.Dir(s.path)) }
func (s source) isTest() bool   { return strings.HasSuffix(s.path, "_test.go") }

func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

func sources(t *testing.T) []source {
	t.Helper()
	var found []source
	set := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "bin" || entry.Name() == "build" || entry.Name() == "testdata" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("..", path)
		found = append(found, source{filepath.ToSlash(rel), file, set})
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("found %d Go files, %v", len(found), err)
	}
	return found
}

func TestLayers(t *testing.T) {
	const prefix = "jetpack.internal/shared/"
	for _, s := range sources(t) {
		name, inShared := strings.CutPrefix(s.folder(), "shared/")
		if !inShared || s.isTest() {
			continue
		}
		top, _, _ := strings.Cut(name, "/")
		layer, known := layers[top]
		if !known {
			t.Errorf("%s: package %s has no layer", s.path, name)
		}
		for _, path := range s.imports() {
			imported, ours := strings.CutPrefix(path, prefix)
			imported, _, _ = strings.Cut(imported, "/")
			if ours && imported != top && layers[imported] >= layer {
				t.Errorf("%s: %s (layer %d) imports %s (layer %d)", s.path, top, layer, imported, layers[imported])
			}
		}
	}
}

// isTool: what tests and packages the programs is not one of them.
func isTool(s source) bool {
	return strings.HasPrefix(s.path, "e2e/") || strings.HasPrefix(s.path, "packaging/")
}

// main.go holds a struct of options, its Run and the call of the skin.
func TestMains(t *testing.T) {
	for _, s := range sources(t) {
		if filepath.Base(s.path) != "main.go" || isTool(s) || strings.Count(s.path, "/") != 1 {
			continue
		}
		if lines := s.set.Position(s.file.End()).Line; lines > 150 {
			t.Errorf("%s has %d lines, more than 150", s.path, lines)
		}
		for _, declaration := range s.file.Decls {
			if d, ok := declaration.(*ast.GenDecl); ok && d.Tok == token.VAR {
				t.Errorf("%s: a package variable", s.set.Position(d.Pos()))
			}
			if d, ok := declaration.(*ast.FuncDecl); ok && d.Name.Name == "init" {
				t.Errorf("%s: an init", s.set.Position(d.Pos()))
			}
		}
		ast.Inspect(s.file, func(node ast.Node) bool {
			name := selector(node)
			_, starts := node.(*ast.GoStmt)
			dispatcher := s.folder() == "jetpack" && name == "os.Exit" // it has no skin to do it
			if starts || name == "runtime.GOOS" || strings.HasPrefix(name, "log.") || name == "os.Exit" && !dispatcher {
				t.Errorf("%s: %s has no place in a main.go", s.set.Position(node.Pos()), name)
			}
			return true
		})
	}
}

func selector(node ast.Node) string {
	if s, ok := node.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	return ""
}

// A file fits on a few screens; the library has no package named for what it
// is not about.
func TestSizesAndNames(t *testing.T) {
	for _, s := range sources(t) {
		if lines := s.set.Position(s.file.End()).Line; lines > 300 && !s.isTest() {
			t.Errorf("%s has %d lines, more than 300: split it by noun", s.path, lines)
		}
		if slices.Contains([]string{"util", "utils", "common", "types", "helpers", "base"}, s.file.Name.Name) {
			t.Errorf("%s: package %s says nothing", s.path, s.file.Name.Name)
		}
		if strings.HasPrefix(s.path, "shared/") && s.file.Name.Name == "main" {
			t.Errorf("%s: the library has no programs", s.path)
		}
	}
}

func TestNoExportedNameWithoutDoc(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || isTool(s) || s.file.Name.Name == "main" {
			continue
		}
		for _, declaration := range s.file.Decls {
			if d, ok := declaration.(*ast.FuncDecl); ok && d.Doc == nil && d.Name.IsExported() && !isPlumbing(d) {
				t.Errorf("%s: %s has no doc comment", s.set.Position(d.Pos()), d.Name)
			}
			if d, ok := declaration.(*ast.GenDecl); ok {
				checkNames(t, s, d)
			}
		}
	}
}

// isPlumbing: methods of an unexported type and those whose meaning their
// interface documents.
func isPlumbing(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	name, ok := receiver.(*ast.Ident)
	known := []string{"Error", "Unwrap", "String", "Is", "Write", "Read", "Close", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"}
	return ok && !name.IsExported() || slices.Contains(known, d.Name.Name)
}

// checkNames looks at the types, constants and variables of a declaration. A
// comment behind a value will do.
func checkNames(t *testing.T, s source, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		var names []*ast.Ident
		documented := d.Doc != nil
		switch named := spec.(type) {
		case *ast.TypeSpec:
			names = append(names, named.Name)
			documented = documented || named.Doc != nil
		case *ast.ValueSpec:
			names = named.Names
			documented = documented || named.Doc != nil || named.Comment != nil
		}
		for _, name := range names {
			if name.IsExported() && !documented {
				t.Errorf("%s: %s has no doc comment", s.set.Position(name.Pos()), name)
			}
		}
	}
}

// Every command of the registry is a folder with a page, is packaged and is
// known to README.md; every module has the same go line and is in the
// workspace.
func TestFoldersAndRegistry(t *testing.T) {
	registry, err := os.ReadFile("../jetpack/commands.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(registry)) {
		name, _, _ := strings.Cut(line, "\t")
		want = append(want, "../jetpack-"+name)
	}
	got, err := filepath.Glob("../jetpack-*")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("folders %q, registry %q, %v", got, want, err)
	}
	for file, mention := range map[string]string{"../README.md": "](%s/README.md)", "../packaging/programs.go": "name: %q"} {
		text, err := os.ReadFile(file)
		for _, folder := range want {
			if said := fmt.Sprintf(mention, filepath.Base(folder)); !strings.Contains(string(text), said) {
				t.Errorf("%s does not say %s (%v)", file, said, err)
			}
		}
	}
	work, err := os.ReadFile("../go.work")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^go .*$`)
	modules, err := filepath.Glob("../*/go.mod")
	if err != nil || len(modules) == 0 {
		t.Fatalf("modules %q, %v", modules, err)
	}
	for _, module := range modules {
		text, err := os.ReadFile(module)
		if err != nil || line.FindString(string(text)) != line.FindString(string(work)) {
			t.Errorf("%s: go line %q, want that of go.work, %q (%v)", module, line.Find(text), line.Find(work), err)
		}
		if name := filepath.Base(filepath.Dir(module)); !strings.Contains(string(work), "./"+name+"\n") {
			t.Errorf("%s is not in go.work", name)
		}
	}
}
