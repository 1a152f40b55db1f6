package org.jtorch.tools;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;

/**
 * The memory of a forward: the bytes that each layer's own operations allocate, and those of its own parameters and buffers.
 *
 * <pre>{@code
 * MemoryProfile profile = MemoryProfile.of(model, x);
 * System.out.println(profile);
 * profile.plot(Path.of("memory.png"));
 * }</pre>
 *
 * <p>It counts the results of operations. Results that are views or computed in place need no memory, and memory that a kernel
 * uses internally is not known. If a graph is recorded, it keeps nearly all results, so {@link #activationBytes()} is the
 * memory in use at the end of a forward in training. Without a graph, a result can be freed once the next layer has used it.
 *
 * @param layers the modules that were called or hold state of their own, in the order of their first call, followed by those
 *     that were not called
 */
public record MemoryProfile(List<Layer> layers) {

    /**
     * One module, not counting the modules below it.
     *
     * @param path the dotted name; empty for the model itself
     * @param className the name of the class
     * @param calls the number of calls
     * @param activationBytes the bytes that its own operations allocated, in all calls
     * @param outputBytes the size of its last output, whether it was computed here, below or earlier
     * @param parameterBytes the size of its own parameters
     * @param bufferBytes the size of its own buffers
     */
    public record Layer(
            String path,
            String className,
            int calls,
            long activationBytes,
            long outputBytes,
            long parameterBytes,
            long bufferBytes) {}

    /** Creates a summary of a copy of the list. */
    public MemoryProfile {
        layers = List.copyOf(layers);
    }

    /**
     * Calls {@code model} once, in eval and inference mode, and returns a profile. The model is restored afterwards, even if
     * its forward throws; lazy modules keep the shapes that they receive.
     *
     * @param model the model
     * @param input the input of the model
     * @throws RuntimeException if the forward throws it
     */
    public static <I extends @Nullable Object> MemoryProfile of(Module<I, ?> model, I input) {
        Map<String, List<ForwardTrace.Call>> calls = new LinkedHashMap<>();
        try (TensorScope scope = new TensorScope();
                ForwardTrace trace = new ForwardTrace(model)) {
            model.infer(input);
            for (ForwardTrace.Call call : trace.calls()) {
                calls.computeIfAbsent(call.path, path -> new ArrayList<>()).add(call);
            }
        }
        Map<String, Module<?, ?>> modules = new LinkedHashMap<>();
        for (Named<Module<?, ?>> named : model.namedModules()) {
            modules.put(named.name(), named.value());
        }
        List<Layer> layers = new ArrayList<>();
        calls.forEach((path, own) -> layers.add(layer(path, own.get(0).module, own)));
        modules.forEach((path, module) -> {
            Layer layer = layer(path, module, List.of());
            if (!calls.containsKey(path) && layer.parameterBytes() + layer.bufferBytes() > 0) {
                layers.add(layer);
            }
        });
        return new MemoryProfile(layers);
    }

    private static Layer layer(String path, Module<?, ?> module, List<ForwardTrace.Call> calls) {
        return new Layer(
                path,
                module.className(),
                calls.size(),
                calls.stream().mapToLong(c -> c.madeBytes).sum(),
                calls.isEmpty() ? 0 : calls.get(calls.size() - 1).outputBytes,
                Own.bytes(Own.parameters(module)),
                Own.bytes(Own.buffers(module)));
    }

    /** Returns the number of bytes that all operations allocated. */
    public long activationBytes() {
        return sum(Layer::activationBytes);
    }

    /** Returns the size of all parameters in bytes. A shared parameter counts once for each module that holds it. */
    public long parameterBytes() {
        return sum(Layer::parameterBytes);
    }

    /** Returns the size of all buffers in bytes. A shared buffer counts once for each module that holds it. */
    public long bufferBytes() {
        return sum(Layer::bufferBytes);
    }

    private long sum(ToLongFunction<Layer> part) {
        return layers.stream().mapToLong(part).sum();
    }

    /** Returns a table whose last column is the cumulative memory. */
    @Override
    public String toString() {
        TextTable table = new TextTable()
                .words("layer")
                .words("class")
                .numbers("calls")
                .numbers("parameters")
                .numbers("buffers")
                .numbers("activations")
                .numbers("so far");
        long soFar = 0;
        for (Layer layer : layers) {
            soFar += layer.activationBytes();
            table.row(
                    Paths.label(layer.path()),
                    layer.className(),
                    TextTable.count(layer.calls()),
                    TextTable.bytes(layer.parameterBytes()),
                    TextTable.bytes(layer.bufferBytes()),
                    TextTable.bytes(layer.activationBytes()),
                    TextTable.bytes(soFar));
        }
        return table + "\n\nparameters: " + TextTable.bytes(parameterBytes()) + "; buffers: "
                + TextTable.bytes(bufferBytes()) + "; activations: " + TextTable.bytes(activationBytes());
    }

    /**
     * Draws for each layer a bar of its activations and a bar of its parameters and buffers. They are in separate panels,
     * because their sizes may differ greatly.
     *
     * @param png the file to write; its folder is created if necessary
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if no layer has activations, parameters or buffers
     */
    public void plot(Path png) throws IOException {
        List<Layer> shown =
                layers.stream().filter(l -> l.activationBytes() + state(l) > 0).toList();
        new BarChart(
                        "Memory of a forward: " + TextTable.bytes(activationBytes()) + " of activations, "
                                + TextTable.bytes(parameterBytes() + bufferBytes()) + " of parameters and buffers",
                        shown.stream()
                                .map(l -> Paths.label(l.path()) + " " + l.className())
                                .toList())
                .panel(panel("activations", shown, Layer::activationBytes, new Color(0x2F6DB5)))
                .panel(panel("parameters and buffers", shown, MemoryProfile::state, new Color(0xE58B2A)))
                .write(png);
    }

    private static BarChart.Panel panel(String title, List<Layer> layers, ToLongFunction<Layer> size, Color colour) {
        List<Double> sizes =
                layers.stream().map(layer -> (double) size.applyAsLong(layer)).toList();
        List<BarChart.Bar> bars = sizes.stream()
                .map(bytes ->
                        new BarChart.Bar(bytes, bytes, bytes == 0 ? "" : TextTable.bytes(bytes.longValue()), colour))
                .toList();
        return new BarChart.Panel(title, bars, Scale.bytes(sizes));
    }

    private static long state(Layer layer) {
        return layer.parameterBytes() + layer.bufferBytes();
    }
}
