package main

import "os"

// hostile are checks that do what checks should not. TOKEN is in the command
// line of what they may leave behind.
var hostile = []struct {
	what, name, text string
	mode             os.FileMode
	verdict          string
	status           int // -1: none
	signal           string
	timedOut         bool
	leftovers        int // at least
	contains         string
}{
	{what: "grandchild holds stdout", text: "sleep TOKEN & exit 0", verdict: "healthy", leftovers: 1},
	{what: "grandchild in its own session holds stdout", text: "setsid sleep TOKEN & sleep 0.05; exit 254", verdict: "unhealthy", status: 254, leftovers: 1},
	{what: "double fork", text: "( ( setsid sleep TOKEN & ) & ); sleep 0.05; exit 0", verdict: "healthy", leftovers: 1},
	{what: "daemon without environment", text: "env -i setsid -f sleep TOKEN; exit 0", verdict: "healthy", leftovers: 1},
	{what: "TERM ignored", text: "trap '' TERM; while :; do sleep TOKEN; done", verdict: "unknown", status: -1, signal: "SIGKILL", timedOut: true},
	{what: "TERM answered by 254", text: "trap 'exit 254' TERM; sleep TOKEN & wait", verdict: "unknown", status: 254, timedOut: true, contains: "timed out"},
	{what: "stops itself", text: "kill -STOP $$; sleep TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM", timedOut: true},
	{what: "hangs", text: "exec sleep TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM", timedOut: true},
	{what: "hangs with a family", text: "setsid sleep TOKEN & setsid sleep TOKEN & trap '' TERM; while :; do sleep TOKEN; done", verdict: "unknown", status: -1, signal: "SIGKILL", timedOut: true, leftovers: 3},
	{what: "64 MiB without a newline", text: "head -c 67108864 /dev/zero | tr '\\0' x; echo end; exit 254", verdict: "unhealthy", status: 254, contains: "xend\n"},
	{what: "endless output", text: "exec yes TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM", timedOut: true},
	{what: "binary garbage and escapes", text: "printf '\\033[31m\\377\\376\\000\\007red\\033]0;title\\007\\n'; exit 0", verdict: "healthy", contains: `\x1b[31m`},
	{what: "moving targets", name: "x.py", text: movingTargets, verdict: "unhealthy", status: 254},
	{what: "fork storm under a limit", name: "x.py", text: forkStorm, verdict: "unknown", status: -1, signal: "SIGKILL", timedOut: true, leftovers: 20},
	{what: "deletes itself", text: "rm -f \"$0\"; exit 254", verdict: "unhealthy", status: 254},
	{what: "rewrites itself", text: "#!/bin/sh\nprintf '#!/bin/sh\\nexit 254\\n' > \"$0.new\" && chmod 755 \"$0.new\" && mv \"$0.new\" \"$0\"\nexit 0\n", verdict: "healthy"},
	{what: "interpreter missing", text: "#!/nowhere/python9\nexit 254\n", verdict: "unknown", status: -1, contains: `/nowhere/python9`},
	{what: "interpreter with a carriage return", text: "#!/bin/sh\r\nexit 254\r\n", verdict: "unknown", status: -1, contains: `\r`},
	{what: "no first line", text: "exit 254", verdict: "unhealthy", status: 254},
	{what: "no first line, Python", name: "x.py", text: "import sys; sys.exit(254)", verdict: "unhealthy", status: 254},
	{what: "not executable", text: "#!/bin/sh\nexit 254\n", mode: 0o644, verdict: "unhealthy", status: 254},
	{what: "binary of no kind", name: "garbage", text: "\x7fELF\x00\x01garbage", verdict: "unknown", status: -1, contains: "cannot start"},
	{what: "empty executable", name: "empty", text: "", verdict: "unknown", status: -1},
	{what: "name with a newline", name: "a\nb.sh", text: "exit 254", verdict: "unhealthy", status: 254},
	{what: "name with escapes and spaces", name: "\x1b[2J x .sh", text: "exit 0", verdict: "healthy"},
	{what: "name that looks like an option", name: "-rf.sh", text: "exit 254", verdict: "unhealthy", status: 254},
	{what: "status 255", text: "exit 255", verdict: "unknown", status: 255},
	{what: "status 126", text: "exit 126", verdict: "unknown", status: 126},
	{what: "status 1", text: "exit 1", verdict: "unknown", status: 1},
	{what: "status -2 is 254", name: "x.py", text: "import os; os._exit(-2)", verdict: "unhealthy", status: 254},
	{what: "killed by SEGV", text: "kill -SEGV $$", verdict: "unknown", status: -1, signal: "SIGSEGV"},
	{what: "killed by KILL", text: "kill -KILL $$", verdict: "unknown", status: -1, signal: "SIGKILL"},
	{what: "kills its group", text: "kill -TERM 0; sleep TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM"},
	{what: "kills its parent's group by mistake", text: "kill -TERM -- -$PPID 2>/dev/null; exit 0", verdict: "healthy"},
	{what: "closes its stdout", text: "exec >&- 2>&-; echo x; exit 254", verdict: "unhealthy", status: 254},
	{what: "reads stdin", text: "cat; read x && exit 1; exit 0", verdict: "healthy"},
	{what: "reads the terminal", text: "cat /dev/tty; exit 0", verdict: "healthy"},
	{what: "fills its folder", text: "head -c 1000000 /dev/zero > full; chmod 0 . ; exit 0", verdict: "healthy"},
	{what: "everyone may write to it", text: "exit 254", mode: 0o777, verdict: "unknown", status: -1, contains: "everyone may write"},
	{what: "a million lines", text: "seq 1000000; exit 0", verdict: "healthy", contains: "1000000\n"},
}

// movingTargets leaves processes that live in ever new processes, for at most
// twenty seconds, in sessions of their own.
const movingTargets = `
import os, sys, time
for i in range(20):
    if os.fork() == 0:
        if i % 2: os.setsid()
        end = time.time() + 20
        while time.time() < end:
            if os.fork(): os._exit(0)
            time.sleep(0.02)
        os._exit(0)
time.sleep(0.1)
sys.exit(254)
# TOKEN
`

// forkStorm forks as often as it may, deaf to TERM, as a user who has no more
// than 120 processes: root has no limit. Where a normal user tests, who has
// more already, it forks thirty times.
const forkStorm = `
import os, resource, signal, time
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(61234); os.setuid(61234)
    resource.setrlimit(resource.RLIMIT_NPROC, (120, 120))
else:
    for i in range(30):
        if os.fork() == 0: break
signal.signal(signal.SIGTERM, signal.SIG_IGN)
storm = os.geteuid() == 61234
while True:
    try:
        if storm and os.fork() == 0 and os.fork() == 0: os.setsid()
    except OSError:
        pass
    time.sleep(0.005)
# TOKEN
`
