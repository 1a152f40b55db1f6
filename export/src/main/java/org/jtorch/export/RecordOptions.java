package org.jtorch.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jtorch.export.internal.record.Recorder;

/** The optional arguments of {@link ExportedProgram#of(org.jtorch.nn.Module, Inputs, java.util.function.Consumer)}. */
public final class RecordOptions {

    private final Map<String, Map<Integer, Dim>> dynamic = new LinkedHashMap<>();
    private List<String> names = List.of();

    RecordOptions() {}

    /**
     * Declares that a dimension of an input may have other sizes in later calls.
     *
     * @param input the name of the input: that of the record's component in PyTorch's spelling, one of {@link #names}, or {@code
     *     input} if there is only one; a tensor in a list or a record has the name of the whole and its own: {@code hx_0}
     * @param dim the dimension, which may be negative
     * @param size the sizes; the same object, or an equal one, for dimensions that have the same size
     */
    public RecordOptions dynamic(String input, int dim, Dim size) {
        Objects.requireNonNull(size, "size");
        dynamic.computeIfAbsent(Objects.requireNonNull(input, "input"), key -> new LinkedHashMap<>())
                .put(dim, size);
        return this;
    }

    /**
     * Sets the names of the arguments by position, which the graph has for them. The default is that of the record's components
     * if the input of the module is a record, {@code input} for a single argument, and otherwise {@code args_0}, {@code args_1}
     * and so on. Python passes these arguments by position in any case.
     */
    public RecordOptions names(String... names) {
        this.names = List.of(names);
        return this;
    }

    List<Recorder.Dynamic> dynamics() {
        List<Recorder.Dynamic> all = new ArrayList<>();
        dynamic.forEach((input, dims) -> dims.forEach(
                (dim, size) -> all.add(new Recorder.Dynamic(input, dim, size.name(), size.min(), size.max()))));
        return all;
    }

    List<String> names() {
        return new ArrayList<>(names);
    }
}
