package main

// facts measures system facts beside Ruby's Ohai. Ohai takes seconds: a few
// runs of it tell enough.
func (b *bench) facts() error {
	for _, key := range []string{"platform", "ipaddress"} {
		ours, err := b.medians(500, b.program("jetpack-config")+" "+key)
		if err != nil {
			return err
		}
		ohai, err := b.medians(10, "ohai "+key)
		if err != nil {
			return err
		}
		b.table.faster("jetpack-config "+key, ours[0], ohai[0], "ms", "ohai", 100)
	}
	ours, err := b.medians(500, b.program("jetpack-config")+" "+key)
		if err != nil {
			return err
		}
		ohai, err := b.medians(10, "ohai "+key)
		if err != nil {
			return err
		}
		b.table.faster("jetpack-config "+key, ours[0], ohai[0], "ms", "ohai", 100)
	}
	hello, err := b.medians(500, b.program("jetpack-config")+" platform", filepath.Join(b.work, "hello"))
	if err != nil {
		return err
	}
	b.table.within("jetpack-config platform", hello[0], hello[1], "ms", "Go hello-world", 3)
	ours, err := b.medians(50, b.program("jetpack-config")+" --json")
	if err != nil {
		return err
	}
	ohai, err := b.medians(10, "ohai")
	if err != nil {
		return err
	}
	b.table.faster("jetpack-config --json, whole tree", ours[0], ohai[0], "ms", "ohai", 30)
	return nil
}
