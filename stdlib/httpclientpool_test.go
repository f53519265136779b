package stdlib

import (
	"fmt"
	"testing"
)

// TestHTTPPoolIsBounded: of many ways to connect those used last are kept.
func TestHTTPPoolIsBounded(t *testing.T) {
	p := newHTTPPool()
	plain, err := p.transport(httpDialer{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * httpWays {
		if _, err := p.transport(httpDialer{proxy: fmt.Sprintf("http://proxy-%d.test", i)}); err != nil {
			t.Fatal(err)
		}
		if again, err := p.transport(httpDialer{}); err != nil || again != plain {
			t.Fatalf("after %d others: a way in use was forgotten (%v)", i+1, err)
		}
		if want := min(i+2, httpWays); len(p.ways) != want {
			t.Fatalf("%d ways are kept, want %d", len(p.ways), want)
		}
	}
	if p.ways[httpDialer{proxy: "http://proxy-0.test"}] != nil {
		t.Error("the way used longest ago is kept")
	}
	if _, err := p.transport(httpDialer{proxy: "nonsense"}); err == nil || len(p.ways) != httpWays {
		t.Errorf("a way that can't be: %v, %d ways are kept", err, len(p.ways))
	}
}
