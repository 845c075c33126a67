package facts

import "strings"

// runtimes is the interpreters and virtual machines.
func runtimes() []language {
	return []language{
		{"python", "python", []string{"-c", "import sys; print(sys.version)"}, python},
		{"perl", "perl", []string{"-e", perlScript}, perl},
		{"ruby", "ruby", []string{"-e", rubyScript}, ruby},
		{"nodejs", "node", []string{"-v"}, func(s string) map[string]any { return version(strings.TrimPrefix(field(s, 0), "v")) }},
		{"lua", "lua", []string{"-v"}, func(s string) map[string]any { return version(field(s, 1)) }},
		{"php", "php", []string{"-v"}, php},
		{"java", "java", []string{"-mx64m", "-version"}, java},
		{"groovy", "groovy", []string{"-v"}, groovy},
		{"elixir", "elixir", []string{"-v"}, elixir},
		{"erlang", "erl", []string{"-noshell", "-eval", erlangScript}, erlang},
		{"erlang", "erl", []string{"+V"}, emulator},
	}
}

func python(printed string) map[string]any {
	f := strings.Fields(printed)
	if len(f) == 0 {
		return nil
	}
	out := version(f[0])
	if len(f) >= 6 {
		out["builddate"] = strings.Join(f[2:5], " ") + " " + unbracketed(f[5])
	}
	return out
}

// unbracketed takes closing brackets off a word; of one without, Ohai's way
// to do so leaves nothing.
func unbracketed(word string) string {
	if !strings.Contains(word, ")") {
		return ""
	}
	return strings.ReplaceAll(word, ")", "")
}

// perlScript prints what `perl -V:version -V:archname` does, in less than half
// of the time: it looks for the name in the file that perl itself would load,
// rather than to have it loaded.
const perlScript = `for my $dir (@INC) {
	next if ref $dir;
	open F, "<", "$dir/Config.pm" or next;
	while (<F>) { $a = $1, last if /^\s*archname => '([^']*)',$/ }
	last;
}
unless (defined $a) { require Config; $a = $Config::Config{archname} }
printf "version='%vd';\narchname='%s';\n", $^V, $a;`

func perl(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		key, value, ok := strings.Cut(line, "='")
		if value, end := strings.CutSuffix(value, "';"); ok && end {
			out[key] = value
		}
	}
	return out
}

const rubyScript = `c = RbConfig::CONFIG
puts "platform=#{RUBY_PLATFORM}", "version=#{RUBY_VERSION}", "release_date=#{RUBY_RELEASE_DATE}"
%w[target target_cpu target_vendor target_os host host_cpu host_os host_vendor].each { |k| puts "#{k}=#{c[k]}" }
puts "bin_dir=#{c['bindir']}", "ruby_bin=#{c['bindir']}/#{c['ruby_install_name']}"
puts "gem_bin=#{c['bindir']}/#{Gem.default_exec_format % 'gem'}", "gems_dir=#{Gem.dir}"`

func ruby(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		if key, value, ok := strings.Cut(line, "="); ok {
			out[key] = value
		}
	}
	return out
}

func php(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		if v := after(line, "PHP "); v != "" && strings.HasPrefix(line, "PHP ") {
			out["version"], out["builddate"] = v, nil
			if _, built, ok := strings.Cut(line, "built: "); ok {
				out["builddate"], _, _ = strings.Cut(built, ")")
			}
		} else if v := after(line, "Zend Engine v"); v != "" {
			out["zend_engine_version"] = strings.TrimSuffix(v, ",")
		} else if v := after(line, "Zend OPcache v"); v != "" {
			out["zend_opcache_version"] = strings.TrimSuffix(v, ",")
		}
	}
	return out
}

func java(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		line = strings.TrimSuffix(line, "\r")
		name, build, ok := strings.Cut(strings.TrimSuffix(line, ")"), " (build ")
		if quoted := after(line, ` version "`); quoted != "" {
			if v, _, _ := strings.Cut(quoted, `"`); strings.Trim(v, "0123456789._") == "" {
				out["version"] = v
			}
		} else if ok && strings.Contains(name, "Runtime Environment") {
			out["runtime"] = map[string]any{"name": name, "build": build}
		} else if ok && (strings.HasSuffix(name, "Client VM") || strings.HasSuffix(name, "Server VM")) {
			out["hotspot"] = map[string]any{"name": name, "build": build}
		}
	}
	return out
}

func groovy(printed string) map[string]any {
	v, jvm := after(printed, "Groovy Version: "), after(printed, "JVM: ")
	if v == "" || jvm == "" {
		return nil
	}
	return map[string]any{"version": v, "jvm": jvm}
}

func elixir(printed string) map[string]any {
	for _, line := range lines(printed) {
		if strings.HasPrefix(line, "Elixir ") {
			return version(after(line, "Elixir "))
		}
	}
	return nil
}

const erlangScript = `F = filename:join([code:root_dir(), "releases", erlang:system_info(otp_release), "OTP_VERSION"]),
{ok, B} = file:read_file(F), io:format("~s,~s,~s", [string:trim(binary_to_list(B)), erlang:system_info(version), erlang:system_info(nif_version)]), halt().`

func erlang(printed string) map[string]any {
	f := strings.Split(strings.TrimSpace(printed), ",")
	if len(f) != 3 {
		return nil
	}
	return map[string]any{"version": f[0], "erts_version": f[1], "nif_version": f[2]}
}

// emulator reads "Erlang (SMP,ASYNC_THREADS) (BEAM) emulator version 13.1.5".
func emulator(printed string) map[string]any {
	f := strings.Fields(strings.NewReplacer("(", "", ")", "").Replace(printed))
	if len(f) < 6 {
		return nil
	}
	return map[string]any{"options": list(strings.Split(f[1], ",")), "emulator": f[2]}
}
