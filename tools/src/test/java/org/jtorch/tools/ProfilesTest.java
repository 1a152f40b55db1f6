package org.jtorch.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.SmallCnn;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.tools.GradientFlow.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link GradientFlow} and {@link MemoryProfile}: values, text and pictures. */
class ProfilesTest {

    @TempDir
    Path folder;

    // --- gradients ---------------------------------------------------------------------------------------------

    @Test
    void averageAndMaximumOfEachLayer() {
        Linear layer = new Linear(2, 2);
        layer.weight.setGrad(Torch.tensor(new float[] {1, -4, 2, 0}).reshape(2, 2));
        layer.bias.setGrad(Torch.tensor(new float[] {0, 5}));
        GradientFlow flow = GradientFlow.of(new Sequential(layer, new ReLU()));
        assertEquals(
                List.of(new GradientFlow.Layer("0", "Linear", 2.0, 5.0, List.of(), Health.HEALTHY)), flow.layers());
        assertTrue(flow.isHealthy());
        assertEquals("""
                layer  class     average    maximum  health
                -----  ------  ---------  ---------  -------
                0      Linear  2.000e+00  5.000e+00  healthy""", flow.toString());
    }

    @Test
    void healthTellsWhatIsWrong() {
        Map<String, Double> worst = new TreeMap<>(Map.of(
                "HEALTHY",
                1.0,
                "NAN",
                Double.NaN,
                "INFINITE",
                Double.NEGATIVE_INFINITY,
                "VANISHING",
                1e-9,
                "EXPLODING",
                -1e6));
        worst.forEach((health, gradient) -> {
            Linear layer = new Linear(2, 1, o -> o.bias(false));
            layer.weight.setGrad(
                    Torch.tensor(new float[] {0, gradient.floatValue()}).reshape(1, 2));
            GradientFlow flow = GradientFlow.of(layer);
            assertEquals(Health.valueOf(health), flow.layers().get(0).health());
            assertEquals(health.equals("HEALTHY"), flow.isHealthy(), health);
        });
    }

    @Test
    void missingGradientsAreNamedAndFrozenParametersLeftOut() {
        Linear half = new Linear(2, 2);
        half.weight.setGrad(Torch.ones(2, 2));
        Linear none = new Linear(2, 2);
        Linear frozen = new Linear(2, 2);
        frozen.requiresGrad_(false);
        GradientFlow flow = GradientFlow.of(new Sequential(half, none, frozen));
        assertEquals(2, flow.layers().size());
        assertEquals(List.of("bias"), flow.layers().get(0).missing());
        assertEquals(Health.HEALTHY, flow.layers().get(0).health());
        assertEquals(Health.MISSING, flow.layers().get(1).health());
        assertEquals(2, flow.unhealthy().size());
        assertTrue(flow.toString().contains("healthy, none for bias"), flow::toString);
    }

    @Test
    void sparseGradientsCountToo() {
        Embedding table = new Embedding(4, 2, o -> o.sparse(true));
        table.call(Torch.tensor(new long[] {1, 1})).sum().backward();
        GradientFlow.Layer layer = GradientFlow.of(table).layers().get(0);
        assertEquals(2.0, layer.maximum(), "row 1 was used twice");
        assertEquals(0.5, layer.average(), "two elements of eight");
    }

    // --- memory ------------------------------------------------------------------------------------------------

    private static final class Squaring extends Module<Tensor, Tensor> {
        Linear map = new Linear(4, 8);

