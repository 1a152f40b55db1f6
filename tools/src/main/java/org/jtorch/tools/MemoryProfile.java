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
 * Where a forward's memory goes: the bytes that each layer's own operations make, and those of its own parameters and
 * buffers.
 *
 * <pre>{@code
 * MemoryProfile profile = MemoryProfile.of(model, x);
 * System.out.println(profile);
 * profile.plot(Path.of("memory.png"));
 * }</pre>
 *
 * <p>Counted is what operations give: results that are views or in place take nothing, and what a kernel needs inside
 * itself is not seen. While a graph is recorded it keeps nearly all of it, so {@link #activationBytes()} is what a forward in
 * training holds at its end; without a graph a result can be freed once the next layer has used it.
 *
 * @param layers the modules that were called or hold state of their own: in the order of their first call, those that were
 *     not called last
 */
public record MemoryProfile(List<Layer> layers) {

    /**
     * One module, without those below it.
     *
     * @param path its dotted name, empty for the model itself
     * @param className its class
     * @param calls how often it was called
     * @param activationBytes what its own operations made, in all its calls
     * @param outputBytes what it gave in its last call, be it made here, below or before
     * @param parameterBytes its own parameters
     * @param bufferBytes its own buffers
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
     * Calls {@code model} once, in eval and inference mode. The model is left as it was, also where its forward throws; lazy
     * modules get their shapes.
     *
     * @param model any module
     * @param input what it takes
     * @throws RuntimeException what the forward throws
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

    /** Returns what all operations made. */
    public long activationBytes() {
        return sum(Layer::activationBytes);
    }

    /** Returns what all parameters take, a shared one once for each module that holds it. */
    public long parameterBytes() {
        return sum(Layer::parameterBytes);
    }

    /** Returns what all buffers take, a shared one once for each module that holds it. */
    public long bufferBytes() {
        return sum(Layer::bufferBytes);
    }

    private long sum(ToLongFunction<Layer> part) {
        return layers.stream().mapToLong(part).sum();
    }

    /** Returns a table, with what has been made so far in its last column. */
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
     * Draws a bar of activations and one of parameters and buffers for each layer that has any; side by side, for the two may be of
     * quite different sizes.
     *
     * @param png the file to write; its folder is made
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if no layer has any
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
