#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# LTTng's own daemons: what `lttng list` and babeltrace2 tell where `lttng stop` flushes the ring buffer while an event is
# reserved and not committed, after events were discarded.
# Confirms discarded-count-never-falls.
# Run: ./count-falls.sh, where no session daemon of this user runs; needs lttng-tools and babeltrace2. The first stop waits
# five seconds for the writer.
# Printed with LTTng-tools 2.13.9 and liblttng-ust 2.13.5, of 200000 events:
#   stop: Warning: 156085 events were discarded
#   second stop: Warning: 9223372036854949141 events were discarded
#   babeltrace2: Tracer discarded 18446744073709395531 events
set -eu
here=$(cd "$(dirname "$0")" && pwd)
LTTNG_HOME=$(mktemp -d)
LTTNG_UST_REGISTER_TIMEOUT=-1
export LTTNG_HOME LTTNG_UST_REGISTER_TIMEOUT
lttng-sessiond --no-kernel --background --pidfile="$LTTNG_HOME/pid"
daemon=$(cat "$LTTNG_HOME/pid")
end() {
	kill "$daemon"
	while kill -0 "$daemon" 2> /dev/null; do sleep 0.1; done
	rm -rf "$LTTNG_HOME"
}
trap end EXIT

lttng --quiet create second-opinion --output="$LTTNG_HOME/trace"
lttng --quiet enable-channel -u --discard --subbuf-size=4096 --num-subbuf=4 channel
lttng --quiet enable-event -u -c channel second_opinion:event
lttng --quiet start

coproc WRITER { "$here/writer"; }
ask() {
	if [ -n "$1" ]; then echo "$1" >&"${WRITER[1]}"; fi
	read -r answer <&"${WRITER[0]}"
	echo "writer: ${1:-start}: $answer"
}
ask ""
ask "w 200000 16"
ask "w 4 16"
ask "h"
echo "stop:"
lttng stop --no-wait
ask "g"
lttng --quiet start
ask "w 4 16"
echo "second stop:"
lttng stop
lttng list second-opinion | grep 'Discarded events'
lttng --quiet destroy
eval "exec ${WRITER[1]}>&-"
babeltrace2 "$LTTNG_HOME/trace" 2>&1 > /dev/null | grep -o 'Tracer discarded [0-9]* events between [^ ]* and [^ ]*' | tail -n 3
