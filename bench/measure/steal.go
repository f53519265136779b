package measure

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/stat: Linux gives it to programs in hundredths of
// a second on every platform.
const tick = 10 * time.Millisecond

// Stolen is the processor time that the hypervisor has given to others since
// the machine started, of all processors together; 0 where nothing tells.
func Stolen() time.Duration {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	return stolen(string(text))
}

// stolen reads the eighth figure of the line "cpu".
func stolen(stat string) time.Duration {
	line, _, _ := strings.Cut(stat, "\n")
	words := strings.Fields(line)
	if len(words) < 9 || words[0] != "cpu" {
		return 0
	}
	ticks, err := strconv.ParseInt(words[8], 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(ticks) * tick
}

// TellsStolen reports whether this system counts stolen time.
func TellsStolen() bool {
	_, err := os.Stat("/proc/stat")
	return err == nil
}
