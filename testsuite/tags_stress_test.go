//go:build genestress

package testsuite

const buildTags = "genestress"
