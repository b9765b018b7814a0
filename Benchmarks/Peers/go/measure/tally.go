package measure

import (
	"sort"
	"time"
)

// tally is what one caller, or all of them, have done.
type tally struct {
	operations int
	// Of each call.
	durations []time.Duration
}

func (t *tally) add(operations int, duration time.Duration) {
	t.operations += operations
	t.durations = append(t.durations, duration)
}

func (t *tally) addAll(others []tally) {
	for _, other := range others {
		t.operations += other.operations
		t.durations = append(t.durations, other.durations...)
	}
	sort.Slice(t.durations, func(i, j int) bool { return t.durations[i] < t.durations[j] })
}

// percentile is the time in microseconds that this part of all calls stayed below.
func (t *tally) percentile(part float64) float64 {
	index := int(float64(len(t.durations)) * part)
	if index >= len(t.durations) {
		index = len(t.durations) - 1
	}
	return float64(t.durations[index]) / float64(time.Microsecond)
}
