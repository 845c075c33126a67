# Builds a network of many kinds of interfaces, addresses, routes and
# neighbours inside a network namespace of its own, and asks the facts, Ohai
# and the facts again. What this kernel cannot make is left out.
# Arguments: the facts' program, Ohai's configuration, a folder for the answers.
ip link set lo up
while read -r command; do
	ip $command 2>/dev/null || echo "cannot: ip $command" >> "$3/left-out"
done <<'END'
link add d0 type veth peer name d0p
link set d0p up
link add br0 type bridge
link add v0 type veth peer name v1
link add link d0 name d0.5 type vlan id 5
link add bond0 type bond
tunnel add tg mode gre local 10.1.0.1 remote 10.1.0.2
tunnel add ts mode sit local 10.1.0.1 remote 10.1.0.2
link add vx0 type vxlan id 7 dev d0 dstport 4789
link add mv0 link d0 type macvlan
tuntap add tap0 mode tap
tuntap add tu0 mode tun
link set d0 up
link set br0 up
link set v0 up
link set v1 up
link set d0.5 up
link set v1 master br0
link set tap0 up
link set d0 promisc on
addr add 10.1.0.1/24 brd + dev d0
addr add 10.1.0.9/24 brd + dev d0 label d0:3
addr add 10.1.0.10/24 dev d0
addr add 10.2.0.1 peer 10.2.0.2/32 dev v0
addr add fd00::1/64 dev d0
addr add fd00::5/64 dev d0 preferred_lft 100 valid_lft 200
addr add fd01::1 peer fd01::2/128 dev v0
addr add 169.254.3.3/16 scope link dev v0
addr add 10.9.9.9/32 dev lo
route add default via 10.1.0.254 dev d0 metric 50 proto static
route add default via 10.1.0.253 dev d0 metric 20 src 10.1.0.9
route add 10.50.0.0/16 nexthop via 10.1.0.3 dev d0 weight 1 nexthop via 10.1.0.4 dev d0 weight 2
route add 10.51.0.0/16 proto bird metric 7 nexthop via 10.1.0.3 dev d0 nexthop via 10.1.0.4 dev d0
route add blackhole 10.66.0.0/16
route add unreachable 10.67.0.0/16
route add 10.3.3.3 dev v0 scope link
route add 10.4.0.0/16 via inet6 fd00::77 dev d0
-6 route add default via fd00::254 dev d0 metric 77
-6 route add unreachable fd09::/48
neigh add 10.1.0.254 lladdr 02:00:00:00:00:99 dev d0
neigh add fd00::254 lladdr 02:00:00:00:00:98 dev d0 nud permanent
neigh add proxy 10.1.0.77 dev d0
neigh add 10.1.0.78 lladdr 02:00:00:00:00:97 dev d0 nud noarp
END
sleep 2.5 # duplicate address detection
"$1" > "$3/before"
ohai -c "$2" > "$3/reference" 2>/dev/null
"$1" > "$3/after"
