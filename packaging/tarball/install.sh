#!/bin/sh
# Installs Jetpack from the folder that this file lies in; run it again to
# upgrade. Nothing is written before everything was checked. A file is replaced
# by one rename, so programs that run meanwhile go on undisturbed.
set -eu

usage() {
	cat <<'END'
Usage: install.sh [--home DIR] [--tree-only]
       install.sh --uninstall [--home DIR] [--purge]

Install Jetpack, or upgrade it in place.

  --home DIR    the node's home (default /opt/cycle/jetpack)
  --tree-only   only the folders below the home: no units, udev rules, profile
                or group. So it always is for users other than root.
  --uninstall   remove what was installed; configuration, checks, logs and
                state stay
  --purge       with --uninstall: remove those as well
  -h, --help    show this
END
}

die() {
	echo "install.sh: $1" >&2
	[ $# -lt 2 ] || echo "install.sh: hint: $2" >&2
	exit "${3:-1}"
}

home=/opt/cycle/jetpack action=install purge=no tree_only=no
while [ $# -gt 0 ]; do
	case $1 in
	--home) [ $# -gt 1 ] || die "--home needs a folder" "" 2; home=$2; shift ;;
	--home=*) home=${1#--home=} ;;
	--tree-only) tree_only=yes ;;
	--uninstall) action=uninstall ;;
	--purge) purge=yes ;;
	-h | --help) usage; exit 0 ;;
	*) die "unknown option $1" "install.sh --help" 2 ;;
	esac
	shift
