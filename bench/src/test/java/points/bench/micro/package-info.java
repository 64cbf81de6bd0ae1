/** Tests of the benchmarks of what happens within one process. */
@org.jspecify.annotations.NullMarked
package points.bench.micro;
