/** Benchmarks of what happens within one process: {@code ./points bench --micro}. */
@org.jspecify.annotations.NullMarked
package points.bench.micro;
