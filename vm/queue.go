package vm

// queue is a first-in first-out queue in a ring.
type queue[T any] struct {
	items []T // a power of two long
	head  int
	n     int
}

func (q *queue[T]) len() int { return q.n }

func (q *queue[T]) push(x T) {
	if q.n == len(q.items) {
		q.grow()
	}
	q.items[(q.head+q.n)&(len(q.items)-1)] = x
	q.n++
}

func (q *queue[T]) pop() T {
	var zero T
	x := q.items[q.head]
	q.items[q.head] = zero
	q.head = (q.head + 1) & (len(q.items) - 1)
	q.n--
	return x
}

func (q *queue[T]) grow() {
	items := make([]T, max(16, 2*len(q.items)))
	k := copy(items, q.items[q.head:])
	copy(items[k:], q.items[:q.head])
	q.items, q.head = items, 0
}