        @SuppressWarnings("UnusedVariable") // The field is unused on purpose.
        Linear idle = new Linear(2, 2, o -> o.bias(false));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = map.call(x);
            return y.matmul(y.t()).view(9);
        }
    }

    @Test
    void eachLayerCountsWhatItsOwnOperationsMake() {
        MemoryProfile profile = MemoryProfile.of(new Squaring(), Torch.ones(3, 4));
        assertEquals(
                List.of(
                        new MemoryProfile.Layer("", "Squaring", 1, 4 * 9, 4 * 9, 0, 0),
                        new MemoryProfile.Layer("map", "Linear", 1, 4 * 3 * 8, 4 * 3 * 8, 4 * 40, 0),
                        new MemoryProfile.Layer("idle", "Linear", 0, 0, 0, 4 * 4, 0)),
                profile.layers());
        assertEquals(36 + 96, profile.activationBytes());
        assertEquals(160 + 16, profile.parameterBytes());
        assertEquals("""
                layer    class     calls  parameters  buffers  activations  so far
                -------  --------  -----  ----------  -------  -----------  ------
                (model)  Squaring      1         0 B      0 B         36 B    36 B
                map      Linear        1       160 B      0 B         96 B   132 B
                idle     Linear        0        16 B      0 B          0 B   132 B

                parameters: 176 B; buffers: 0 B; activations: 132 B""", profile.toString());
    }

    @Test
    void theProfileLeavesNoHooksAlsoWhenForwardThrows() {
        Squaring model = new Squaring();
        assertThrows(RuntimeException.class, () -> MemoryProfile.of(model, Torch.ones(3, 5)));
        model.modules().forEach(m -> assertFalse(m.hasHooks()));
    }

    // --- pictures ----------------------------------------------------------------------------------------------

    @Test
    void gradientsArePlotted() throws IOException {
        SmallCnn model = new SmallCnn(10);
        model.call(Torch.randn(2, 3, 16, 16)).sum().backward();
        Path png = folder.resolve("new/gradients.png");
        GradientFlow.of(model).plot(png);
        assertDrawn(png, 0x2F6DB5); // Healthy.
    }

    @Test
    void memoryIsPlotted() throws IOException {
        Path png = folder.resolve("memory.png");
        MemoryProfile.of(new SmallCnn(10), Torch.randn(2, 3, 16, 16)).plot(png);
        assertDrawn(png, 0x2F6DB5);
        assertDrawn(png, 0xE58B2A);
    }

    @Test
    void layersWithoutGradientsArePlottedToo() throws IOException {
        Path png = folder.resolve("none.png");
        GradientFlow.of(new Linear(2, 2)).plot(png);
        assertTrue(ImageIO.read(png.toFile()).getWidth() > 0);
        assertThrows(
                IllegalStateException.class, () -> GradientFlow.of(new ReLU()).plot(png));
    }

    @Test
    void healthIsAColour() throws IOException {
        Path png = folder.resolve("ill.png");
        List<GradientFlow.Layer> layers = List.of(
                new GradientFlow.Layer("a", "Linear", 1e-12, 1e-10, List.of(), GradientFlow.Health.VANISHING),
                new GradientFlow.Layer("b", "Linear", 1e3, 1e5, List.of(), GradientFlow.Health.EXPLODING),
                new GradientFlow.Layer("c", "Linear", Double.NaN, Double.NaN, List.of(), GradientFlow.Health.NAN),
                new GradientFlow.Layer("d", "Linear", 0, 0, List.of("weight"), GradientFlow.Health.MISSING),
                new GradientFlow.Layer(
                        "e".repeat(500),
                        "Linear",
                        Double.POSITIVE_INFINITY,
                        Double.POSITIVE_INFINITY,
                        List.of(),
                        GradientFlow.Health.INFINITE));
        new GradientFlow(layers).plot(png);
        assertDrawn(png, 0xE58B2A);
        assertDrawn(png, 0xC62828);
        assertDrawn(png, 0xC4B2D7); // Pale, because there is no average.
        assertDrawn(png, 0xD1AB9B);
    }

    @Test
    void scalesHoldWhatTheyShow() {
        Scale powers = Scale.powersOfTen(List.of(3e-5, 0.02, 0.0, Double.NaN, Double.POSITIVE_INFINITY));
        assertEquals(
                List.of("1e-5", "1e-4", "1e-3", "1e-2", "1e-1"),
                powers.ticks().stream().map(Scale.Tick::text).toList());
        assertEquals(0.5, powers.part(1e-3), 1e-9);
        assertEquals(0, powers.part(0));
        assertEquals(1, powers.part(Double.POSITIVE_INFINITY));
        assertEquals(List.of(), powers.mark(1e-7, "outside").marks());
        Scale bytes = Scale.bytes(List.of(0.0, 3.0 * (1 << 20)));
        assertEquals("3 MiB", bytes.ticks().get(bytes.ticks().size() - 1).text());
        assertEquals(0.5, bytes.part(1.5 * (1 << 20)), 1e-9);
        assertEquals("0", Scale.bytes(List.of(0.0)).ticks().get(0).text());
    }

    /** Checks that a part of the picture has this colour. */
    private static void assertDrawn(Path png, int colour) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        int drawn = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                drawn += (image.getRGB(x, y) & 0xFFFFFF) == colour ? 1 : 0;
            }
        }
        int pixels = drawn;
        assertTrue(pixels > 2000, () -> "only " + pixels + " pixels of " + Integer.toHexString(colour));
    }

    @Test
    void aDeepStackOfSigmoidsVanishes() {
        Sequential model = new Sequential();
        for (int i = 0; i < 24; i++) {
            model.append(new Linear(4, 4)).append(new Sigmoid());
        }
        model.call(Torch.ones(1, 4)).sum().backward();
        GradientFlow flow = GradientFlow.of(model);
        assertEquals(Health.VANISHING, flow.layers().get(0).health(), flow::toString);
        assertEquals(Health.HEALTHY, flow.layers().get(23).health(), flow::toString);
    }
}
