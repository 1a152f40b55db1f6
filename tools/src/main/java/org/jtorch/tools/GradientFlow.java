package org.jtorch.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * How large the gradients are, layer by layer, after a backward.
 *
 * <pre>{@code
 * loss.backward();
 * GradientFlow flow = GradientFlow.of(model);
 * System.out.println(flow);
 * flow.plot(Path.of("gradients.png"));
 * }</pre>
 *
 * @param layers each module that has trainable parameters of its own, in the order of {@link Module#namedModules()}
 */
public record GradientFlow(List<Layer> layers) {

    /** Below this, the greatest gradient of a layer counts as vanished. */
    public static final double VANISHING = 1e-7;

    /** Above this, the greatest gradient of a layer counts as exploding. */
    public static final double EXPLODING = 1e3;

    /** What there is to say about a layer's gradients; the worst where there is more. */
    public enum Health {
        /** Nothing. */
        HEALTHY,
        /** No trainable parameter has a gradient. */
        MISSING,
        /** One is not a number. */
        NAN,
        /** One is infinite. */
        INFINITE,
        /** None is greater than {@link #VANISHING}, up or down. */
        VANISHING,
        /** One is greater than {@link #EXPLODING}, up or down. */
        EXPLODING
    }

    /**
     * The trainable parameters of one module, without those below it.
     *
     * @param path its dotted name, empty for the model itself
     * @param className its class
     * @param average the mean of the gradients' absolute values; 0 where there are none
     * @param maximum the greatest of their absolute values; 0 where there are none
     * @param missing the names of the parameters without a gradient
     * @param health what there is to say
     */
    public record Layer(
            String path, String className, double average, double maximum, List<String> missing, Health health) {}

    /** Keeps a copy of the list. */
    public GradientFlow {
        layers = List.copyOf(layers);
    }

    /** The gradients that the parameters of {@code model} hold now. */
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
                    double greatest = magnitudes.max().item(); // NaN where one is
                    maximum = Double.isNaN(maximum) || maximum > greatest ? maximum : greatest;
                    elements += magnitudes.numel();
                }
            }
        }
        double average = elements == 0 ? 0 : sum / elements;
        Health health = missing.size() == parameters.size() ? Health.MISSING : health(maximum);
        return new Layer(path, className, average, maximum, List.copyOf(missing), health);
    }

    /** The absolute values of a parameter's gradient as doubles, or null if it has none. */
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

    /** Whether every layer is, and no parameter lacks its gradient. */
    public boolean isHealthy() {
        return unhealthy().isEmpty();
    }

    /** The layers that are not healthy, or lack a gradient. */
    public List<Layer> unhealthy() {
        return layers.stream()
                .filter(l -> l.health() != Health.HEALTHY || !l.missing().isEmpty())
                .toList();
    }

    /** A table. */
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
     * Draws the greatest and the average gradient of each layer in powers of ten; the label of a layer that is not healthy
     * says so.
     *
     * @param png the file to write; its folder is made
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if no layer has trainable parameters
     */
    public void plot(Path png) throws IOException {
        new BarChart(
                        "Gradient flow",
                        "absolute value of the gradient",
                        layers.stream().map(GradientFlow::barLabel).toList())
                .logarithmic()
                .bars("maximum", layers.stream().map(Layer::maximum).toList())
                .bars("average", layers.stream().map(Layer::average).toList())
                .write(png);
    }

    private static String barLabel(Layer layer) {
        String label = Paths.label(layer.path()) + " " + layer.className();
        boolean healthy = layer.health() == Health.HEALTHY;
        return healthy ? label : label + " (" + layer.health().name().toLowerCase(Locale.ROOT) + ")";
    }
}
