// Package claims holds the one table of what we claim of Gene's speed, and the
// experiments that judge each claim. Command genebench lists and runs them; the
// results go through package result, and every figure is made by package stats.
//
// An experiment is a description and a function. The function runs its variants in
// rounds, forwards and then backwards (A B B A), appends raw samples to series, and
// makes estimates of series and verdicts of estimates. What it needs comes from the
// Session: binaries of Gene, which are built into a temporary directory once and only when asked
// for, and the numbers of rounds, which the mode fixes beforehand. Nothing is written into the repository.
package claims
