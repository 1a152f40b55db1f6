package org.jtorch.opgen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionEmitterTest {

    private static List<FunctionRow> rows(String table) {
        return FunctionTable.parse("t.functions", table.lines().toList());
    }

    private static String emitted(String table) {
        return FunctionEmitter.functions(rows(table));
    }

    private static String refusal(String table) {
        return assertThrows(IllegalArgumentException.class, () -> emitted(table))
                .getMessage();
    }

    @Test
    void theLongestFormHasTheWholeJavadocWithTheDefaults() {
        String java = emitted("""
                # A comment.

                elu(Tensor input, double alpha = 1.0, Tensor? weight = null)
                    = Own.elu(input, alpha, weight)
                    `x` above zero, `alpha *
                    (exp(x) - 1)` below. And more.
                    @param alpha what it tends to,
                        negated
                    @param weight (C), or null
                    @return shaped as the input
                """);
        assertTrue(java.contains("""
                                /**
                                 * {@code x} above zero, {@code alpha *
                                 * (exp(x) - 1)} below. And more.
                                 *
                                 * @param alpha what it tends to,
                                 *     negated; default {@code 1.0}
                                 * @param weight (C), or null
                                 * @return shaped as the input
                                 */
                                public static Tensor elu(Tensor input, double alpha, @Nullable Tensor weight) {
                                    return Own.elu(input, alpha, weight);
                                }
                            """), java);
    }

    @Test
    void argumentsAreLeftOutFromTheEnd() {
        String java = emitted("""
                elu(Tensor input, double alpha = 1.0, Tensor? weight = null)
                    = Own.elu(input, alpha, weight)
                    Something. And more.
                """);
        assertTrue(java.contains("""
                                /**
                                 * Something.
                                 * This is {@link #elu(Tensor, double, Tensor) elu} with {@code alpha = 1.0, weight = null}.
                                 */
                                public static Tensor elu(Tensor input) {
                                    return elu(input, 1.0, null);
                                }
                            """), java);
        assertTrue(java.contains("elu(Tensor input, double alpha) {\n        return elu(input, alpha, null);"), java);
    }

    @Test
    void sizesAreArraysOrOneNumber() {
        String java = emitted("""
                pool(Tensor input, long[2] size, long[2]? stride = null, long[2] padding = 0)
                    = Own.pool(input, size, stride, padding)
                    Greatest.
                """);
        assertTrue(
                java.contains("pool(Tensor input, long[] size, long @Nullable [] stride, long[] padding) {"
                        + "\n        return Own.pool(input, size, stride, padding);"),
                java);
        assertTrue(
                java.contains("pool(Tensor input, long size, long stride) {\n"
                        + "        return pool(input, new long[] {size}, new long[] {stride}, new long[] {0});"),
                java);
        assertTrue(java.contains("with one number for all dimensions and {@code padding = 0}."), java);
        assertFalse(java.contains("long..."), "pool(x, 3, 2) would be a window of 3 by 2");
    }

    @Test
    void anArrayOfAnyLengthIsVarargsWhereItStandsLast() {
        String java = emitted("""
                norm(Tensor input, long[] shape, Double? eps = null)
                    = Own.norm(input, shape, eps)
                    Norm.
                """);
        assertTrue(java.contains("norm(Tensor input, long[] shape, @Nullable Double eps)"), java);
        assertTrue(java.contains("norm(Tensor input, long... shape)"), java);
    }

    @Test
    void aRowMayStandForSeveralNumbersOfDimensions() {
        List<FunctionRow> rows = rows("""
                ValuesIndices pool{2,3}d(Tensor input)
                    = Own.pool({n}, input)
                    Greatest, (N, C, {spatial}).
                """);
        assertEquals(
                List.of("pool2d", "pool3d"),
                rows.stream().map(FunctionRow::name).toList());
        assertEquals("Own.pool(3, input)", rows.get(1).call());
        assertEquals(List.of("Greatest, (N, C, D, H, W)."), rows.get(1).doc());
        assertEquals("ValuesIndices", rows.get(1).returns());
    }

    @Test
    void errorsNameFileAndLine() {
        assertTrue(refusal("\nf(Tensor x)\n    Doc.\n").startsWith("t.functions:2: the line '= call'"));
        assertTrue(refusal("f\n    = g()\n    Doc.\n").contains("has no parentheses"));
        assertTrue(refusal("f(Tensor x)\n    = g(x)\n").contains("must begin with what the function computes"));
        assertTrue(refusal("f(Tensor x)\n    = g(x)\n    Doc.\n    @param y what\n")
                .contains("describes 'y', which is not a parameter"));
        assertTrue(refusal("f(long a = 1, Tensor x)\n    = g(x)\n    Doc.\n").contains("'x' needs a default"));
        assertTrue(refusal("f(x)\n    = g(x)\n    Doc.\n").contains("should read 'Type name'"));
        assertTrue(refusal("    f(Tensor x)\n").contains("is not indented"));
        assertTrue(refusal("f(Tensor x)\n    = g(x)\n    Doc.\nf(Tensor y, long z = 0)\n    = g(y)\n    Doc.\n")
                .contains("two rows have a form f[Tensor]"));
    }

    @Test
    void writesTheClass(@TempDir Path folder) throws IOException {
        Path tables = Files.createDirectory(folder.resolve("ops"));
        Files.writeString(tables.resolve("a.functions"), "relu(Tensor input)\n    = input.relu()\n    Positive.\n");
        Files.writeString(tables.resolve("b.functions"), "tanh(Tensor input)\n    = input.tanh()\n    Tanh.\n");
        FunctionGenerator.main(new String[] {tables.toString(), folder.toString()});
        String java = Files.readString(folder.resolve("org/jtorch/nn/functional/F.java"));
        assertTrue(java.contains("public final class F {"), java);
        assertTrue(java.contains("/** Positive. */\n    public static Tensor relu(Tensor input) {"), java);
        assertTrue(java.contains("tanh(Tensor input)"), java);
    }
}
