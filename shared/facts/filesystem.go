package facts

import (
	"context"
	"strings"
)

// filesystem is what df(1), mount(8), lsblk(8) and blkid(8) tell, in Ohai's
// three views: by_pair has an object for each "device,mountpoint".
func filesystem(_ context.Context, m *Machine) map[string]any {
	t := &fstab{facts: map[string]map[string]any{}}
	all := mounts(m)
	t.df(m, all)
	for _, e := range all {
		source := backing(m, e.source)
		f := t.pair(source, e.point)
		f["fs_type"], f["mount_options"] = e.kind, list(e.options)
	}
	for _, d := range disks(m) {
		t.disk(d)
	}
	t.raw(m)
	return map[string]any{"filesystem": t.views()}
}

// fstab is the pairs in order of appearance: where several mounts share a
// device or a mount point, the later one's values stand in the other views.
type fstab struct {
	order []string
	facts map[string]map[string]any
}

func (t *fstab) pair(device, point string) map[string]any {
	key := device + "," + point
	f := t.facts[key]
	if f == nil {
		f = map[string]any{"device": device}
		if point != "" {
			f["mount"] = point
		}
		t.facts[key] = f
		t.order = append(t.order, key)
	}
	return f
}

func (t *fstab) df(m *Machine, all []mount) {
	list, size := shown(m, all)
	for i, e := range list {
		s := size[i]
		used := s.Blocks - min(s.Free, s.Blocks)
		if full := percent(used, s.Available); full != "-" {
			f := t.pair(e.source, e.point)
			f["kb_size"] = count(kilobytes(s.Blocks, s.BlockSize))
			f["kb_used"] = count(kilobytes(used, s.BlockSize))
			f["kb_available"] = count(kilobytes(s.Available, s.BlockSize))
			f["percent_used"] = full
		}
	}
	for i, e := range list {
		s := size[i]
		used := s.Files - min(s.FilesFree, s.Files)
		if full := percent(used, s.FilesFree); full != "-" {
			f := t.pair(e.source, e.point)
			f["total_inodes"], f["inodes_used"] = count(s.Files), count(used)
			f["inodes_available"], f["inodes_percent_used"] = count(s.FilesFree), full
		}
	}
}

// backing is the file behind a loop device that goes away with its mount, as
// mount(8) shows it.
func backing(m *Machine, source string) string {
	name, ok := strings.CutPrefix(source, "/dev/loop")
	if !ok || !digits(name) {
		return source
	}
	folder := "/sys/block/loop" + name + "/loop/"
	if auto, _ := m.value(folder + "autoclear"); auto != "1" {
		return source
	}
	if file, _ := m.value(folder + "backing_file"); file != "" {
		return file
	}
	return source
}

// disk adds what a block device's content says to all its mounts.
func (t *fstab) disk(d disk) {
	found := false
	for _, key := range t.order {
		if strings.HasPrefix(key, d.path+",") {
			d.describe(t.facts[key])
			found = true
		}
	}
	if !found {
		d.describe(t.pair(d.path, ""))
	}
}

// raw adds the mounts whose names have escapes in /proc/mounts, as written:
// Ohai does not see that it has them already.
func (t *fstab) raw(m *Machine) {
	for _, line := range m.lines("/proc/mounts") {
		f := strings.Split(line, " ")
		if len(f) != 6 || f[0] == "" || f[1] == "" || t.facts[f[0]+","+f[1]] != nil {
			continue
		}
		e := t.pair(f[0], f[1])
		e["fs_type"], e["mount_options"] = f[2], list(strings.Split(f[3], ","))
	}
}

func (t *fstab) views() map[string]any {
	pairs, devices, points := map[string]any{}, map[string]any{}, map[string]any{}
	for _, key := range t.order {
		f := t.facts[key]
		pairs[key] = f
		view(devices, f, "device", "mount", "mounts")
		view(points, f, "mount", "device", "devices")
	}
	return map[string]any{"by_pair": pairs, "by_device": devices, "by_mountpoint": points}
}

// view folds a pair into the object of its device or of its mount point.
func view(into, f map[string]any, key, other, others string) {
	name, ok := f[key].(string)
	if !ok {
		return
	}
	v, ok := into[name].(map[string]any)
	if !ok {
		v = map[string]any{others: []any{}}
		into[name] = v
	}
	for k, value := range f {
		if k != key && k != other {
			v[k] = value
		}
	}
	if o, ok := f[other]; ok {
		v[others] = append(v[others].([]any), o)
	}
}
