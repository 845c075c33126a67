package main

import (
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The bill of materials, as CycloneDX 1.5 has it:
// https://cyclonedx.org/docs/1.5/json/
type bill struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	URL      string    `json:"purl,omitempty"`
	Licenses []choices `json:"licenses,omitempty"`
}

type choices struct {
	License struct {
		ID string `json:"id"`
	} `json:"license"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// bill lists the programs for every system and what they link.
func (r *release) bill() (bill, error) {
	b := bill{Format: "CycloneDX", Spec: "1.5", Version: 1}
	b.Metadata = metadata{r.date.UTC().Format(time.RFC3339), r.own("jetpack-" + r.version())}
	all := dependency{Ref: b.Metadata.Component.Ref}
	seen := map[string]bool{}
	for _, system := range r.systems {
		for _, p := range programs {
			modules, err := linked(r.binary(system, p.name))
			if err != nil {
				return b, err
			}
			c := r.own(filepath.ToSlash(filepath.Join(system, p.name)))
			needs := dependency{Ref: c.Ref}
			for _, m := range modules {
				foreign, err := r.foreign(m)
				if err != nil {
					return b, err
				}
				if needs.On = append(needs.On, foreign.Ref); !seen[foreign.Ref] {
					seen[foreign.Ref] = true
					b.Components = append(b.Components, foreign)
				}
			}
			b.Components = append(b.Components, c)
			b.Dependencies = append(b.Dependencies, needs)
			all.On = append(all.On, c.Ref)
		}
	}
	b.Dependencies = append(b.Dependencies, all)
	slices.SortFunc(b.Components, func(x, y component) int { return strings.Compare(x.Ref, y.Ref) })
	return b, nil
}

func (r *release) own(name string) component {
	return component{Type: "application", Ref: name, Name: name, Version: r.version(), Licenses: licensed("Apache-2.0")}
}

func (r *release) foreign(m module) (component, error) {
	found, err := r.licences(m)
	if err != nil {
		return component{}, err
	}
	url := "pkg:golang/" + m.path + "@" + m.version
	return component{Type: "library", Ref: url, Name: m.path, Version: m.version, URL: url, Licenses: licensed(idOf(found))}, nil
}

// idOf is the identifier of the first file that holds a known licence.
func idOf(found []licence) string {
	for _, l := range found {
		if id := identifier(l.text); id != "" {
			return id
		}
	}
	return ""
}

func licensed(id string) []choices {
	if id == "" {
		return nil
	}
	var c choices
	c.License.ID = id
	return []choices{c}
}
