# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rule of scripts/lint that compiles the module. Sourced.
# shellcheck disable=SC2154 # lint sets them

build_sources() {
	c_files
	files Kbuild '*/Kbuild'
}

# All else that the result depends on.
key_build() {
	local kdir=$1

	realpath -- "$kdir"
	[ ! -e "$kdir/Module.symvers" ] || cksum <"$kdir/Module.symvers"
	gcc --version
	sparse --version 2>&1 || :
	declare -f run_build
}

# update_build TREE KDIR: updates TREE, the copy of the sources that passed last, so that kbuild
# compiles what has changed and what includes it. $work/sources lists the sources; TREE/sources
# exists only while all that is in TREE has passed.
update_build() {
	local tree=$1 file

	{
		key_build "$2" | sha256sum
		build_sources | xargs -r sha256sum --
	} >"$work/sources"
	[ "$(head -n 1 -- "$tree/sources" 2>/dev/null)" = "$(head -n 1 -- "$work/sources")" ] || rm -rf -- "$tree"
	mkdir -p -- "$tree"
	touch -- "$tree/sources"
	# What is deleted or has changed goes, with its object.
	tail -n +2 -- "$tree/sources" | matches -vxFf "$work/sources" | cut -d ' ' -f 3- | while IFS= read -r file; do
		rm -f -- "$tree/$file" "$tree/${file%.c}.o"
	done
	tail -n +2 -- "$work/sources" | matches -vxFf "$tree/sources" | cut -d ' ' -f 3- |
		xargs -r cp --parents -t "$tree" --
	rm -- "$tree/sources"
}

# Compiles a copy, so that the checkout stays as it is. KCFLAGS come last, so their limit
# replaces the one of the kernel's configuration. Nothing here uses debug information, or the
# types in BTF that are made of it, so there is none. A file that does not compile does not
# stop the others. After a complaint, the next run compiles everything.
run_build() {
	local kdir check=sparse status=0 tree=$cache/lint/build

	kdir=$("$top/scripts/lib/kdir")
	# sparse does not see the end of a guard, of which device_has_driver_override() in the
	# headers of 6.12 has one.
	[ "$(host_series)" = 6.1 ] || check+=' -Wno-context'
	mkdir -p -- "$cache/lint" "$work/build/module"
	exec 9>"$tree.lock"
	flock 9
	update_build "$tree" "$kdir"
	make -j "$cores" -O -k -s -C "$kdir" "M=$tree" ACS_GUARD_RIVAL=1 W=1 C=1 CHECK="$check" \
		CONFIG_DEBUG_INFO_BTF_MODULES= KCFLAGS="-g0 -Wframe-larger-than=$frame_limit" modules >"$work/build/log" 2>&1 || status=1
	sed -i "s|$tree/||g" "$work/build/log"
	! grep -E '(warning|error):|\*\*\*' "$work/build/log" || status=1
	(cd -- "$tree" && find module -name '*.o' -exec cp --parents -t "$work/build" -- {} +)
	[ "$status" -ne 0 ] || mv -- "$work/sources" "$tree/sources"
	return "$status"
}
