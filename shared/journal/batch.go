package journal

import (
	"context"
	"fmt"
	"strings"
)

// LogAll appends one entry for each text, at the cost of one.
func (j *Journal) LogAll(level Level, texts []string) error {
	if len(texts) == 0 {
		return nil
	}
	var lines strings.Builder
	for _, text := range texts {
		lines.WriteString(entry(j.now(), level, text))
	}
	if err := j.file.Append(context.Background(), []byte(lines.String())); err != nil {
		return fmt.Errorf("cannot write log: %w", err)
	}
	return nil
}