done
[ "$purge" = no ] || [ "$action" = uninstall ] || die "--purge goes with --uninstall" "" 2
case $home in
/*[!A-Za-z0-9/._+-]*) die "the home may hold letters, digits and /._+- only: $home" "" 2 ;;
/?*) ;;
*) die "the home is not an absolute path: $home" "" 2 ;;
esac
home=${home%/}
case $home/ in
/ | */../* | */./* | /opt/ | /usr/ | /etc/ | /var/ | /home/) die "$home cannot be the home" "" 2 ;;
esac
root=no
[ "$(id -u)" -ne 0 ] || root=yes
[ "$root" = yes ] || tree_only=yes

here=$(cd "$(dirname "$0")" && pwd)
installed=$home/system/installed
units="healthcheckd.service jetpack-converge.service"
unit_folder=/usr/local/lib/systemd/system
# Modes as they are meant, whatever the caller's mask.
umask 022

booted() { [ "$tree_only" = no ] && [ -d /run/systemd/system ]; }

# ---- Checks ----

# present DIR prints the nearest folder above DIR that exists.
present() {
	folder=$1
	while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
	echo "$folder"
}

check_owner() {
	if command -v dpkg-query >/dev/null && dpkg-query --search "$home/bin/jetpack" >/dev/null 2>&1; then
		die "$home belongs to Debian packages" "apt-get install ./jetpack*.deb"
	fi
	if command -v rpm >/dev/null && rpm --query --file "$home/bin/jetpack" >/dev/null 2>&1; then
		die "$home belongs to rpm packages" "dnf install ./jetpack*.rpm"
	fi
	folder=$(present "$home")
	[ -w "$folder" ] || die "cannot write to $folder" "run it as root, or give a --home of yours"
}

check_machine() {
	[ "$(uname -s)" = Linux ] || die "this archive is for Linux, this machine runs $(uname -s)"
	case $(uname -m) in
	x86_64) arch=amd64 ;;
	aarch64) arch=arm64 ;;
	*) arch=$(uname -m) ;;
	esac
	[ "$arch" = "$(cat "$here/ARCHITECTURE")" ] ||
		die "this archive is for $(cat "$here/ARCHITECTURE"), this machine is $arch"
}

check_archive() {
	sums=$(cd "$here" && sha256sum --check --quiet SHA256SUMS 2>&1) ||
		die "the archive is damaged: $(echo "$sums" | head -n 1)" "unpack it again"
	need=$(du -sk "$here" | cut -f 1)
	free=$(df -Pk "$(present "$home")" | awk 'NR == 2 { print $4 }')
	[ "$free" -gt "$need" ] || die "$home needs $need KiB, and there are $free"
}

# ---- Installing ----

# put SOURCE TARGET MODE: a text gets the home filled in.
put() {
	mkdir -p "$(dirname "$2")"
	if ! fill "$1" "$2.new" || ! chmod "$3" "$2.new" || ! mv -f "$2.new" "$2"; then
		rm -f "$2.new"
		die "cannot install $2: what was there is as it was" "mend that, then run it again: it goes on"
	fi
	echo "$2" >>"$list"
}

fill() {
	case $1 in
	"$here"/system/*) sed "s|@HOME@|$home|g" "$1" >"$2" ;;
	*) cp "$1" "$2" ;;
	esac
}

install_folders() {
	mkdir -p "$home/bin" "$home/config/healthcheck.d" "$home/logs" "$home/run/scheduled_shutdown" "$home/system/bin" "$home/system/bootstrap"
	chmod 750 "$home/config" "$home/logs" "$home/run"
	[ "$tree_only" = no ] || return 0
	getent group cyclecloud >/dev/null || groupadd --system cyclecloud
	chgrp cyclecloud "$home/config" "$home/logs" "$home/run"
	chmod 2750 "$home/config" "$home/logs" "$home/run"
	chmod g-s "$home/config/healthcheck.d" "$home/run/scheduled_shutdown"
}

install_tree() {
	(cd "$here/home" && find . -type f -o -type l) | sort | while read -r name; do
		name=${name#./}
		mkdir -p "$(dirname "$home/$name")"
		if [ -L "$here/home/$name" ]; then
			ln -sfn "$(readlink "$here/home/$name")" "$home/$name"
			echo "$home/$name" >>"$list"
		elif [ -x "$here/home/$name" ]; then
			put "$here/home/$name" "$home/$name" 755
		else
			put "$here/home/$name" "$home/$name" 644
		fi
	done
	put "$here/system/cyclecloud-env.sh" "$home/system/bin/cyclecloud-env.sh" 644
}

install_system() {
	put "$here/system/cyclecloud.sh" /etc/profile.d/cyclecloud.sh 644
	put "$here/system/66-jetpack-azure-disks.rules" /etc/udev/rules.d/66-jetpack-azure-disks.rules 644
	for unit in $units; do
		put "$here/system/$unit" "$unit_folder/$unit" 644
	done
	if [ "$home" = /opt/cycle/jetpack ] && [ ! -e /opt/cycle/Jetpack ]; then
		ln -s jetpack /opt/cycle/Jetpack
	fi
	[ ! -L /opt/cycle/Jetpack ] || echo /opt/cycle/Jetpack >>"$list"
}

# Units are enabled once: later, and where one is masked, the administrator's
# word counts.
start_services() {
	if [ "$first" = yes ] && command -v systemctl >/dev/null; then
		for unit in $units; do
			[ "$(systemctl is-enabled "$unit" 2>/dev/null)" = masked ] ||
				systemctl --no-reload enable "$unit" >/dev/null 2>&1 ||
				echo "install.sh: cannot enable $unit" >&2
		done
	fi
	if booted; then
		systemctl daemon-reload
		if [ "$first" = no ]; then
			systemctl try-restart healthcheckd.service || echo "install.sh: cannot restart healthcheckd" >&2
		elif systemctl --quiet is-enabled healthcheckd.service; then
			systemctl start healthcheckd.service || echo "install.sh: cannot start healthcheckd" >&2
		fi
	fi
	if [ -S /run/udev/control ]; then
		udevadm control --reload || true
		udevadm trigger --subsystem-match=block --action=change || true
	fi
}

# What an older version had installed and this one has not.
remove_stale() {
	[ -e "$installed" ] || return 0
	sort "$installed" | while read -r path; do
		grep -qxF "$path" "$list" || rm -f "$path"
	done
}

install_all() {
	check_machine
	check_owner
	check_archive
	first=no
	[ -e "$installed" ] || first=yes
	list=$(mktemp)
	trap 'rm -f "$list"' EXIT
	install_folders
	install_tree
	[ "$tree_only" = yes ] || install_system
	remove_stale
	cp "$list" "$installed.new"
	chmod 644 "$installed.new"
	mv -f "$installed.new" "$installed"
	[ "$tree_only" = yes ] || start_services
	echo "Jetpack $(cat "$here/VERSION") is installed in $home"
	if [ "$tree_only" = yes ] && [ "$root" = no ]; then
		echo "Not root: no units, udev rules, profile or group were installed."
	fi
}

# ---- Uninstalling ----

stop_services() {
	# shellcheck disable=SC2086 # several units
	if booted; then systemctl stop $units || true; fi
	for unit in $units; do
		if command -v systemctl >/dev/null && grep -qxF "$unit_folder/$unit" "$installed"; then
			systemctl --no-reload disable "$unit" >/dev/null 2>&1 || true
		fi
	done
}

uninstall() {
	[ -e "$installed" ] || die "nothing that this script has installed is in $home" "give its --home"
	[ -w "$home/system" ] || die "cannot write to $home" "run it as its owner"
	if [ "$root" = yes ] && grep -qF "$unit_folder/" "$installed"; then tree_only=no; else tree_only=yes; fi
	[ "$tree_only" = yes ] || stop_services
	while read -r path; do rm -f "$path"; done <"$installed"
	rm -f "$installed"
	if [ "$tree_only" = no ]; then
		rmdir "$unit_folder" "$(dirname "$unit_folder")" 2>/dev/null || true
	fi
	if booted; then systemctl daemon-reload || true; fi
	if [ "$purge" = yes ]; then
		rm -rf "$home/config" "$home/logs" "$home/run" "$home/system"
	fi
	find "$home/bin" "$home/share" "$home/system" -depth -type d -exec rmdir {} \; 2>/dev/null || true
	if rmdir "$home" 2>/dev/null; then
		[ "$home" != /opt/cycle/jetpack ] || rmdir /opt/cycle 2>/dev/null || true
		echo "Jetpack is removed from $home"
	else
		echo "Jetpack is removed; what is the user's stays in $home"
	fi
}

case $action in
install) install_all ;;
uninstall) uninstall ;;
esac
