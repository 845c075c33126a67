package main

// facts measures system facts beside Ruby's Ohai. Ohai takes seconds: a few
// runs of it tell enough.
func (b *bench) facts() error {
	for _, row := range []struct {
		what, key string
		goal      float64
	}{{"one fact, platform", "platform", 100}, {"one fact, ipaddress", "ipaddress", 100}, {"whole tree", "", 30}} {
		ours := b.program("jetpack-config") + " " + row.key
		if row.key == "" {
			ours = b.program("jetpack-config") + " --json"
		}
		times, err := b.medians(200, ours)
		if err != nil {
			return err
		}
		ohai, err := b.medians(10, "ohai "+row.key)
		if err != nil {
			return err
		}
		b.table.faster(row.what, times[0], ohai[0], "ms", "ohai "+row.key, row.goal)
	}
	return nil
}
