//go:build unix

package measure

import (
	"runtime"
	"testing"
)

func TestLowerOwnPeak(t *testing.T) {
	touched := make([]byte, 64<<20)
	for i := range touched {
		touched[i] = 1
	}
	high := OwnPeakKB()
	runtime.KeepAlive(touched)
	if err := LowerOwnPeak(); err != nil {
		t.Fatal(err)
	}
	if low := OwnPeakKB(); runtime.GOOS == "linux" && low >= high {
		t.Errorf("the peak is %d KiB after %d and after 64 MiB were given back, want less", low, high)
	}
}
