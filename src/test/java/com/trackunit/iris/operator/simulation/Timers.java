package com.trackunit.iris.operator.simulation;

import java.util.Arrays;

/** Numbers in order, the least first, without an object for each. */
final class Timers {
  private long[] heap = new long[1024];
  private int size;

  void add(long value) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    while (at > 0 && heap[(at - 1) / 4] > value) {
      heap[at] = heap[(at - 1) / 4];
      at = (at - 1) / 4;
    }
    heap[at] = value;
  }

  boolean isEmpty() {
    return size == 0;
  }

  long removeLeast() {
    long least = heap[0];
    long last = heap[--size];
    int at = 0;
    for (int child = 1; child < size; child = 4 * at + 1) {
      int smallest = child;
      for (int other = child + 1; other < Math.min(child + 4, size); other++) {
        smallest = heap[other] < heap[smallest] ? other : smallest;
      }
      if (heap[smallest] >= last) {
        break;
      }
      heap[at] = heap[smallest];
      at = smallest;
    }
    heap[at] = last;
    return least;
  }
}
