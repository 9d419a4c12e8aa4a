#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A write to a file in options/ of a removed tracefs instance: NULL dereference at address 0x38, with
# mutex_lock <- ring_buffer_change_overwrite <- set_tracer_flag <- trace_options_core_write, on Linux 6.12.95 and 6.18.44.
# The files of the core options are opened by tracing_open_generic, which takes no reference on the instance, so rmdir
# does not refuse; the write then finds the instance freed. The writer dies with event_mutex and trace_types_lock held:
# every later open, mkdir and read below tracefs hangs, uninterruptibly, until the machine is booted again.
#
# For a guest that is thrown away, and never for a machine that anybody needs. It prints the kernel's messages, and ends
# with "tracefs hangs" if a mkdir does not return within 10 s.

tracing=/sys/kernel/tracing

if [ "$ABI_COMPARE_IN_GUEST" != 1 ]; then
	echo "$0: this crashes the kernel; set ABI_COMPARE_IN_GUEST=1 in a guest that may be lost" >&2
	exit 64
fi
if ! grep -q hypervisor /proc/cpuinfo; then
	echo "$0: /proc/cpuinfo has no flag hypervisor: this is no guest" >&2
	exit 64
fi
[ -d $tracing/instances ] || mount -t tracefs nodev $tracing || exit 1
if [ -n "$(ls $tracing/instances)" ]; then
	echo "$0: there are other instances in $tracing/instances; somebody uses tracefs here" >&2
	exit 64
fi

mkdir $tracing/instances/removed || exit 1
(
	exec 3>$tracing/instances/removed/options/overwrite
	rmdir $tracing/instances/removed && echo "rmdir with an open file in options/: not refused"
	echo 0 >&3 && echo "write: accepted"
)
echo "the writer ended with status $?"
dmesg | grep -A 30 'NULL pointer dereference'

mkdir $tracing/instances/next &
next=$!
for second in 1 2 3 4 5 6 7 8 9 10; do
	if [ -d /proc/$next ] && grep -q '^State:.*[DSR] ' /proc/$next/status 2>/dev/null; then
		sleep 1
	else
		rmdir $tracing/instances/next
		echo "tracefs answers"
		exit 0
	fi
done
echo "tracefs hangs"
