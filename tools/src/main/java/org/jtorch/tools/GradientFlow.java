package org.jtorch.tools;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;

/**
 * The size of the gradients of each layer after a backward.
 *
 * <pre>{@code
 * loss.backward();
 * GradientFlow flow = GradientFlow.of(model);
 * System.out.println(flow);
 * flow.plot(Path.of("gradients.png"));
 * }</pre>
 *
 * @param layers the modules that have trainable parameters of their own, in the order of {@link Module#namedModules()}
 */
public record GradientFlow(List<Layer> layers) {

    /** If the greatest gradient of a layer is below this value, the gradient counts as vanished. */
    public static final double VANISHING = 1e-7;

    /** If the greatest gradient of a layer is above this value, the gradient counts as exploding. */
    public static final double EXPLODING = 1e3;

    /** The state of a layer's gradients. If several apply, the worst one is used. */
    public enum Health {
        /** The gradients are normal. */
        HEALTHY,
        /** No trainable parameter has a gradient. */
        MISSING,
        /** A gradient is not a number. */
        NAN,
        /** A gradient is infinite. */
        INFINITE,
        /** No gradient has an absolute value greater than {@link #VANISHING}. */
        VANISHING,
        /** A gradient has an absolute value greater than {@link #EXPLODING}. */
        EXPLODING
    }

    /**
     * The trainable parameters of one module, not counting the modules below it.
     *
     * @param path the dotted name; empty for the model itself
     * @param className the name of the class
     * @param average the mean of the absolute values of the gradients; 0 if there are none
     * @param maximum the greatest absolute value of the gradients; 0 if there are none
     * @param missing the names of the parameters without a gradient
     * @param health the state of the gradients
     */
    public record Layer(
            String path, String className, double average, double maximum, List<String> missing, Health health) {}

    /** Creates a summary of a copy of the list. */
    public GradientFlow {
        layers = List.copyOf(layers);
    }

    /** Returns the sizes of the gradients that the parameters of {@code model} hold now. */
    public static GradientFlow of(Module<?, ?> model) {
        List<Layer> layers = new ArrayList<>();
        try (GradMode mode = Autograd.noGrad()) {
            for (Named<Module<?, ?>> named : model.namedModules()) {
                List<Named<Parameter>> trainable = Own.parameters(named.value()).stream()
                        .filter(p -> p.value().requiresGrad())
                        .toList();
                if (!trainable.isEmpty()) {
                    layers.add(layer(named.name(), named.value().className(), trainable));
                }
            }
        }
        return new GradientFlow(layers);
    }

    private static Layer layer(String path, String className, List<Named<Parameter>> parameters) {
        double sum = 0;
        double maximum = 0;
        long elements = 0;
        List<String> missing = new ArrayList<>();
        for (Named<Parameter> parameter : parameters) {
            try (TensorScope scope = new TensorScope()) {
                Tensor magnitudes = magnitudes(parameter.value());
                if (magnitudes == null) {
                    missing.add(parameter.name());
                } else if (magnitudes.numel() > 0) {
                    sum += magnitudes.sum().item();
                    double greatest = magnitudes.max().item(); // NaN if one of them is NaN.
                    maximum = Double.isNaN(maximum) || maximum > greatest ? maximum : greatest;
                    elements += magnitudes.numel();
                }
            }
        }
        double average = elements == 0 ? 0 : sum / elements;
        Health health = missing.size() == parameters.size() ? Health.MISSING : health(maximum);
        return new Layer(path, className, average, maximum, List.copyOf(missing), health);
    }

    /** Returns the absolute values of a parameter's gradient as doubles, or null if it has none. */
    private static @Nullable Tensor magnitudes(Parameter parameter) {
        Tensor grad = parameter.isUninitialized() ? null : parameter.grad();
        if (grad == null) {
            return null;
        }
        Tensor dense = grad.layout() == Layout.STRIDED ? grad : grad.toDense();
        return dense.abs().to(DType.FLOAT64);
    }

