package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation, between two, three and four processes. */
class CollectivesTest {

    /** What each process does. */
    static final class Program {
        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                double own = group.rank() + 1;
                Tensor sum = full(own);
                group.allReduce(sum);
                print("sum", sum);
                Tensor mean = Torch.full(new long[] {2, 3}, own);
                group.allReduce(mean.t(), ReduceOp.AVG); // not contiguous
                print("mean", mean);
                Tensor greatest = full(own).to(DType.INT64);
                group.allReduce(greatest, ReduceOp.MAX);
                print("greatest", greatest.to(DType.FLOAT32));
                Tensor complex = Torch.complex(full(own), full(-own));
                group.allReduce(complex);
                print("complex", Torch.viewAsReal(complex));
                Tensor sent = Torch.arange(6).view(2, 3).t().add(group.rank()).to(DType.INT16);
                group.broadcast(sent, 1);
                print("broadcast", sent.contiguous().to(DType.FLOAT32));
                print("gathered", Torch.stack(group.allGather(full(own))));
                print(
                        "scattered",
                        group.reduceScatter(Torch.ones(2L * group.size()).mul(own), ReduceOp.SUM));
                List<Tensor> all = group.gather(full(own), 0);
                print("gather", all.isEmpty() ? Torch.zeros(0) : Torch.stack(all));
                Tensor part = full(0);
                group.scatter(part, group.rank() == 0 ? parts(group.size()) : List.of(), 0);
                print("scatter", part);
                System.out.println(
                        "object " + group.broadcastObject(group.rank() == 1 ? Map.of("a", List.of(1L, "x")) : null, 1));
                System.out.println("objects " + group.allGatherObject("rank " + group.rank()));
                Optional<ProcessGroup> pair = group.newGroup(List.of(1, 0));
                Tensor ofPair = full(own);
                pair.ifPresent(two -> {
                    two.broadcast(ofPair, 0);
                    two.close();
                });
                print("pair", ofPair);
                group.newGroup(List.of(0)).ifPresent(ProcessGroup::close); // the first group is still whole
                group.barrier();
            }
        }

        private static Tensor full(double value) {
            return Torch.full(new long[] {2}, value);
        }

        private static List<Tensor> parts(int count) {
            return java.util.stream.IntStream.range(0, count)
                    .mapToObj(i -> full(10 + i))
                    .toList();
        }

        private static void print(String name, Tensor values) {
            System.out.println(
                    name + " " + Arrays.toString(values.contiguous().view(-1).toFloatArray()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void everyOperation(int count) {
        List<Ranks.Result> results = Ranks.run(count, Program.class);
        float total = count * (count + 1) / 2f;
        for (int rank = 0; rank < count; rank++) {
            Ranks.Result result = results.get(rank);
            assertEquals(0, result.status(), result::toString);
            assertEquals(list(total, 2), result.value("sum"));
            assertEquals(list(total / count, 6), result.value("mean"));
            assertEquals(list(count, 2), result.value("greatest"));
            assertEquals(Arrays.toString(new float[] {total, -total, total, -total}), result.value("complex"));
            assertEquals("[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]", result.value("broadcast"));
            assertEquals(gathered(count), result.value("gathered"));
            assertEquals(list(total, 2), result.value("scattered"));
            assertEquals(rank == 0 ? gathered(count) : "[]", result.value("gather"));
            assertEquals(list(10 + rank, 2), result.value("scatter"));
            assertEquals("{a=[1, x]}", result.value("object"));
            assertTrue(result.value("objects").endsWith("rank " + (count - 1) + "]"), result::toString);
            assertEquals(list(rank < 2 ? 2 : rank + 1, 2), result.value("pair"));
        }
    }

    private static String list(float value, int count) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return Arrays.toString(values);
    }

    private static String gathered(int count) {
        float[] values = new float[2 * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 2 + 1;
        }
        return Arrays.toString(values);
    }
}
