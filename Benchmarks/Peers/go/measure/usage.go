package measure

import (
	"io/ioutil"
	"strconv"
	"strings"
	"syscall"
)

// ticks of the kernel's CPU accounting per second, which Linux has fixed for programs.
const ticks = 100

// ownCPU is the CPU seconds of this process.
func ownCPU() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

// processCPU is the CPU seconds of another process.
func processCPU(process string) float64 {
	stat := procFile(process, "stat")
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

// peakMemory is the most memory that a process has had, in KiB.
func peakMemory(process string) int {
	for _, line := range strings.Split(procFile(process, "status"), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kib, _ := strconv.Atoi(strings.Fields(line)[1])
			return kib
		}
	}
	return 0
}

func procFile(process, name string) string {
	text, err := ioutil.ReadFile("/proc/" + process + "/" + name)
	if err != nil {
		fail(err)
	}
	return string(text)
}