    private static Health health(double maximum) {
        if (Double.isNaN(maximum)) {
            return Health.NAN;
        }
        if (Double.isInfinite(maximum)) {
            return Health.INFINITE;
        }
        if (maximum < VANISHING) {
            return Health.VANISHING;
        }
        return maximum > EXPLODING ? Health.EXPLODING : Health.HEALTHY;
    }

    /** Returns whether every layer is healthy and every parameter has a gradient. */
    public boolean isHealthy() {
        return unhealthy().isEmpty();
    }

    /** Returns the layers that are not healthy or have a parameter without a gradient. */
    public List<Layer> unhealthy() {
        return layers.stream()
                .filter(l -> l.health() != Health.HEALTHY || !l.missing().isEmpty())
                .toList();
    }

    /** Returns a table. */
    @Override
    public String toString() {
        TextTable table = new TextTable()
                .words("layer")
                .words("class")
                .numbers("average")
                .numbers("maximum")
                .words("health");
        for (Layer layer : layers) {
            boolean none = layer.health() == Health.MISSING;
            String health = layer.health().name().toLowerCase(Locale.ROOT);
            table.row(
                    Paths.label(layer.path()),
                    layer.className(),
                    none ? "" : number(layer.average()),
                    none ? "" : number(layer.maximum()),
                    layer.missing().isEmpty() || none
                            ? health
                            : health + ", none for " + String.join(", ", layer.missing()));
        }
        return table.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3e", value);
    }

    /**
     * Draws a bar for each layer on a scale of powers of ten: pale up to its greatest gradient, and in full colour up to the
     * average one. The colour shows whether the layer is healthy. A layer with gradients that are not finite has a bar of the
     * full width, and a layer without gradients has no bar.
     *
     * @param png the file to write; its folder is created if necessary
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if no layer has trainable parameters
     */
    public void plot(Path png) throws IOException {
        List<Double> values = layers.stream()
                .flatMap(layer -> Stream.of(layer.average(), layer.maximum()))
                .toList();
        Scale scale = Scale.powersOfTen(values).mark(VANISHING, "vanishing").mark(EXPLODING, "exploding");
        BarChart chart = new BarChart(
                "Gradient flow",
                layers.stream()
                        .map(l -> Paths.label(l.path()) + " " + l.className())
                        .toList());
        chart.panel(new BarChart.Panel(
                "absolute value of the gradient: average (full colour) and maximum (pale)",
                layers.stream().map(GradientFlow::bar).toList(),
                scale));
        layers.stream()
                .map(Layer::health)
                .distinct()
                .sorted()
                .forEach(health -> chart.legend(word(health), colour(health)));
        chart.write(png);
    }

    private static Color colour(Health health) {
        return new Color(
                switch (health) {
                    case HEALTHY -> 0x2F6DB5;
                    case MISSING -> 0x777777;
                    case NAN -> 0x6A3D9A;
                    case INFINITE -> 0x8C2D04;
                    case VANISHING -> 0xE58B2A;
                    case EXPLODING -> 0xC62828;
                });
    }

    private static BarChart.Bar bar(Layer layer) {
        Color colour = colour(layer.health());
        return switch (layer.health()) {
            case MISSING -> new BarChart.Bar(0, 0, "no gradient", colour);
            case NAN -> new BarChart.Bar(Double.POSITIVE_INFINITY, 0, "NaN", colour);
            case INFINITE -> new BarChart.Bar(Double.POSITIVE_INFINITY, 0, "infinite", colour);
            default ->
                new BarChart.Bar(
                        layer.maximum(),
                        layer.average(),
                        layer.maximum() == 0 ? "all zero" : String.format(Locale.ROOT, "%.1e", layer.maximum()),
                        colour);
        };
    }

    private static String word(Health health) {
        return health == Health.NAN ? "not a number" : health.name().toLowerCase(Locale.ROOT);
    }
}
